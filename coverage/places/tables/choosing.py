"""Which column of a file is read for each column of a schema: the one that fits or the user named, else a question."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message
from coverage.places.tables.header_search import Header
from coverage.places.tables.labels import Lexicon, Schema, heading
from coverage.places.tables.sheets import SheetRow, column_letter

_LETTERS = re.compile(r"[A-Z]{1,3}", re.ASCII)
_SYSTEMS = ("kemendagri", "", "bps")


@dataclass(frozen=True)
class Chosen:
    """What the user says about columns: letter or header per column, and the year of the figures or their span."""

    columns: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    years: tuple[int, int] | None = None


class ColumnsUnclearError(InputError):
    """Several columns fit one meaning, or none surely: a question that names them.

    Parameters
    ----------
    options
        Per column in question its name, and letter and header of each column of the file that fits.
    """

    def __init__(self, options: Mapping[str, Sequence[tuple[str, str]]], *messages: Message) -> None:
        super().__init__(*messages)
        self.options = options


def choose(header: Header, rows: Sequence[SheetRow], lexicon: Lexicon, chosen: Chosen, name: str) -> dict[str, int]:
    """Choose one column of the file for each column of the schema.

    Parameters
    ----------
    rows
        Rows below the header: a column without any content is only read where no other fits.

    Returns
    -------
    Place of the column in the file, from 0.

    Raises
    ------
    ColumnsUnclearError
        If two fit, or the only one that fits is uncertain: all such columns at once.
    InputError
        If a column that the user names is not there, or no column is of the year asked for.
    """
    places = _named_by_user(header, lexicon, chosen, name)
    contents = [
        tuple(row.cells[at].text if at < len(row.cells) else "" for row in rows) for at in range(len(header.paths))
    ]
    taken = set(places.values())
    narrow = {part: whole for whole, parts in lexicon.schema.wider.items() for part in parts}
    unclear: dict[str, list[int]] = {}
    for column in sorted(lexicon.schema.aliases, key=lambda one: one in narrow):
        if column in places:
            continue
        fitting = _fitting(header, column, contents, taken)
        fitting = _of_year(fitting, header, column, lexicon.schema, chosen, name)
        fitting = _of_years(fitting, header, chosen) if column == lexicon.schema.yearly else fitting
        whole = places.get(narrow.get(column, ""))
        if whole is not None:
            fitting = [at for at in fitting if _beside(header, at, whole)]
        if len(fitting) == 1 and (column not in lexicon.schema.measures or _sure(header, fitting[0])):
            places[column] = fitting[0]
        elif fitting and (whole is None or column in _required(lexicon.schema)):
            unclear[column] = fitting
    _ask(unclear, places, header, lexicon.schema, name)
    return places


def named(column: str, schema: Schema) -> str:
    """Name a column as offices do: by the first of its headers."""
    return next(iter(schema.aliases[column]), column)


def spelled(header: Header, at: int) -> str:
    """Name a column of a file: its header, else that it has none."""
    return shown(header.labels[at]) if at < len(header.paths) else ""


def stretch(years: Sequence[int]) -> str:
    """Write years in ascending order as ``--period`` takes them: the first to the last.

    Examples
    --------
    >>> stretch([2023, 2024, 2025]), stretch([2024])
    ('2023-2025', '2024')
    """
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])


def _required(schema: Schema) -> set[str]:
    return {column for group in schema.required for column in group}


def _sure(header: Header, at: int) -> bool:
    meaning = header.meanings[at]
    return meaning is not None and meaning.sure


def _fitting(header: Header, column: str, contents: Sequence[tuple[str, ...]], taken: set[int]) -> list[int]:
    """Give the best columns of one meaning: certain before uncertain, filled before blank, Kemendagri before BPS."""
    meant = {
        at: one
        for at, one in enumerate(header.meanings)
        if one is not None and one.column == column and at not in taken
    }
    places = [at for at, one in meant.items() if one.sure] or list(meant)
    places = [at for at in places if any(contents[at])] or places
    for system in _SYSTEMS:
        if same := [at for at in places if meant[at].system == system]:
            places = same
            break
    different = {contents[at] for at in places}
    return places[:1] if len(different) == 1 and len({header.meanings[at] for at in places}) == 1 else places


def _of_year(places: list[int], header: Header, column: str, schema: Schema, chosen: Chosen, name: str) -> list[int]:
    if column not in schema.measures or chosen.year is None or not places:
        return places
    years = {at: meaning.year for at in places if (meaning := header.meanings[at]) is not None}
    same = [at for at in places if years[at] == chosen.year]
    if not same and None not in years.values():
        there = ", ".join(sorted({str(year) for year in years.values()}))
        values = {"column": named(column, schema), "year": str(chosen.year), "there": there}
        raise InputError(Message.of("tables.year_absent", file=name, **values))
    return same or [at for at in places if years[at] is None]


def _of_years(places: list[int], header: Header, chosen: Chosen) -> list[int]:
    """Take the sum where the time asked for holds the years of all columns, or the one column whose year it is."""
    years = {at: meaning.year for at in places if (meaning := header.meanings[at]) is not None}
    if chosen.years is None or not any(years.values()):
        return places
    first, last = chosen.years
    if first == last:
        return [at for at in places if years[at] == first] or places
    whole = all(year is None or first <= year <= last for year in years.values())
    return [at for at in places if years[at] is None] if whole and None in years.values() else places


def years_beside(header: Header, at: int, contents: Collection[int]) -> tuple[int, ...]:
    """Give the years of the filled columns that hold by year what this one holds of no stated year: it may sum them."""
    own = header.meanings[at]
    if own is None or own.year is not None:
        return ()
    others = [one for place, one in enumerate(header.meanings) if one is not None and place in contents]
    return tuple(sorted({one.year for one in others if one.year is not None and one.column == own.column}))


def _beside(header: Header, at: int, whole: int) -> bool:
    """Tell whether two columns stand under the same titles and are of the same year."""
    one, other = header.meanings[at], header.meanings[whole]
    same_year = one is None or other is None or one.year == other.year
    return same_year and (
        len(header.paths[at]) != len(header.paths[whole]) or header.paths[at][:-1] == header.paths[whole][:-1]
    )


def _named_by_user(header: Header, lexicon: Lexicon, chosen: Chosen, name: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for word, where in chosen.columns.items():
        column = word if word in lexicon.schema.aliases else lexicon.column(word)
        if not column:
            known = ", ".join(named(one, lexicon.schema) for one in lexicon.schema.aliases)
            raise InputError(Message.of("tables.choice_unknown", column=word, known=known))
        places[column] = _place(header, where.strip(), name)
    return places


def _place(header: Header, where: str, name: str) -> int:
    letters = {column_letter(at): at for at in range(len(header.paths))}
    same = [at for at, label in enumerate(header.labels) if label and heading(label) == heading(where)]
    if _LETTERS.fullmatch(where) and where in letters:
        return letters[where]
    if len(same) != 1:
        there = ", ".join(f"{letter} ({spelled(header, at) or '-'})" for letter, at in letters.items())
        raise InputError(Message.of("tables.choice_absent", file=name, header=shown(where), there=there))
    return same[0]


def _ask(
    unclear: Mapping[str, Sequence[int]], places: Mapping[str, int], header: Header, schema: Schema, name: str
) -> None:
    """Ask about columns that are not settled; an uncertain figure only where nothing else can stand for it."""
    asked: dict[str, list[tuple[str, str]]] = {}
    messages = []
    for column, fitting in unclear.items():
        settled = all(column not in group or set(group) & set(places) for group in schema.required)
        doubtful = not any(_sure(header, at) for at in fitting)
        if column in schema.measures and doubtful and settled:
            continue
        told = named(column, schema)
        asked[told] = [(column_letter(at), spelled(header, at)) for at in fitting]
        options = ", ".join(f"{letter} ({label})" for letter, label in asked[told])
        of_year = {one.year: at for at in fitting if (one := header.meanings[at]) is not None}
        years = sorted(year for year in of_year if year)
        key = "tables.column_doubtful" if doubtful and column in schema.measures else "tables.column_twice"
        values = {"column": told, "options": options, "first": asked[told][0][0]}
        if years and None in of_year and column == schema.yearly:
            key = "tables.column_sums_span" if schema.spans else "tables.column_sums"
            values["sum"], values["first"] = spelled(header, of_year[None]), column_letter(of_year[years[-1]])
            values |= {"year": str(years[-1]), "years": stretch(years)}
        elif len(years) > 1:
            key = "tables.column_years"
            values["year"] = str(years[-1])
        messages.append(Message.of(key, file=name, **values))
    if messages:
        raise ColumnsUnclearError(asked, *messages)
