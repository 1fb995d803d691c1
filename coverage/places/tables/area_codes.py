"""What the cell of a code says: which level of area it is of, which village, and which area the row lies in.

Codes of BPS and of Kemendagri look alike and differ: BPS 7401 is Buton, Kemendagri 74.01 is Kolaka. Digits without dots
therefore say no more than both systems agree on, until it is known for the whole file whose they are.
"""

import re
from dataclasses import dataclass
from typing import Literal

from coverage.ground import codes
from coverage.places.tables.sheets import Cell
from coverage.places.villages import is_area, load_villages

System = Literal["kemendagri", "bps"]
SYSTEMS: tuple[System, ...] = ("kemendagri", "bps")

_FLOAT = re.compile(r"(\d{4}|\d{6,7}|\d{10})\.0+", re.ASCII)
_SCIENCE = re.compile(r"(?P<digits>\d[.,]\d+)e\+?0?(?P<power>\d)", re.IGNORECASE | re.ASCII)
_OF_DATA_EXCHANGE = re.compile(r"ID(\d{2}|\d{4}|\d{6,7}|\d{10})", re.ASCII)
_BPS_DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{3}(\.\d{3})?", re.ASCII)
_LOST_ZERO = re.compile(r"\d{2}\.\d(\.\d{1,2})?(\.\d+)?|\d{2}\.\d{2}\.\d(\.\d+)?", re.ASCII)
_PADDED = re.compile(r"\d{2}(\.\d{2}){2}\.0+|\d{2}\.\d{2}\.00(\.0+)?|\d{2}\.00(\.0+)*", re.ASCII)
_NO_DIGIT = re.compile(r"\D")
_CODE_DIGITS = 10
_FIRST_CITY = 71
_FIRST_OF_PAPUA = "91"
_LEVEL_OF_DIGITS: dict[int, codes.Level] = {2: "province", 4: "regency", 6: "district", 7: "district", 10: "village"}
_LEVEL_OF_PARTS: dict[int, codes.Level] = {1: "province", 2: "regency", 3: "district", 4: "village"}
_LEVELS: tuple[codes.Level, ...] = ("district", "regency", "province")


@dataclass(frozen=True)
class Said:
    """What a code's cell says.

    Attributes
    ----------
    text
        The code without what spreadsheets do to it, "" where the cell is empty.
    level
        Level of the area that such a code is of; None where it is no code.
    kode
        The village, where it is the code of one, else "".
    inside
        Kode of the smallest area that the row surely lies in, ``ID`` where the code does not say.
    city
        Whether the kab/kota is a kota; None where the code does not say.
    """

    text: str
    level: codes.Level | None = None
    kode: str = ""
    inside: str = codes.COUNTRY
    city: bool | None = None

    @property
    def of_an_area(self) -> bool:
        """Whether it is the code of an area above the villages: of a total, not of a village."""
        return self.level not in (None, "village")

    @property
    def of_a_village(self) -> bool:
        """Whether it is surely the code of a village.

        Digits read as BPS's that are also those of a village of Kemendagri may have slipped down from its row.
        """
        if self.level != "village":
            return False
        return bool(self.kode) or codes.dotted(_NO_DIGIT.sub("", self.text)) not in load_villages().index


_NOTHING = Said("")


def bare_code(cell: Cell) -> str:
    """Give a code's cell without what spreadsheets do to it: ``'74.71``, ``7471012001.0``, ``7.471012001e9``.

    Examples
    --------
    >>> bare_code(Cell("'74.71.01.1005")), bare_code(Cell("7471012001.0")), bare_code(Cell("7.471012001E+09"))
    ('74.71.01.1005', '7471012001', '7471012001')
    """
    if not cell.text:
        return ""
    text = cell.text.strip().lstrip("'’`").strip()
    if found := _FLOAT.fullmatch(text):
        return found[1]
    if found := _SCIENCE.fullmatch(text):
        digits = re.sub("[.,]", "", found["digits"])
        if int(found["power"]) == _CODE_DIGITS - 1 and len(digits) >= _CODE_DIGITS - 1:
            return digits.ljust(_CODE_DIGITS, "0")[:_CODE_DIGITS]
    if found := _OF_DATA_EXCHANGE.fullmatch(text):
        return found[1]
    spaced = re.sub(r"\s*[-/ .]\s*", ".", text).rstrip(".")
    return spaced if codes.is_code(spaced) or _PADDED.fullmatch(spaced) or _BPS_DOTTED.fullmatch(spaced) else text


def needs_system(code: str) -> bool:
    """Tell whether a code of a village can be read only once it is known whose it is."""
    return bool(_BPS_DOTTED.fullmatch(code)) or (
        len(code) == _CODE_DIGITS and codes.is_undotted(code) and not code.endswith("000")
    )


def is_bps(code: str) -> bool:
    """Tell whether a code is written as only BPS writes it: ``74.71.010.005``.

    Examples
    --------
    >>> is_bps("74.71.010.005"), is_bps("74.71.01.1005")
    (True, False)
    """
    return _BPS_DOTTED.fullmatch(code) is not None


def said_by(code: str, system: System | None) -> Said:
    """Tell what a bare code says.

    Parameters
    ----------
    code
        As :func:`bare_code` gives it.
    system
        Whose the file's codes without dots are; None where that is not known.

    Examples
    --------
    >>> said_by("74.71.01", None).level, said_by("7471010000", "bps").level, said_by("74.71.01.1005", None).kode
    ('district', 'district', '74.71.01.1005')
    >>> said_by("7401011003", "bps").inside, said_by("7401011003", "kemendagri").inside
    ('74', '74.01.01')
    """
    if not code:
        return _NOTHING
    digits = _NO_DIGIT.sub("", code)
    if code == codes.COUNTRY:
        return Said(code, "country")
    if _PADDED.fullmatch(code):
        return _of_kemendagri(code, re.sub(r"(\.0+)+$", "", code))
    if codes.is_code(code):
        return _of_kemendagri(code, code)
    if _BPS_DOTTED.fullmatch(code) or (code == digits and len(code) in _LEVEL_OF_DIGITS):
        return _of_digits(code, digits, "bps" if "." in code else system)
    return _of_rest(code, digits)


def _of_rest(code: str, digits: str) -> Said:
    """Tell what is left of a code that a spreadsheet took zeros or digits from."""
    if _LOST_ZERO.fullmatch(code):
        parts = code.split(".")
        return Said(code, _LEVEL_OF_PARTS[len(parts)], inside=_known(parts[0]))
    science = _SCIENCE.fullmatch(code)
    level = _LEVEL_OF_DIGITS.get(int(science["power"]) + 1) if science else None
    return Said(code, level, inside=_shared_province(digits)) if level else Said(code)


def lost(code: str) -> str:
    """Name what a code lost in a spreadsheet: ``zero``, ``digits``, or "" where nothing shows."""
    return "zero" if _LOST_ZERO.fullmatch(code) else "digits" if _SCIENCE.fullmatch(code) else ""


def _of_kemendagri(text: str, code: str) -> Said:
    level = codes.level(code)
    kode = code if level == "village" and code in load_villages().index else ""
    city = codes.is_city(code) if len(code) >= codes.LENGTH_OF["regency"] else None
    return Said(text, level, kode, _known(codes.ancestor(code, "district") if level == "village" else code), city)


def _of_digits(text: str, digits: str, system: System | None) -> Said:
    """Read digits of which it may not be known whose they are: of areas above villages only the province is shared."""
    level = _LEVEL_OF_DIGITS[len(digits)]
    if level == "village" and digits.endswith("000"):
        level = "regency" if digits.endswith("000000") else "district"
    if level == "village" and system == "kemendagri":
        return _of_kemendagri(text, codes.dotted(digits)) if codes.is_code(codes.dotted(digits)) else Said(text, level)
    city = int(digits[2:4]) >= _FIRST_CITY if len(digits) > len("74") else None
    return Said(text, level, "", _shared_province(digits), city)


def _known(code: str) -> str:
    """Give the smallest area around a code that exists: codes are given anew where areas are split."""
    around = (code, *(codes.ancestor(code, level) for level in _LEVELS if codes.LENGTH_OF[level] < len(code)))
    return next((area for area in around if is_area(area)), codes.COUNTRY)


def _shared_province(digits: str) -> str:
    """Give the province that both systems number alike: all but those of Papua."""
    return _known(digits[:2]) if digits[:2] < _FIRST_OF_PAPUA else codes.COUNTRY
