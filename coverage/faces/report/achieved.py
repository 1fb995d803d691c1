"""What an office achieved of its targets, as a report tells it."""

import datetime as dt

from coverage.answers.target_progress import periods_held, progress
from coverage.faces.report.answers import Targets
from coverage.faces.words.targets_listing import SHOWN, laid_out, progress_title
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.texts import Language
from coverage.places.workspace import Workspace

__all__ = ["achieved"]


def achieved(region: str, as_of: dt.date, lang: Language, workspace: Workspace) -> Targets | None:
    """Give the figures of a region and of the areas inside it for the latest period; None where there are none."""
    held = periods_held(region, workspace=workspace)
    if not held:
        return None
    found = progress(region, period=held[0], as_of=as_of, workspace=workspace)
    several = found.rows["scope"].ne("region").any()
    table = laid_out(found, lang, ("area", *SHOWN) if several else SHOWN)
    notes = (*(note.text(lang) for note in found.notes), *unknown_lines(table, lang))
    return Targets((f"{progress_title(found, lang)}.", *notes), table)
