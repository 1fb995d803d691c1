"""``jangkau od``: travel between many places as a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np

from coverage.answers.road_notes import road_notes, tier_notes
from coverage.answers.study import Study
from coverage.answers.travel import travel_notes
from coverage.faces.cli.asking import study_of
from coverage.faces.cli.flag_values import read_number
from coverage.faces.cli.flags import Answered, Place, Travel, UnitsFile, flag, flag_group, format_flag, output_flag
from coverage.faces.cli.output import Makers, deliver
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.od_rows import od_csv, od_json
from coverage.faces.words import answer_listings
from coverage.ground.texts import Language, say
from coverage.travel.od import ODMatrix, od_blocks
from coverage.travel.reach import check_cutoff

OD_TARGETS = ("villages", "units")


@flag_group
class OdOutput:
    """In which format a matrix is written, and where to."""

    format: Annotated[str | None, format_flag(FORMATS.words("list", "text", "json", "csv"))] = None
    output: Annotated[Path | None, output_flag(FORMATS.endings("list"))] = None


@flag_group
class Od:
    """The flags of ``jangkau od``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    travel: Travel = Travel()
    to: Annotated[str, flag(choices=OD_TARGETS, text="od_to")] = OD_TARGETS[0]
    cutoff: Annotated[float | None, flag(read_number, metavar="MENIT", text="od_cutoff")] = None
    written: OdOutput = OdOutput()


def run(asked: Od, *, lang: Answered) -> None:
    """Answer ``jangkau od``: travel from every village of a region to villages or units."""
    if asked.cutoff is not None:
        check_cutoff(asked.cutoff)
    study = study_of(asked.place, asked.travel, asked.sources)
    made: Makers = {
        "text": lambda: _text(study, asked, lang).encode(),
        "csv": lambda: od_csv(_blocks(study, asked.to), asked.cutoff),
        "json": lambda: od_json(_blocks(study, asked.to), asked.cutoff),
    }
    deliver(asked.written, lang, made)


def _blocks(study: Study, to: str) -> Iterator[ODMatrix]:
    places = study.unit_places() if to == "units" else study.places(list(study.villages.index))
    return od_blocks(study.network, study.villages.index, places)


def _text(study: Study, asked: Od, lang: Language) -> str:
    minutes = [np.zeros(0)]
    destinations = 0
    for block in _blocks(study, asked.to):
        destinations = len(block.destinations)
        within = np.isfinite(block.minutes) if asked.cutoff is None else block.within(asked.cutoff)
        minutes.append(block.minutes[within].astype(np.float32))
    known = np.concatenate(minutes)
    facts = {
        "region": f"{study.region.code} {study.region.name}",
        "origins": len(study.villages),
        "destinations": destinations,
        "pairs": len(study.villages) * destinations,
        "connected": len(known),
    }
    if len(known) == 0:
        said = say("network.od_text_none", lang, **facts)
    else:
        times = {"median_min": float(np.median(known)), "longest_min": float(known.max())}
        key = "network.od_text" if asked.cutoff is None else "network.od_text_within"
        said = say(key, lang, **facts, **times, cutoff_min=asked.cutoff or 0.0)
    if asked.to == "villages":
        return "\n".join([said, *_notes(study, lang)]) + "\n"
    first = [f"- {note}" for note in answer_listings.first_notes(study, lang)]
    return "\n".join([answer_listings.led(study, said, lang), *first, *_notes(study, lang)]) + "\n"


def _notes(study: Study, lang: Language) -> list[str]:
    told = [*tier_notes(study), *road_notes(study), *travel_notes(study)]
    return [*(f"- {note.text(lang)}" for note in told), answer_listings.tiers(study, lang)]
