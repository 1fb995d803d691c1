"""Scenarios as TOML: read with every fault told, written the same way every time."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from coverage.answers.scenarios.scenario import Scenario, checked
from coverage.answers.siting.models.all_models import MODELS
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message
from coverage.travel.network.ferry_choices import SEASONS, WAITS, WEEKDAYS, TravelChoices

__all__ = ["scenario_from_toml", "scenario_toml"]

_MAX_BYTES = 256 * 1024
_LARGEST = 10**15
_DEEPEST = 8
_LONGEST = 1000
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^']|'(?!''))*'''|" r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
_MARKS = re.compile(r"[\[\]{}]")
_DEEP_KEY = re.compile(rf'(?:(?:[\w-]+|"")\s*\.\s*){{{_DEEPEST}}}')
_LONG_WORD = re.compile(rf"[\w+-]{{{_LONGEST + 1}}}")

_TOP = {
    "name": "text",
    "region": "text",
    "cutoff_min": "number",
    "note": "text",
    "weights": "numbers",
    "travel": "table",
    "speeds": "table",
    "units": "table",
    "siting": "table",
}
_TRAVEL = {"season": "text", "without": "texts", "wait": "text", "day": "text", "vehicles_only": "yes_no"}
_UNITS = {"add": "texts", "close": "texts", "move": "table"}
_SITING = {
    "model": "text",
    "number": "whole",
    "alternatives": "whole",
    "candidates": "text",
    "vulnerability": "texts",
    "only": "texts",
    "lock": "texts",
    "exclude": "texts",
    "served_by": "text",
    "one_per_regency": "yes_no",
    "spacing_min": "number",
    "capacity": "number",
    "connected_only": "yes_no",
    "seconds": "number",
    "budget": "number",
    "cost": "number",
    "costs": "table",
}
_ONE_OF = {
    "travel.season": SEASONS,
    "travel.wait": WAITS,
    "travel.day": ("", *WEEKDAYS),
    "siting.model": MODELS,
    "siting.candidates": CANDIDATE_KINDS,
}


def scenario_from_toml(content: bytes, file: str) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    content
        TOML, UTF-8; only ``name`` and ``region`` must be there.
    file
        What to call it in messages.

    Raises
    ------
    InputError
        If it is not TOML, or with every key that is not known and every value that cannot be used.
    """
    faults: list[Message] = []
    top = _read(_table_of(content, file), "", _TOP, faults)
    faults += [Message.of("scenario.missing", key=key) for key in ("name", "region") if key not in top]
    travel = _read(top.pop("travel", {}), "travel.", _TRAVEL, faults)
    units = _read(top.pop("units", {}), "units.", _UNITS, faults)
    move = units.pop("move", {})
    move = _read(move, "units.move.", dict.fromkeys(move, "text"), faults)
    speeds = _flat(top.pop("speeds", {}))
    speeds = _read(speeds, "speeds.", dict.fromkeys(speeds, "number"), faults)
    siting = _question(top.pop("siting", None), faults)
    if faults:
        raise InputError(Message.of("scenario.faults", file=file), *faults)
    day = travel.pop("day", "")
    scenario = Scenario(
        **top,
        travel=TravelChoices(**travel, weekday=day or None),
        speeds=tuple(speeds.items()),
        **units,
        move=tuple(move.items()),
        siting=siting,
    )
    try:
        return checked(scenario)
    except InputError as error:
        raise InputError(Message.of("scenario.faults", file=file), *error.messages) from error


def _question(asked: Mapping[str, Any] | None, faults: list[Message]) -> Question | None:
    if asked is None:
        return None
    found = _read(asked, "siting.", _SITING, faults)
    costs = found.pop("costs", {})
    costs = _read(costs, "siting.costs.", dict.fromkeys(costs, "number"), faults)
    return Question(**found, costs=tuple(costs.items()))


def _table_of(content: bytes, file: str) -> dict[str, Any]:
    if len(content) > _MAX_BYTES:
        raise InputError(Message.of("scenario.too_large", file=file))
    try:
        text = content.decode("utf-8-sig")
        _check_shape(text, file)
        return tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(Message.of("scenario.not_toml", file=file, detail=shown(str(error)))) from error


def _check_shape(text: str, file: str) -> None:
    """Refuse what no scenario needs and the reader would spend minutes or gigabytes on: long numbers, deep nesting.

    Raises
    ------
    InputError
        With the number of the line.
    """
    depth = 0
    # Line breaks inside of texts are kept, so that lines are counted right.
    bare = _QUOTED.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), start=1):
        for mark in _MARKS.findall(line):
            depth += 1 if mark in "[{" else -1
            if depth > _DEEPEST:
                raise InputError(Message.of("scenario.too_deep", file=file, row=str(number)))
        if _LONG_WORD.search(line):
            raise InputError(Message.of("scenario.too_long", file=file, row=str(number), most=_LONGEST))
        if _DEEP_KEY.search(line):
            raise InputError(Message.of("scenario.too_deep", file=file, row=str(number)))


def _read(table: Mapping[str, Any], where: str, kinds: Mapping[str, str], faults: list[Message]) -> dict[str, Any]:
    """Keep the keys whose value is of its kind; the others are faults."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{where}{key}"
        if key not in kinds:
            faults.append(Message.of("scenario.unknown_key", key=shown(name), options=", ".join(kinds)))
        elif not _is(kinds[key], value):
            expected = Message.of(f"scenario.kind_{kinds[key]}")
            faults.append(Message.of("scenario.wrong_type", key=shown(name), value=shown(value), expected=expected))
        elif name in _ONE_OF and value not in _ONE_OF[name]:
            options = ", ".join(one or '""' for one in _ONE_OF[name])
            faults.append(Message.of("scenario.not_one_of", key=name, value=shown(value), options=options))
        else:
            found[key] = _plain(kinds[key], value)
    return found


def _is(kind: str, value: object) -> bool:
    number = isinstance(value, float) or (isinstance(value, int) and abs(value) <= _LARGEST)
    number = number and not isinstance(value, bool)
    return {
        "text": isinstance(value, str),
        "number": number,
        "whole": number and isinstance(value, int),
        "yes_no": isinstance(value, bool),
        "texts": isinstance(value, list) and all(_is("text", one) for one in value),
        "numbers": isinstance(value, list) and all(_is("number", one) for one in value),
        "table": isinstance(value, dict),
    }[kind]


def _plain(kind: str, value: Any) -> Any:
    if kind == "number":
        return float(value)
    if kind == "numbers":
        return tuple(float(one) for one in value)
    return tuple(value) if kind == "texts" else value


def _flat(table: Mapping[str, Any]) -> dict[str, Any]:
    """Take ``"road_km_per_h.trunk" = 45`` and ``[speeds.road_km_per_h]`` with ``trunk = 45`` for the same."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= {f"{key}.{name}": one for name, one in value.items()} if isinstance(value, dict) else {key: value}
    return flat


def scenario_toml(scenario: Scenario) -> str:
    """Write a scenario with every key, so that it stays the same when a default changes."""
    travel, siting = scenario.travel, scenario.siting
    chosen = {
        "season": travel.season,
        "without": travel.without,
        "wait": travel.wait,
        "day": travel.weekday or "",
        "vehicles_only": travel.vehicles_only,
    }
    top = {key: getattr(scenario, key) for key in ("name", "region", "cutoff_min", "note", "weights")}
    tables: dict[str, Mapping[str, object]] = {
        "": top,
        "travel": chosen,
        "speeds": dict(scenario.speeds),
        "units": {"add": scenario.add, "close": scenario.close},
        "units.move": dict(scenario.move),
    }
    if siting is not None:
        asked = {key: getattr(siting, key) for key in _SITING if key != "costs"}
        # TOML has no word for nothing: a capacity, budget or cost that is not given is left out.
        tables["siting"] = {key: value for key, value in asked.items() if value is not None}
        if siting.costs:
            tables["siting.costs"] = dict(siting.costs)
    blocks = ["\n".join(_lines(name, table)) for name, table in tables.items()]
    return "\n\n".join(blocks) + "\n"


def _lines(name: str, table: Mapping[str, object]) -> list[str]:
    return [*([f"[{name}]"] if name else []), *(f"{_key(key)} = {_value(value)}" for key, value in table.items())]


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # A JSON string is a TOML string but for one character that TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return repr(value)
