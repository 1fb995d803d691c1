"""Cells that speak for the rows below them: merged ones, and a kecamatan written once above its villages."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables.sheets import Cell, Row, Sheet

_PARENTS = ("province", "regency", "district")
_MOST = 2_000_000


def merged_down(sheet: Sheet, first: int) -> Mapping[tuple[int, int], Cell]:
    """Give the content of cells merged over several rows, for each of these rows.

    Parameters
    ----------
    first
        Number of the first row of data.

    Returns
    -------
    Cell per number of the row and place of the column, from 0.

    Raises
    ------
    InputError
        If merged cells stand for more cells than a table may have.
    """
    by_number = {row.number: row.cells for row in sheet.rows}
    found: dict[tuple[int, int], Cell] = {}
    left = _MOST
    for top, column, low, _ in sheet.merges:
        cells = by_number.get(top, ())
        if low == top or top < first or column > len(cells) or not cells[column - 1].text:
            continue
        left -= low - top
        if left < 0:
            raise InputError(Message.of("tables.many_cells", file=sheet.name, limit=_MOST))
        found |= {(number, column - 1): cells[column - 1] for number in range(top, low + 1) if number in by_number}
    return found


def as_above(rows: Sequence[Row]) -> tuple[list[Row], list[int]]:
    """Fill kecamatan, kab/kota and province that are written once and left blank in the rows below.

    A column that repeats its content from row to row does not mean "as above" by a blank: it is left as it is.

    Returns
    -------
    The rows, and the numbers of those that were filled.
    """
    told = list(rows)
    filled: set[int] = set()
    for level, column in enumerate(_PARENTS):
        texts = [row.text(column) for row in rows]
        if not texts[0] or all(texts) or any(one and one == other for one, other in pairwise(texts)):
            continue
        above: Cell | None = None
        inside: list[str] = []
        for at, row in enumerate(told):
            wider = [row.text(one) for one in _PARENTS[:level]]
            if wider != inside:
                above, inside = None, wider
            if row.text(column):
                above = row.cell(column)
            elif above is not None:
                told[at] = row._replace(cells={**row.cells, column: above})
                filled.add(row.number)
    return told, sorted(filled)
