"""What stands below the data of a table: place and date, the office of who signs, the name."""

import re
from collections.abc import Collection, Sequence

from coverage.places.tables.sheets import SheetRow

# A weekday before the date tells when something was, not where a table was signed.
_DATED = re.compile(
    r"(?!senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)[^\d,]+,? +\d{1,2} +[a-z]{3,9}\.? +(?:19|20)\d\d[. ]*"
)
_SIGNED = re.compile(
    r"(?:mengetahui|menyetujui|tertanda|ttd|nip|a\.? ?n\.?|plt\.?|plh\.?|"
    r"kepala (?:dinas|badan|kantor|bidang|seksi|sub\w*|bnn\w*|bps|uptd?|puskesmas))\b.*"
)


def footer_start(rows: Sequence[SheetRow], codes: int | None, figures: Collection[int]) -> int:
    """Find where the rows of a signature begin; their number where there are none.

    Parameters
    ----------
    rows
        Rows below the header.
    codes, figures
        Places of the column of codes (None where there is none) and of the columns of figures, from 0.

    Returns
    -------
    Position of the first row that dates or signs and from which on no row holds a code or a figure.
    """
    start = len(rows)
    for at in range(len(rows) - 1, -1, -1):
        if _holds_data(rows[at], {*figures, *(() if codes is None else (codes,))}):
            break
        filled = [cell.text.casefold() for cell in rows[at].cells if cell.text]
        if filled and all(_DATED.fullmatch(one) or _SIGNED.fullmatch(one) for one in filled):
            start = at
    return start


def _holds_data(row: SheetRow, places: Collection[int]) -> bool:
    texts = [row.cells[at].text for at in places if at < len(row.cells)]
    return any(any(map(str.isdigit, text)) and not any(map(str.isalpha, text)) for text in texts)
