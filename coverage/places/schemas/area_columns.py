"""The columns by which every table names a village: its kode, or names inside their parent areas."""

from collections.abc import Mapping

from coverage.places.schemas.column import Column
from coverage.places.tables.place_headers import ALIASES

__all__ = ["area_columns"]

_HEADINGS = {
    "kode": "kode",
    "village": "kelurahan/desa",
    "district": "kecamatan",
    "regency": "kabupaten/kota",
}
"""Columns of a template that name a village; a province is read, too, but nobody needs it beside these."""


def area_columns(named: Column | None = None, /, **examples: str) -> tuple[Column, ...]:
    """Give the columns that name a village, as part of a schema.

    Parameters
    ----------
    named
        In place of the usual column ``kode``, which must name a village.
    examples
        By column; those without one are not in the template.
    """
    usual = named or Column("kode", "village", filled=True)
    return tuple(_of(name, usual, examples) for name in ALIASES)


def _of(name: str, usual: Column, examples: Mapping[str, str]) -> Column:
    example = examples.get(name, "")
    heading = _HEADINGS[name] if example else ""
    if name != "kode":
        return Column(name, "text", ALIASES[name], heading, example, held=False)
    return Column(name, usual.kind, ALIASES[name], heading, example, filled=usual.filled, shown=usual.shown)
