"""``jangkau units``, ``jangkau villages`` and ``jangkau regions``: the places that answers are about."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import geopandas as gpd

from coverage.answers.study import regions
from coverage.faces.cli.asking import study_of
from coverage.faces.cli.flags import Answered, Output, Place, Units, UnitsFile, Written, flag, flag_group
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.texts import Language, say
from coverage.places.unit_checks import read_units
from coverage.places.units import find_unit
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace


@flag_group
class UnitsAsked:
    """The flags of ``jangkau units``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    save: Annotated[Path | None, flag(Path, metavar="FILE.csv")] = None
    remove: Units = ()
    written: Output = Output()


@flag_group
class Villages:
    """The flags of ``jangkau villages``."""

    place: Place
    written: Output = Output()


@flag_group
class Regions:
    """The flags of ``jangkau regions``, which looks at no workspace."""

    written: Output = Output()


_USUAL = Regions()


def run_units(asked: UnitsAsked, *, lang: Answered) -> None:
    """Answer ``jangkau units``; ``--save`` and ``--remove`` change the workspace first."""
    if asked.save is not None or asked.remove:
        find_region(asked.place.region)
        workspace = Workspace.open(asked.place.office.workspace)
        fresh = read_units(asked.save, asked.save.name) if asked.save is not None else workspace.units().head(0)
        gone = tuple(find_unit(workspace.units(), text) for text in asked.remove)
        workspace.save_units(fresh, remove=gone)
        print(
            say("cli.units_saved", lang, saved=len(fresh), removed=len(gone), path=str(workspace.path)), file=sys.stderr
        )
    study = study_of(asked.place, files=asked.sources)
    listing = answer_listings.unit_list(study, lang)
    terminal = answer_listings.filled_columns(listing)
    _deliver_list(asked.written, lang, listing, lambda: answer_listings.with_points(listing), terminal)


def run_villages(asked: Villages, *, lang: Answered) -> None:
    """Answer ``jangkau villages``."""
    study = study_of(asked.place)
    listing = answer_listings.village_list(study, lang)
    _deliver_list(asked.written, lang, listing, lambda: answer_listings.with_areas(listing, study))


def _deliver_list(
    written: Written,
    lang: Language,
    listing: Listing,
    areas: Callable[[], gpd.GeoDataFrame],
    terminal: Listing | None = None,
) -> None:
    """Deliver a plain list: the same columns in every format, but `terminal` in place of it on a terminal."""
    read = terminal or listing
    deliver(
        written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: "\n".join([read.title, answer_listings.as_text(read, lang), *unknown_lines(read, lang)]),
            answer=lambda: records(listing.frame[[entry.key for entry in listing.columns]]),
            areas=areas,
        ),
    )


def run_regions(asked: Regions = _USUAL, *, lang: Answered) -> None:
    """Answer ``jangkau regions``."""
    table = regions().reset_index(names="kode")
    listing = Listing([answer_listings.column(key, lang) for key in ("kode", "name", "province", "villages")], table)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: answer_listings.as_text(listing, lang, most=len(table)),
            answer=lambda: records(table),
        ),
    )
