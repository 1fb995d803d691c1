"""Kode wilayah of Kemendagri: ``PP.KK.CC.DDDD`` = province, kabupaten/kota, kecamatan, kelurahan/desa.

BPS codes look alike and differ (BPS 7401 is Buton, Kemendagri 74.01 is Kolaka), so a code is only
taken when it is written with dots; ten digits without dots are refused with the dotted form offered.
"""

import re
from typing import Literal

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

Level = Literal["country", "province", "regency", "district", "village"]

COUNTRY = "ID"
_CODE = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.[12]\d{3})?)?)?", re.ASCII)
_LENGTHS: dict[int, Level] = {2: "province", 5: "regency", 8: "district", 13: "village"}
LENGTH_OF: dict[Level, int] = {"country": 0, **{level: length for length, level in _LENGTHS.items()}}
_UNDOTTED = re.compile(r"\d{4}(\d{2}(\d{4})?)?", re.ASCII)
_FIRST_CITY = 71


def is_code(text: str) -> bool:
    """Tell whether `text` is a well-formed dotted kode wilayah or ``ID``.

    Examples
    --------
    >>> is_code("74.71.01.1005"), is_code("7471"), is_code("74.71.01.3005")
    (True, False, False)
    """
    return text == COUNTRY or _CODE.fullmatch(text) is not None


def parse(text: str) -> str:
    """Check a kode wilayah and give it back without surrounding blanks.

    Raises
    ------
    InputError
        If it is not a dotted Kemendagri code; undotted digits get the dotted form as a proposal.

    Examples
    --------
    >>> parse(" 74.71 ")
    '74.71'
    """
    code = text.strip()
    if is_code(code):
        return code
    if is_undotted(code):
        raise InputError(Message.of("codes.undotted", value=code, dotted=dotted(code)))
    raise InputError(Message.of("codes.malformed", value=code))


def is_undotted(text: str) -> bool:
    """Tell whether `text` is a code of four, six or ten digits without dots, be it of BPS or of Kemendagri.

    Examples
    --------
    >>> is_undotted("7471011005"), is_undotted("74.71")
    (True, False)
    """
    return _UNDOTTED.fullmatch(text) is not None


def dotted(digits: str) -> str:
    """Write an undotted Kemendagri code with dots; says nothing about whether it is one.

    Examples
    --------
    >>> dotted("1173012002")
    '11.73.01.2002'
    """
    return ".".join(part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part)


def level(code: str) -> Level:
    """Name the level of a checked code.

    Examples
    --------
    >>> level("74.71")
    'regency'
    """
    return "country" if code == COUNTRY else _LENGTHS[len(code)]


def ancestor(code: str, at: Level) -> str:
    """Cut a checked code to a higher level.

    Examples
    --------
    >>> ancestor("74.71.01.1005", "regency")
    '74.71'
    """
    return COUNTRY if at == "country" else code[: LENGTH_OF[at]]


def contains(region: str, code: str) -> bool:
    """Tell whether `code` is `region` or lies inside it.

    Examples
    --------
    >>> contains("74.7", "74.71"), contains("74", "74.71.01.1005")
    (False, True)
    """
    return region in (COUNTRY, code) or code.startswith(region + ".")


def is_city(code: str) -> bool:
    """Tell whether the kabupaten/kota part of a code is a kota (71 and above)."""
    return int(code[3:5]) >= _FIRST_CITY
