"""A scenario answered: the region as it is, the region as the scenario would have it, and what differs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from coverage.answers.gaps import GapReport, gaps
from coverage.answers.scenarios.figures import figures
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.propose import Proposal, propose
from coverage.answers.siting.robustness import Opener
from coverage.answers.study import Study, open_study
from coverage.answers.whatif import UnitChanges, WhatIf, between, changed_study
from coverage.places.workspace import Location
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.speeds import Speeds, shipped_values, speeds_from

__all__ = ["ScenarioAnswer", "inputs_digest", "opener", "run_scenario"]


@dataclass(frozen=True)
class ScenarioAnswer:
    """The answer of :func:`run_scenario`.

    ``before`` is the region with its units as they are, travelled as the scenario says; ``after`` has the scenario's
    units, those found by ``proposal`` among them.
    """

    scenario: Scenario
    before: GapReport
    after: GapReport
    proposal: Proposal | None

    @property
    def change(self) -> WhatIf:
        """What the scenario's units change."""
        return between(self.before, self.after)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Figures of the region with the scenario's units; see :func:`coverage.answers.scenarios.figures.figures`."""
        return figures(self.after, self.scenario.weights)

    @property
    def digest(self) -> str:
        """Fingerprint of what the workspace gave; with the data's own it tells whether an answer must stay the same."""
        return inputs_digest(self.before.study)


def opener(scenario: Scenario, *, workspace: Location | None = None) -> Opener:
    """Give what opens the scenario's region, its units changed, for any way to travel."""

    def opened(choices: TravelChoices, speeds: Speeds) -> Study:
        study = open_study(scenario.region, workspace=workspace, choices=choices, speeds=speeds)
        return changed_study(study, scenario.unit_changes)

    return opened


def speeds_in(scenario: Scenario) -> Speeds:
    """Give the speeds of a scenario: the shipped ones with its changes."""
    return speeds_from({**shipped_values(), **dict(scenario.speeds)})


def run_scenario(
    scenario: Scenario, *, workspace: Location | None = None, open_region: Callable[..., Study] = open_study
) -> ScenarioAnswer:
    """Answer a scenario.

    Parameters
    ----------
    scenario
        As :func:`coverage.answers.scenarios.scenario.checked` gives it.
    workspace
        The office's data; by default the user's own.
    open_region
        Opens the region; who keeps opened regions hands in a way to them.

    Raises
    ------
    InputError
        If a unit or ferry is unknown, or the workspace cannot be used.
    InfeasibleError
        If nothing fulfils what its siting asks for.
    """
    study = open_region(scenario.region, workspace=workspace, choices=scenario.travel, speeds=speeds_in(scenario))
    changed = changed_study(study, scenario.unit_changes)
    proposal = None if scenario.siting is None else propose(changed, scenario.siting)
    if proposal is not None:
        changed = changed_study(changed, UnitChanges(add=proposal.kode(proposal.result.sites)))
    before = gaps(study, scenario.cutoff_min, allow_no_units=True)
    after = before if changed is study else gaps(changed, scenario.cutoff_min, allow_no_units=True)
    return ScenarioAnswer(scenario, before, after, proposal)


def inputs_digest(study: Study) -> str:
    """Fingerprint the units, ferries, people and minutes a study stands on."""
    digest = hashlib.sha256()
    people = study.villages[["population", "vulnerability"]]
    for table in (study.units.drop(columns=["note"]), study.ferries, people):
        digest.update(table.to_csv(float_format="%.6f").encode())
    # A thousandth of a minute: finer than any travel time, coarser than the arithmetic of two machines.
    minutes = np.where(np.isfinite(study.od.minutes), np.round(study.od.minutes, 3), -1.0)
    digest.update(np.ascontiguousarray(minutes).tobytes())
    return digest.hexdigest()[:16]
