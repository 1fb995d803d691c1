"""An office's own speeds: single keys changed in its workspace, checked against what can be true."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace
from coverage.travel.network.speeds import Speeds, shipped_values, speeds_from, values_of

_LAYER = "speeds"
_COLUMNS = ("key", "value")
_MAX_BYTES = 64 * 1024
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
# In the shipped file, but no number: which classes count as unpaved is no office's choice.
_NO_NUMBER = ("surface.unknown_is_unpaved",)


@dataclass(frozen=True)
class SpeedKey:
    """What a key may be set to, both ends included, and where its shipped value comes from (``speeds.source_...``)."""

    least: float
    most: float
    source: str


_ROAD = {
    "motorway": "motorway",
    "trunk": "national",
    "primary": "national",
    "secondary": "between",
    "tertiary": "kabupaten",
    "residential": "urban",
}
_ROAD_RANGE = (1.0, 120.0)
_FACTOR_RANGE = (0.05, 1.0)

_KEYS = {
    "indicative_km_per_h.urban": SpeedKey(*_ROAD_RANGE, "urban"),
    "indicative_km_per_h.mixed": SpeedKey(*_ROAD_RANGE, "between"),
    "indicative_km_per_h.rural": SpeedKey(*_ROAD_RANGE, "national"),
    "surface.unpaved_factor": SpeedKey(*_FACTOR_RANGE, "assumption"),
    "rain_factor.paved": SpeedKey(*_FACTOR_RANGE, "assumption"),
    "rain_factor.unpaved": SpeedKey(*_FACTOR_RANGE, "assumption"),
    "rain_factor.indicative": SpeedKey(*_FACTOR_RANGE, "rain_indicative"),
    "detour.base": SpeedKey(1.0, 3.0, "fitted"),
    "detour.per_m_per_km": SpeedKey(0.0001, 0.1, "fitted"),
    "detour.max_m_per_km": SpeedKey(1.0, 500.0, "fitted"),
    "detour.water": SpeedKey(1.0, 10.0, "assumption"),
    "access.km_per_h": SpeedKey(1.0, 60.0, "assumption"),
    "access.detour": SpeedKey(1.0, 3.0, "assumption"),
    "access.limit_km": SpeedKey(0.05, 20.0, "assumption"),
    "ferry.km_per_h": SpeedKey(1.0, 80.0, "assumption"),
    "ferry.service_h": SpeedKey(1.0, 24.0, "assumption"),
    "ferry.trips_per_day": SpeedKey(0.1, 100.0, "assumption"),
}


def speed_key(key: str) -> SpeedKey:
    """Tell what a key may be set to.

    Raises
    ------
    InputError
        If there is no such key; all keys are offered.
    """
    if key not in shipped_values():
        raise InputError(Message.of("speeds.unknown_key", value=shown(key), options=", ".join(shipped_values())))
    part, _, name = key.partition(".")
    return SpeedKey(*_ROAD_RANGE, _ROAD.get(name, "assumption")) if part == "road_km_per_h" else _KEYS[key]


def checked_speeds(given: Mapping[str, object]) -> dict[str, float]:
    """Check keys and values; a value may be a number or its text, with a decimal point or comma.

    Raises
    ------
    InputError
        With every fault: a key that is not known, a value that is no number or out of its range.
    """
    faults: list[Message] = []
    values: dict[str, float] = {}
    for key, value in given.items():
        try:
            values[key] = _checked(key, value)
        except InputError as error:
            faults += error.messages
    if faults:
        raise InputError(*faults)
    return values


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _checked(key: str, value: object) -> float:
    limits = speed_key(key)
    about = {
        "key": key,
        "value": shown(value),
        "least_exact": limits.least,
        "most_exact": limits.most,
        "shipped_exact": shipped_values()[key],
    }
    read = _number(value.strip()) if isinstance(value, str) else value
    if isinstance(read, bool) or not isinstance(read, int | float):
        raise InputError(Message.of("speeds.no_number", **about))
    # Also refuses what is not a number at all, of which every comparison is false.
    if not limits.least <= read <= limits.most:
        raise InputError(Message.of("speeds.out_of_range", **about))
    return float(read)


def own_speeds(workspace: Workspace) -> dict[str, float]:
    """Read what a workspace changes; empty where it changes nothing.

    Raises
    ------
    InputError
        If the workspace holds a key or value that cannot be used.
    """
    held = workspace.layer(_LAYER, _COLUMNS)
    if held is None:
        return {}
    return checked_speeds({str(key): value for key, value in zip(held["key"], held["value"], strict=True)})


def speeds_of(workspace: Workspace) -> Speeds:
    """Give the speeds of a workspace: the shipped ones, single keys changed.

    Raises
    ------
    InputError
        If the workspace holds a key or value that cannot be used.
    """
    return speeds_from({**shipped_values(), **own_speeds(workspace)})


def changed_speeds(speeds: Speeds) -> dict[str, float]:
    """Give the keys whose numbers differ from the shipped ones."""
    shipped = shipped_values()
    return {key: value for key, value in values_of(speeds).items() if value != shipped[key]}


def store_speeds(workspace: Workspace, values: Mapping[str, object], *, reset: Collection[str] = ()) -> None:
    """Change keys in a workspace, or give them back their shipped value; a shipped value is not stored.

    Raises
    ------
    InputError
        If a key or value cannot be used, or the workspace cannot be written; it stays as it was.
    """
    fresh = checked_speeds(values)
    for key in reset:
        speed_key(key)
    shipped = shipped_values()
    kept = {key: value for key, value in fresh.items() if value != shipped[key] and key not in reset}
    table = pd.DataFrame(
        {"key": pd.array(list(kept), dtype="str"), "value": pd.array([*kept.values()], dtype="float64")}
    )
    workspace.put({_LAYER: table}, replacing={"key": [*fresh, *reset]})


def speeds_from_toml(content: bytes, name: str) -> dict[str, float]:
    """Read changed keys from a file like ``data/network/speeds.toml``; it need not hold all of them.

    Parameters
    ----------
    content
        TOML, UTF-8.
    name
        What to call the file in messages.

    Raises
    ------
    InputError
        If it is not such a file, or with every key and value that cannot be used.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8-sig")) if len(content) <= _MAX_BYTES else None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        tables = None
    if not tables:
        raise InputError(Message.of("speeds.not_toml", file=name))
    given: dict[str, object] = {}
    for part, table in tables.items():
        given |= {f"{part}.{key}": value for key, value in table.items()} if isinstance(table, dict) else {part: table}
    return checked_speeds({key: value for key, value in given.items() if key not in _NO_NUMBER})


def speeds_toml(values: Mapping[str, float]) -> str:
    """Write keys as :func:`speeds_from_toml` reads them."""
    lines: list[str] = []
    written = ""
    for key, value in values.items():
        part, _, name = key.partition(".")
        if part != written:
            lines += ["", f"[{part}]"] if written else [f"[{part}]"]
            written = part
        lines.append(f"{name} = {value!r}")
    return "\n".join(lines) + "\n"
