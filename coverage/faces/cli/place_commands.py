"""The commands about places: units, villages, regions, and visits that were held."""

import argparse
import sys
from collections.abc import Callable

import geopandas as gpd

from coverage.answers.study import regions
from coverage.faces.cli.commands import study_of
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.units import find_unit, read_units
from coverage.places.villages import find_region, find_village, load_villages
from coverage.places.workspace import Workspace


def run_units(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau units``; ``--save`` and ``--remove`` change the workspace first."""
    if given.save is not None or given.remove:
        find_region(given.region)
        door = Workspace.open(given.workspace)
        fresh = read_units(given.save, given.save.name) if given.save is not None else door.units().head(0)
        gone = tuple(find_unit(door.units(), text) for text in given.remove)
        door.save_units(fresh, remove=gone)
        print(say("cli.units_saved", lang, saved=len(fresh), removed=len(gone), path=str(door.path)), file=sys.stderr)
    study = study_of(given)
    listing = answer_listings.unit_list(study, lang)
    _deliver_list(given, lang, listing, lambda: answer_listings.with_points(listing))


def run_villages(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau villages``."""
    study = study_of(given)
    listing = answer_listings.village_list(study, lang)
    _deliver_list(given, lang, listing, lambda: answer_listings.with_areas(listing, study))


def _deliver_list(
    given: argparse.Namespace, lang: Language, listing: Listing, areas: Callable[[], gpd.GeoDataFrame]
) -> None:
    """Deliver a plain list: the same columns in every format."""
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: "\n".join(
                [listing.title, answer_listings.as_text(listing, lang), *unknown_lines(listing, lang)]
            ),
            answer=lambda: records(listing.frame[[entry.key for entry in listing.columns]]),
            areas=areas,
        ),
    )


def run_regions(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau regions``."""
    table = regions().reset_index(names="kode")
    listing = Listing([answer_listings.column(key, lang) for key in ("kode", "name", "province", "villages")], table)
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: answer_listings.as_text(listing, lang, most=len(table)),
            answer=lambda: records(table),
        ),
    )


def run_visit(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau visit``: record that a visit was held, or take one out."""
    kode = find_village(given.village, find_region(given.region).code)
    door = Workspace.open(given.workspace)
    name = str(load_villages().at[kode, "name"])
    if given.remove:
        held = door.visits()
        if not ((held["kode"] == kode) & (held["date"].dt.date == given.date)).any():
            raise InputError(Message.of("cli.no_such_visit", name=f"{name} ({kode})", day=given.date))
        door.remove_visit(kode, given.date)
        print(say("cli.visit_removed", lang, name=f"{name} ({kode})", day=given.date, path=str(door.path)))
        return
    door.record_visit(kode, given.date, team=given.team)
    print(say("cli.visit_saved", lang, name=f"{name} ({kode})", day=given.date, path=str(door.path)))
