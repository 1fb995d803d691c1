"""What a reader must know about the real roads an answer stands on."""

import numpy as np
import pandas as pd

from coverage.answers.study import Study
from coverage.ground.texts import Message, listed
from coverage.places.villages import are_villages, find_region
from coverage.travel.network.graph import INDICATIVE_TIER
from coverage.travel.network.snap_reasons import ACROSS_WATER, JOINED, NO_ROADS, TOO_FAR
from coverage.travel.roads.road_network import RoadSource

_M_PER_KM = 1000.0
_NAMED = 5


def tier_notes(study: Study) -> list[Message]:
    """Say what boundaries and travel times stand on."""
    if study.travel_tier == study.boundary_tier == INDICATIVE_TIER:
        return [Message.of("gaps.note_tiers")]
    drawn = int((study.villages["boundary_tier"] != INDICATIVE_TIER).sum())
    boundaries = Message.of(f"gaps.note_boundaries_{study.boundary_tier}", drawn=drawn, villages=len(study.villages))
    if study.travel_tier == INDICATIVE_TIER:
        return [boundaries, Message.of("gaps.note_travel")]
    return [boundaries, Message.of(f"network.note_tiers_{study.travel_tier}")]


def road_notes(study: Study) -> list[Message]:
    """Say which areas have real roads and from where, how they meet the rest, and who found no road."""
    roads = study.roads
    notes = road_areas(study)
    if not notes:
        return []
    notes += [*_not_joined(study), *_apart(study)]
    ferries = roads.ferries[roads.ferries.index.isin(study.ferries_in_reach)]
    if not ferries.empty:
        wait = float(ferries["wait_min"].iloc[0])
        guessed = int(ferries["estimated"].str.contains("sailing").sum())
        notes.append(Message.of("network.note_ferries", lines=len(ferries), wait_min=wait, guessed=guessed))
    return notes


def road_areas(study: Study) -> list[Message]:
    """Say which areas have real roads, from where, and how they meet the rest; nothing where none has."""
    roads = study.roads
    if not roads.sources:
        return []
    areas = [_area(source, roads.snaps[roads.snaps["area"] == source.region]) for source in roads.sources]
    return [*areas, Message.of("network.note_stitched_ferries" if study.ferries_in_reach else "network.note_stitched")]


def _area(source: RoadSource, snaps: pd.DataFrame) -> Message:
    village = are_villages(snaps.index)
    return Message.of(
        "network.note_area" if source.date is None else "network.note_area_dated",
        area=f"{source.region} {find_region(source.region).name}",
        name=source.name,
        kind=source.kind,
        day=source.date,
        imported=source.imported,
        places=int(village.sum()),
        joined=int((village & (snaps["reason"] == JOINED)).sum()),
    )


def _not_joined(study: Study) -> list[Message]:
    """Say by reason how many places of the region found no road, and name the first."""
    snaps, network = study.roads.snaps, study.network
    inside = snaps[snaps.index.isin(study.villages.index) | snaps.index.isin(network.own)]
    own = inside.index.isin(network.own)
    # A declared ferry connects a port that no road reaches.
    part = network.component[network.numbers(inside.index, own)]
    inside = inside[np.bincount(network.component)[part] == 1]
    notes = []
    for reason in (TOO_FAR, ACROSS_WATER, NO_ROADS):
        found = inside[inside["reason"] == reason].sort_values("metres")
        if found.empty:
            continue
        told = [
            Message.of("network.place", name=_name(study, str(id_)), road_km=float(row["metres"]) / _M_PER_KM)
            for id_, row in found.iterrows()
        ]
        notes.append(
            Message.of(
                f"network.note_{reason}",
                places=len(found),
                told=listed(told, _NAMED),
                limit_km=study.speeds.access_limit_km,
            )
        )
    return notes


def apart(study: Study) -> pd.Index:
    """Give the villages of the region whose road does not meet the piece that most villages of their area stand on."""
    snaps, network = study.roads.snaps, study.network
    joined = snaps[(snaps["reason"] == JOINED) & snaps.index.isin(study.villages.index)]
    piece = pd.Series(network.by_roads.component[network.numbers(joined.index)], index=joined.index)
    largest = piece.groupby(joined["area"]).transform(lambda pieces: pieces.mode().iloc[0])
    away: pd.Index = joined.index[piece.to_numpy() != largest.to_numpy()]
    return away


def _apart(study: Study) -> list[Message]:
    found = apart(study)
    if found.empty:
        return []
    told = listed([_name(study, str(kode)) for kode in found], _NAMED)
    return [Message.of("network.note_apart", places=len(found), told=told)]


def _name(study: Study, id_: str) -> str:
    table = study.villages if id_ in study.villages.index else study.units
    return f"{table.at[id_, 'name']!s} ({id_})"


def roads_told(source: RoadSource) -> dict[str, object]:
    """Give where an area's roads come from as plain values, so that an answer can be traced back."""
    return {
        "region": source.region,
        "kind": source.kind,
        "name": source.name,
        "date": None if source.date is None else source.date.isoformat(),
        "imported": source.imported.isoformat(),
        "snap_m": source.snap_m,
    }
