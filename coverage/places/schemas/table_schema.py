"""The columns of one table, and what derives from them: how files are read, the template, what a layer must hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from coverage.ground.texts import LANGUAGES, say
from coverage.places.schemas.cell_kinds import KINDS, FieldKind, Stored, is_blank, text_of
from coverage.places.schemas.column import Column, Place, UnknownColumnError

if TYPE_CHECKING:
    from coverage.places.tables.labels import Schema

__all__ = ["Field", "TableSchema"]


@dataclass(frozen=True)
class Field:
    """One column of a template: header, example, what it holds, the choices it allows."""

    header: str
    example: str
    kind: FieldKind = "text"
    choices: Sequence[str] = ()


def _labels(column: Column) -> tuple[str, ...]:
    """Give what our own lists head a column with, in every language: what leaves as a list comes back as a file."""
    if "listing" not in column.shown:
        return ()
    return tuple(say(f"columns.{column.name}", lang) for lang in LANGUAGES)


@dataclass(frozen=True, eq=False)
class TableSchema:
    """The columns of one table, in the order in which they are held and listed.

    Attributes
    ----------
    name
        Of the kind of table; of its layer in the workspace too, where it has one.
    key
        Columns of which no two rows may hold the same.
    required
        Groups of columns; of each group a file must have one.
    neutral, wider, yearly
        See :class:`coverage.places.tables.labels.Schema`.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: Sequence[Sequence[str]] = ()
    neutral: Sequence[str] = ()
    wider: Mapping[str, Sequence[str]] = field(default_factory=dict)
    yearly: str = ""

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    def __getitem__(self, name: str) -> Column:
        """Give a column.

        Raises
        ------
        UnknownColumnError
            If there is none of this name.
        """
        if name not in self._by_name:
            raise UnknownColumnError(self.name, name)
        return self._by_name[name]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @cached_property
    def reading(self) -> "Schema":
        """How files of this kind are read."""
        # Only who reads a file of an office needs what finds the columns meant by its header.
        from coverage.places.tables.labels import Schema  # noqa: PLC0415 - see above

        return Schema(
            {column.name: (*column.aliases, *_labels(column)) for column in self.columns if column.read},
            required=self.required,
            measures=tuple(column.name for column in self.columns if column.measured),
            neutral=self.neutral,
            wider=self.wider,
            yearly=self.yearly,
        )

    @property
    def template(self) -> tuple[Field, ...]:
        """The columns of the template, with an example each."""
        return tuple(
            Field(column.heading, column.example, KINDS[column.kind].field, tuple(filter(None, column.choices)))
            for column in self.columns
            if column.heading
        )

    @property
    def held(self) -> tuple[str, ...]:
        """Names of the columns that the table has."""
        return tuple(column.name for column in self.columns if column.held)

    @property
    def stored(self) -> Mapping[str, Stored]:
        """Kind in a workspace of each column that came later; the others are stored as their values are.

        A new column is blank in most rows, and what is blank does not tell its kind.
        """
        return {column.name: KINDS[column.kind].stored for column in self.columns if column.held and column.later}

    @property
    def must_hold(self) -> tuple[str, ...]:
        """Names of the columns that a layer of any form must hold; the others are blank where it lacks them."""
        return tuple(column.name for column in self.columns if column.held and not column.later)

    def shown(self, place: Place) -> tuple[Column, ...]:
        """Give the columns that are shown in a place."""
        return tuple(column for column in self.columns if place in column.shown)

    def blank(self, name: str) -> object:
        """Give what stands in a column where nothing is known."""
        column = self[name]
        return KINDS[column.kind].blank if column.default is None else column.default

    def table(self, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
        """Make a table of rows by column name; a column that a row lacks is blank.

        Raises
        ------
        UnknownColumnError
            If a row has a column that the table has not.
        """
        for name in {name for row in rows for name in row}:
            self[name]
        made = {name: [row.get(name, self.blank(name)) for row in rows] for name in self.held}
        return pd.DataFrame(
            {name: pd.Series(cells, dtype=KINDS[self[name].kind].dtype) for name, cells in made.items()}
        )

    def completed(self, table: pd.DataFrame) -> pd.DataFrame:
        """Give a table with the columns that came later than it; blank, as nobody filled them."""
        fresh = [column for column in self.columns if column.later and column.held and column.name not in table]
        blanks = {
            column.name: pd.Series([self.blank(column.name)] * len(table), table.index, KINDS[column.kind].dtype)
            for column in fresh
        }
        return table.assign(**blanks)

    def as_texts(self, table: pd.DataFrame) -> pd.DataFrame:
        """Write all cells as files hold them; blank where nothing is known or the table lacks the column."""
        texts = {
            name: [text_of(value) for value in table[name]] if name in table else [""] * len(table)
            for name in self.held
        }
        return pd.DataFrame(texts, index=table.index, dtype="str")

    def from_texts(self, rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
        """Read rows of cells as :meth:`as_texts` writes them; a column that is not there is blank, others are left."""
        kinds = {name: KINDS[self[name].kind] for name in self.held}
        return self.table(
            [{name: kind.of_text(row[name]) for name, kind in kinds.items() if row.get(name)} for row in rows]
        )

    def for_layer(self, table: pd.DataFrame) -> pd.DataFrame:
        """Turn the cells of a table into what a layer holds: lists joined, days without a clock, blanks as nothing."""
        kept = {}
        for name in self.held:
            values = table[name]
            if KINDS[self[name].kind].stored == "DATE":
                days = [None if is_blank(value) else pd.Timestamp(value).date() for value in values]
                kept[name] = pd.Series(days, values.index, dtype="object")
            elif isinstance(KINDS[self[name].kind].blank, tuple):
                kept[name] = values.map(text_of)
        return table.assign(**kept)
