"""Client origins of an office's own file: read, reduced to the safe table in memory, and forgotten.

There is no client table anywhere. Columns that could point to a person are dropped and named, their
values never shown.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from coverage.ground.texts import Message
from coverage.places.disclosure import DEFAULT_K, SafeTable, safe_table
from coverage.places.tables import DROPPED, ROW, Faults, read_table
from coverage.places.villages import load_villages, name_key

_ALIASES = {
    "kode": ("kode wilayah", "kode kelurahan", "kode desa", "kode kel/desa", "kode_desa"),
    "name": ("kelurahan", "desa", "kelurahan/desa", "kel/desa", "asal", "asal kelurahan"),
    "district": ("kecamatan", "kec"),
    "clients": ("jumlah", "jumlah klien", "klien", "count", "residen"),
}


_COUNT = re.compile(r"\d{1,6}", re.ASCII)
_UNTOLD = "***"
_HARMLESS_CHARS = 4


@dataclass(frozen=True)
class ClientOrigins:
    """What an office's file came down to: the safe table and the names of the columns left out."""

    table: SafeTable
    dropped: tuple[str, ...]


def read_clients(source: Path | bytes, name: str, *, k: int = DEFAULT_K) -> ClientOrigins:
    """Read client origins and reduce them to the safe table.

    Parameters
    ----------
    source, name
        CSV as path or content, and what to call it in messages. One row a village with the number of
        clients, or one row a client without such a column. The village is given by kode, or by its name and
        kecamatan.
    k
        Fewest clients of a released area.

    Raises
    ------
    InputError
        With every fault: row, column, value, remedy.
    """
    table = read_table(source, name, _ALIASES, required=())
    faults = Faults(name)
    if not (table["kode"] != "").any() and not (table["name"] != "").any():
        faults.messages.append(Message.of("clients.no_village_column", file=name))
    faults.stop_if_any()
    villages = load_villages()
    counted = (table["clients"] != "").any()
    found: dict[str, int] = {}
    for row in table.to_dict("records"):
        kode = _village(row, villages, faults)
        clients = _clients(row, faults) if counted else 1
        if kode and clients:
            found[kode] = found.get(kode, 0) + clients
    faults.stop_if_any()
    safe = safe_table(pd.Series(found, dtype="int64"), villages.index, k=k)
    return ClientOrigins(safe, tuple(table.attrs[DROPPED]))


@cache
def _by_name() -> dict[tuple[str, str], str]:
    """Index villages by name and kecamatan; "" where a pair is not unique in the country."""
    villages = load_villages()
    found: dict[tuple[str, str], str] = {}
    for kode, name, district in zip(villages.index, villages["name"], villages["district"], strict=True):
        key = (name_key(name), name_key(district))
        found[key] = "" if key in found else str(kode)
    return found


def _village(row: dict[Hashable, object], villages: pd.DataFrame, faults: Faults) -> str:
    at = int(str(row[ROW]))
    kode, name, district = str(row["kode"]), str(row["name"]), str(row["district"])
    if kode:
        if kode in villages.index:
            return kode
        faults.add(at, "kode", kode, Message.of("clients.kode_unknown"))
        return ""
    hit = _by_name().get((name_key(name), name_key(district)))
    if hit:
        return hit
    key = "clients.name_ambiguous" if hit == "" else "clients.name_unknown"
    faults.add(at, "kelurahan", f"{name}, {district}", Message.of(key))
    return ""


def _clients(row: dict[Hashable, object], faults: Faults) -> int:
    text = str(row["clients"])
    if not text:
        return 0
    if _COUNT.fullmatch(text):
        return int(text)
    # A column called "klien" may hold names or numbers of persons: only what is too short for one is shown.
    harmless = len(text) <= _HARMLESS_CHARS and not any(map(str.isalpha, text))
    faults.add(int(str(row[ROW])), "jumlah", text if harmless else _UNTOLD, Message.of("clients.not_a_count"))
    return 0
