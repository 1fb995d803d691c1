"""Scenarios kept in a workspace, by name."""

import pandas as pd

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.toml_file import scenario_from_toml, scenario_toml
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace

__all__ = ["held_names", "held_scenario", "remove_scenario", "store_scenario"]

_LAYER = "scenarios"
_COLUMNS = ("name", "toml")


def held_names(workspace: Workspace) -> tuple[str, ...]:
    """Name the scenarios of a workspace in order."""
    return tuple(sorted(_held(workspace)))


def held_scenario(workspace: Workspace, name: str) -> Scenario:
    """Read a stored scenario.

    Raises
    ------
    InputError
        If there is none of this name, or it was edited elsewhere and is not sound.
    """
    held = _held(workspace)
    if name not in held:
        raise _unknown(name, held)
    return scenario_from_toml(held[name].encode(), name)


def store_scenario(workspace: Workspace, scenario: Scenario) -> None:
    """Store a scenario in place of the one of the same name.

    Raises
    ------
    InputError
        If the workspace cannot be written.
    """
    row = pd.DataFrame({"name": [scenario.name], "toml": [scenario_toml(scenario)]}, dtype="str")
    workspace.upsert(_LAYER, row, ("name",))


def remove_scenario(workspace: Workspace, name: str) -> None:
    """Forget a stored scenario.

    Raises
    ------
    InputError
        If there is none of this name, or the workspace cannot be written.
    """
    held = _held(workspace)
    if name not in held:
        raise _unknown(name, held)
    workspace.put(
        {_LAYER: pd.DataFrame({column: pd.array([], dtype="str") for column in _COLUMNS})}, replacing={"name": name}
    )


def _held(workspace: Workspace) -> dict[str, str]:
    table = workspace.layer(_LAYER, _COLUMNS)
    return {} if table is None else dict(zip(table["name"].astype(str), table["toml"].astype(str), strict=True))


def _unknown(name: str, held: dict[str, str]) -> InputError:
    return InputError(Message.of("scenario.not_held", name=name, options=", ".join(sorted(held)) or "-"))
