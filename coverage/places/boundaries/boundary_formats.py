"""Whose boundary file it is, told by its columns, and which system its codes belong to."""

import re
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from coverage.ground import codes
from coverage.places.boundaries.matching import ALIKE, alike
from coverage.places.villages import load_villages

CodeSystem = Literal["kemendagri", "bps", "none"]

_BPS = re.compile(r"(?:ID)?\d{10}", re.ASCII)
_AGREE_SHARE = 0.5
_BLANK = frozenset({"", "-", "0", "null", "<null>", "none", "nan", "n/a"})


@dataclass(frozen=True)
class Schema:
    """Column names of one source; the first that is there counts. `code_system` where the source fixes it."""

    key: str
    required: tuple[str, ...]
    code: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    regency: tuple[str, ...] = ()
    code_system: CodeSystem | None = None


SCHEMAS = (
    Schema(
        "big",
        ("wadmkd",),
        code=("kdepum", "kdepum_"),
        name=("wadmkd", "namobj"),
        district=("wadmkc",),
        regency=("wadmkk",),
    ),
    Schema(
        "hdx",
        ("adm4_pcode",),
        code=("adm4_pcode",),
        name=("adm4_en", "adm4_id", "adm4_name"),
        district=("adm3_en", "adm3_id", "adm3_name"),
        regency=("adm2_en", "adm2_id", "adm2_name"),
        code_system="bps",
    ),
    Schema(
        "dukcapil",
        ("kode_desa", "desa_kelur"),
        code=("kode_desa",),
        name=("desa_kelur",),
        district=("kecamatan", "nama_kec"),
        regency=("kab_kota", "kabupaten", "nama_kab"),
    ),
    Schema("gadm", ("name_4",), code=("cc_4",), name=("name_4",), district=("name_3",), regency=("name_2",)),
    Schema(
        "plain",
        (),
        code=("kode", "kode_desa", "kode_kel", "kode_wilayah", "kode_kelurahan", "kode_kemendagri", "kd_desa", "code"),
        name=("nama", "desa", "kelurahan", "nama_desa", "nama_kel", "nama_kelurahan", "desa_kel", "namobj", "name"),
        district=("kecamatan", "nama_kec", "nama_kecamatan", "kec", "district"),
        regency=("kabupaten", "kab_kota", "kabkot", "nama_kab", "nama_kabupaten", "kota", "regency"),
    ),
)
WANTED = tuple(
    dict.fromkeys(
        column for one in SCHEMAS for group in (one.code, one.name, one.district, one.regency) for column in group
    )
)
"""Every column that a schema knows, lower case."""


def recognise(fields: tuple[str, ...]) -> Schema | None:
    """Tell the schema by the column names; None where neither a code nor a name column is known.

    Examples
    --------
    >>> recognise(("ADM4_EN", "ADM4_PCODE")).key, recognise(("Kode", "Nama")).key, recognise(("fid",)) is None
    ('hdx', 'plain', True)
    """
    there = {field.casefold() for field in fields}
    for schema in SCHEMAS:
        if set(schema.required) <= there and there & {*schema.code, *schema.name}:
            return schema
    return None


def named_columns(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Give ``code``, ``name``, ``district``, ``regency`` of a table as text, "" where the file has none.

    Of several columns that a schema knows, each row takes the first that is filled in it.

    Examples
    --------
    >>> table = pd.DataFrame({"WADMKD": ["", "Bende"], "NAMOBJ": ["Kadia", "BENDE"]})
    >>> named_columns(table, recognise(tuple(table.columns)))["name"].tolist()
    ['Kadia', 'Bende']
    """
    held = {str(column).casefold(): column for column in reversed(table.columns)}
    columns = {}
    for key in ("code", "name", "district", "regency"):
        cells = [""] * len(table)
        for alias in getattr(schema, key):
            if alias in held:
                given = (str(cell).strip() for cell in table[held[alias]])
                cells = [
                    before or ("" if cell.casefold() in _BLANK else cell)
                    for before, cell in zip(cells, given, strict=True)
                ]
        columns[key] = cells
    return pd.DataFrame(columns, dtype="str")


def code_system(rows: pd.DataFrame, schema: Schema) -> CodeSystem:
    """Decide, for the whole file, which system its codes are of.

    Dotted codes are of Kemendagri. Ten digits may be of either: they are of Kemendagri only when, for at least half of
    them, the village of that code bears the name beside it.
    """
    given = rows[rows["code"] != ""]
    if schema.code_system is not None:
        return schema.code_system
    if given.empty:
        return "none"
    dotted = given["code"].map(lambda code: codes.is_code(code) and codes.level(code) == "village")
    if dotted.mean() >= _AGREE_SHARE:
        return "kemendagri"
    digits = given[given["code"].map(lambda code: _BPS.fullmatch(code) is not None)]
    if digits.empty:
        return "none"
    names = load_villages()["name"]
    agree = [
        not code.startswith("ID") and alike(names.get(codes.dotted(code), ""), name) >= ALIKE
        for code, name in zip(digits["code"], digits["name"], strict=True)
    ]
    return "kemendagri" if sum(agree) >= _AGREE_SHARE * len(agree) else "bps"


def kemendagri_codes(rows: pd.DataFrame, system: CodeSystem) -> list[str]:
    """Give the dotted Kemendagri code of each row; "" where it has none or the file's codes are of another system."""
    if system != "kemendagri":
        return [""] * len(rows)
    return [_dotted(code) for code in rows["code"]]


def _dotted(code: str) -> str:
    written = codes.dotted(code) if _BPS.fullmatch(code) else code
    return written if codes.is_code(written) and written != codes.COUNTRY else ""
