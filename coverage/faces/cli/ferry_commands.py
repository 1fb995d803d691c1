"""``jangkau ferry`` and ``jangkau ferries``: declare, change, take out and list the ferries of a workspace."""

import argparse

from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import ferry_list
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.ferries import find_ferry, islands_joined
from coverage.places.ferry_changes import FerryChange, changed_ferry, new_ferry
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace


def run_ferry(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau ferry``: declare a ferry or a bridge, change a known one, or take one out."""
    door = Workspace.open(given.workspace)
    change = FerryChange(
        start=given.start,
        end=given.end,
        sailing_min=given.sailing_min,
        trips_per_day=given.trips_per_day,
        departures=given.departures,
        days=given.days,
        season_extra_min=given.season_extra_min,
        vehicles=given.vehicles,
        name=given.name or None,
    )
    if given.remove is not None:
        if given.id is not None or change != FerryChange():
            raise InputError(Message.of("cli.ferry_remove_alone"))
        row = find_ferry(door.ferries(), given.remove)
        door.remove_ferry(row["id"])
        print(say("cli.ferry_removed", lang, name=row["name"], path=str(door.path)))
        return
    if given.id is not None:
        if change == FerryChange():
            raise InputError(Message.of("cli.ferry_nothing", id=given.id))
        row = changed_ferry(find_ferry(door.ferries(hidden=True), given.id), change)
        kept = say("cli.ferry_changed", lang, name=row["name"], path=str(door.path))
    else:
        needed = {"--from": given.start, "--to": given.end, "--sailing-min": given.sailing_min}
        missing = [flag for flag, value in needed.items() if value is None]
        if missing:
            raise InputError(Message.of("cli.ferry_needs", what=", ".join(missing)))
        row = new_ferry(change)
        kept = say("cli.ferry_saved", lang, name=row["name"], sailing_min=given.sailing_min, path=str(door.path))
    door.declare_ferry(row)
    print(kept)
    print(islands_joined(row).text(lang))


def run_ferries(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau ferries``: the lines that call at a region."""
    listing = ferry_list(Workspace.open(given.workspace), find_region(given.region), lang)
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: f"{listing.title}\n{answer_listings.as_text(listing, lang)}",
            answer=lambda: records(listing.frame[[entry.key for entry in listing.columns]]),
        ),
    )
