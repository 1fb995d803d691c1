"""Where the header of a sheet is: the one, two or three rows whose paths name most columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coverage.places.tables.labels import Lexicon, Meaning, heading
from coverage.places.tables.sheets import Sheet, SheetRow

_SEARCHED_ROWS = 40
_MOST_DEEP = 3


@dataclass(frozen=True)
class Header:
    """The rows of a header, from ``first`` to ``last`` among the filled ones, and path and meaning per column."""

    first: int
    last: int
    paths: tuple[tuple[str, ...], ...] = ()
    meanings: tuple[Meaning | None, ...] = ()

    @property
    def score(self) -> tuple[int, int, int]:
        """How many columns are meant, how many of them surely, and how many cells say so."""
        meant = [one for one in self.meanings if one is not None]
        told = sum(1 + (one.year is not None) for one in meant)
        return len({one.column for one in meant}), len({one.column for one in meant if one.sure}), told

    @property
    def labels(self) -> list[str]:
        """Give the path of each column as one text."""
        return [" ".join(path) for path in self.paths]


def find_header(sheet: Sheet, lexicon: Lexicon) -> Header:
    """Find the rows that name most columns; the first of equals, and fewer rows rather than more."""
    best = Header(0, 0)
    rows = sheet.rows[:_SEARCHED_ROWS]
    last = rows[-1].number if rows else 0
    sheet = replace(sheet, merges=tuple(merge for merge in sheet.merges if merge[0] <= last))
    for deep in range(1, _MOST_DEEP + 1):
        for at in range(len(rows) - deep + 1):
            block = rows[at : at + deep]
            if block[-1].number - block[0].number != deep - 1:
                continue
            paths = tuple(_paths(block, sheet))
            found = Header(at, at + deep - 1, paths, tuple(map(lexicon.meaning, paths)))
            if found.score > best.score:
                best = found
    while best.paths and best.last - best.first + 1 < _MOST_DEEP and _goes_on(best, rows, lexicon):
        paths = tuple(_paths(rows[best.first : best.last + 2], sheet))
        best = Header(best.first, best.last + 1, paths, tuple(map(lexicon.meaning, paths)))
    return best


def _goes_on(header: Header, rows: Sequence[SheetRow], lexicon: Lexicon) -> bool:
    """Tell whether the next row parts the figures of a header by words that are not known: "Jumlah | WNI, WNA".

    It names nothing that a row of data would name, and holds words where figures stand.
    """
    if header.last + 1 >= len(rows) or rows[header.last + 1].number != rows[header.last].number + 1:
        return False
    filled = {at: cell for at, cell in enumerate(rows[header.last + 1].cells) if cell.text}
    measures = lexicon.schema.measures
    meant = {at: one.column for at, one in enumerate(header.meanings) if one is not None}
    keys = [at for at, column in meant.items() if column not in measures]
    words = all(cell.kind == "text" and any(map(str.isalpha, cell.text)) for cell in filled.values())
    over = any(meant.get(at) in measures for at in filled)
    return bool(keys) and over and words and len(filled) > 1 and not any(at in filled for at in keys)


def _paths(block: Sequence[SheetRow], sheet: Sheet) -> list[tuple[str, ...]]:
    """Give the texts above each column, from the widest to the narrowest."""
    width = max(len(row.cells) for row in block)
    grid = [[cell.text for cell in row.cells] + [""] * (width - len(row.cells)) for row in block]
    ends = _spread_merges(grid, block, sheet) if len(block) > 1 else {}
    for level in range(len(grid) - 1):
        _carry(grid, level, ends)
    paths = []
    for at in range(width):
        path: list[str] = []
        for row in grid:
            if row[at] and (not path or heading(path[-1]) != heading(row[at])):
                path.append(row[at])
        paths.append(tuple(path))
    return paths


def _spread_merges(grid: list[list[str]], block: Sequence[SheetRow], sheet: Sheet) -> dict[tuple[int, int], int]:
    """Write the text of merged cells into all of them; give where each ends to the right."""
    top = block[0].number
    ends: dict[tuple[int, int], int] = {}
    for first, left, last, right in sheet.merges:
        if first < top or last > block[-1].number or left > len(grid[0]):
            continue
        text = grid[first - top][left - 1]
        for level in range(first - top, last - top + 1):
            for at in range(left - 1, min(right, len(grid[0]))):
                grid[level][at] = text
                ends[level, at] = right - 1
    return ends


def _carry(grid: list[list[str]], level: int, ends: dict[tuple[int, int], int]) -> None:
    """Let a text stand over the filled columns to its right, where it stands over more than its own."""
    over, end = "", -1
    for at in range(len(grid[level])):
        below = any(row[at] for row in grid[level + 1 :])
        parted = level > 0 and at > 0 and grid[level - 1][at] != grid[level - 1][at - 1]
        if grid[level][at]:
            over, end = (grid[level][at] if below else ""), ends.get((level, at), len(grid[level]))
        elif over and below and not parted and at <= end:
            grid[level][at] = over
        else:
            over = ""
