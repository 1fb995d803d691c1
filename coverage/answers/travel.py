"""What a reader must know about how one travels: the choices made, the speeds changed, and what that changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.answers.study import Study
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.graph import JOINED_LEGS
from coverage.travel.network.speed_choices import changed_speeds
from coverage.travel.network.speeds import shipped_values

_SAME_MIN = 1e-6


@dataclass(frozen=True)
class TravelChange:
    """Which villages have other minutes than somebody who travels as usual.

    Attributes
    ----------
    to
        ``nearest`` unit, ``responsible`` unit, or ``any`` unit (at least one unit's minutes changed).
    villages
        How many have other minutes.
    by_regency
        How many by name of kab/kota, the largest first.
    longest_min
        Largest change among those still connected, 0 where there is none.
    not_connected
        How many lost their only way; for ``any``, the way to at least one unit.
    """

    to: str
    villages: int
    by_regency: dict[str, int]
    longest_min: float
    not_connected: int


def travel_notes(study: Study) -> list[Message]:
    """Say the choices that differ from the usual, and the speeds that differ from the shipped ones."""
    notes: list[Message] = []
    if study.usual is not None:
        notes += _choice_notes(study, study.usual())
    shipped = shipped_values()
    changed = changed_speeds(study.speeds)
    if changed:
        told = [
            Message.of("speeds.changed_key", key=key, value_exact=value, shipped_exact=shipped[key])
            for key, value in changed.items()
        ]
        notes.append(Message.of("speeds.note_changed", keys=told))
    return notes


def _choice_notes(study: Study, usual: Study) -> list[Message]:
    near, speeds = study.ferries_in_reach, study.speeds
    choices = study.choices.near(near)
    notes = []
    if choices.season == "ombak":
        extra = _lengthened(study, usual)
        notes.append(
            Message.of("travel.note_rough", lines=extra) if extra else Message.of("travel.note_rough_none"),
        )
    if choices.season == "hujan":
        notes.append(
            Message.of(
                "travel.note_rain_ferries" if near else "travel.note_rain",
                indicative_share=speeds.rain_indicative,
                paved_share=speeds.rain_paved,
                unpaved_share=speeds.rain_unpaved,
            )
        )
    if choices.without:
        notes.append(Message.of("gaps.note_without", ferries=", ".join(choices.without)))
    return [*notes, *_timetable_notes(study, usual, choices)]


def _timetable_notes(study: Study, usual: Study, choices: TravelChoices) -> list[Message]:
    notes = []
    if choices.wait == "worst":
        notes.append(Message.of("travel.note_worst"))
    gone = [id_ for id_ in _lines(usual) if id_ not in study.ferries.index and id_ not in study.choices.without]
    by_vehicle = [id_ for id_ in gone if choices.vehicles_only and usual.ferries.at[id_, "vehicles"] == "no"]
    if choices.weekday is not None:
        idle = ", ".join(id_ for id_ in gone if id_ not in by_vehicle)
        day = Message.of(f"travel.day_{choices.weekday}")
        notes.append(
            Message.of("travel.note_day", day=day, ferries=idle) if idle else Message.of("travel.note_day_all", day=day)
        )
    if choices.vehicles_only:
        near = study.ferries_in_reach
        of_roads, left = (one.roads.ferries[one.roads.ferries.index.isin(near)] for one in (usual, study))
        by_vehicle += list(of_roads.index[(of_roads["vehicles"] == "no") & ~of_roads.index.isin(study.choices.without)])
        unknown = sum(study.ferries.at[id_, "vehicles"] == "" for id_ in _lines(study))
        unknown += int((left["vehicles"] == "").sum())
        notes.append(Message.of("travel.note_vehicles", ferries=", ".join(by_vehicle) or "-", unknown=unknown))
    return notes


def _lines(study: Study) -> list[str]:
    """List the declared lines that touch the region's network; a boat's joined legs are none of their own."""
    near = study.network.nodes.get_indexer(pd.Index(study.ferries["from_kode"])) >= 0
    return [id_ for id_ in study.ferries.index[near] if JOINED_LEGS not in id_]


def _lengthened(study: Study, usual: Study) -> list[Message]:
    both = [id_ for id_ in _lines(study) if id_ in usual.ferries.index]
    extra = study.ferries.loc[both, "sailing_min"] - usual.ferries.loc[both, "sailing_min"]
    return [
        Message.of("travel.longer_line", name=study.ferries.at[id_, "name"], extra_min=float(more))
        for id_, more in extra[extra > 0].items()
    ]


def travel_changes(study: Study, before: pd.DataFrame, after: pd.DataFrame) -> list[TravelChange]:
    """Compare with somebody who travels as usual; nothing where one does.

    Parameters
    ----------
    study
        The region as one travels.
    before, after
        Villages of the usual and of this report, with ``travel_min``, ``responsible_min``, ``responsible_unit``.
    """
    if study.usual is None:
        return []
    usual = study.usual()
    units = usual.units.index.union(study.units.index, sort=False)

    def minutes(one: Study) -> FloatArray:
        held = pd.DataFrame(one.od.minutes, index=one.od.origins, columns=one.od.destinations)
        return held.reindex(columns=units, fill_value=np.inf).to_numpy(np.float64)

    regency = after["regency"]
    found = [_change("nearest", before[["travel_min"]].to_numpy(), after[["travel_min"]].to_numpy(), regency)]
    if (after["responsible_unit"] != "").any():
        owner = ["responsible_min"]
        found.append(_change("responsible", before[owner].to_numpy(), after[owner].to_numpy(), regency))
    return [*found, _change("any", minutes(usual), minutes(study), regency)]


def _change(to: str, before: FloatArray, after: FloatArray, regency: "pd.Series[str]") -> TravelChange:
    differs = ~np.isclose(before, after, rtol=0, atol=_SAME_MIN)
    villages = np.asarray(differs.any(axis=1), dtype=np.bool_)
    both = differs & np.isfinite(before) & np.isfinite(after)
    return TravelChange(
        to=to,
        villages=int(villages.sum()),
        by_regency={str(name): int(count) for name, count in regency.loc[villages].value_counts().items()},
        longest_min=float((after[both] - before[both]).max(initial=0.0)),
        not_connected=int((differs & ~np.isfinite(after)).any(axis=1).sum()),
    )


def change_notes(changes: Sequence[TravelChange]) -> list[Message]:
    """Say how many villages changed, where and by how much."""
    notes = []
    for change in changes:
        to = Message.of(f"travel.to_{change.to}")
        if not change.villages:
            notes.append(Message.of("travel.unchanged", to=to))
            continue
        where = [Message.of("travel.in_regency", name=name, villages=n) for name, n in change.by_regency.items()]
        notes.append(
            Message.of(
                "travel.changed",
                to=to,
                villages=change.villages,
                where=where,
                longest_min=change.longest_min,
                cut_off=change.not_connected,
            )
        )
    return notes


def choices_asked(choices: TravelChoices) -> dict[str, object]:
    """Give the choices as they are asked for, so that an answer can be asked again."""
    return {
        "season": choices.season,
        "without_ferries": list(choices.without),
        "wait": choices.wait,
        "day": choices.weekday,
        "vehicles_only": choices.vehicles_only,
    }
