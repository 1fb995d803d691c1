"""``jangkau ferry`` and ``jangkau ferries``: declare, change, take out and list the ferries of a workspace."""

from typing import Annotated

from coverage.faces.cli.flag_values import read_number
from coverage.faces.cli.flags import Answered, Office, Output, Place, Some, flag, flag_group
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import ferry_list
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, say
from coverage.places.ferries import find_ferry, islands_joined
from coverage.places.ferry_changes import VEHICLES, FerryChange, changed_ferry, new_ferry
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace

_Text = Annotated[str | None, flag()]
_Minutes = Annotated[float | None, flag(read_number, metavar="MENIT")]


@flag_group
class Line:
    """A line as one declares or changes it."""

    start: Annotated[_Text, flag(name="--from", metavar="KODE")] = None
    end: Annotated[_Text, flag(name="--to", metavar="KODE")] = None
    sailing_min: _Minutes = None
    trips_per_day: Some = None
    departures: Annotated[_Text, flag(metavar="HH:MM,...")] = None
    days: Annotated[_Text, flag(metavar="HARI:N;...")] = None
    season_extra_min: _Minutes = None
    vehicles: Annotated[_Text, flag(choices=VEHICLES)] = None
    name: Annotated[str, flag(metavar="NAMA")] = ""

    def change(self) -> FerryChange:
        """Give what is declared or changed."""
        return FerryChange(
            start=self.start,
            end=self.end,
            sailing_min=self.sailing_min,
            trips_per_day=self.trips_per_day,
            departures=self.departures,
            days=self.days,
            season_extra_min=self.season_extra_min,
            vehicles=self.vehicles,
            name=self.name or None,
        )


@flag_group
class Ferry:
    """The flags of ``jangkau ferry``."""

    office: Office = Office()
    line: Line = Line()
    known: Annotated[_Text, flag(name="--id", metavar="ID", text="ferry_id")] = None
    remove: Annotated[_Text, flag(metavar="ID", text="ferry_remove")] = None


_USUAL = Ferry()


@flag_group
class Ferries:
    """The flags of ``jangkau ferries``."""

    place: Place
    written: Output = Output()


def run_ferry(asked: Ferry = _USUAL, *, lang: Answered) -> None:
    """Answer ``jangkau ferry``: declare a ferry or a bridge, change a known one, or take one out."""
    workspace = Workspace.open(asked.office.workspace)
    line = asked.line
    change = line.change()
    if asked.remove is not None:
        if asked.known is not None or change != FerryChange():
            raise InputError(Message.of("cli.ferry_remove_alone"))
        row = find_ferry(workspace.ferries(), asked.remove)
        workspace.remove_ferry(row["id"])
        print(say("cli.ferry_removed", lang, name=row["name"], path=str(workspace.path)))
        return
    if asked.known is not None:
        if change == FerryChange():
            raise InputError(Message.of("cli.ferry_nothing", id=asked.known))
        row = changed_ferry(find_ferry(workspace.ferries(hidden=True), asked.known), change)
        kept = say("cli.ferry_changed", lang, name=row["name"], path=str(workspace.path))
    else:
        needed = {"--from": line.start, "--to": line.end, "--sailing-min": line.sailing_min}
        missing = [flag for flag, value in needed.items() if value is None]
        if missing:
            raise InputError(Message.of("cli.ferry_needs", what=", ".join(missing)))
        row = new_ferry(change)
        kept = say("cli.ferry_saved", lang, name=row["name"], sailing_min=line.sailing_min, path=str(workspace.path))
    workspace.declare_ferry(row)
    print(kept)
    print(islands_joined(row).text(lang))


def run_ferries(asked: Ferries, *, lang: Answered) -> None:
    """Answer ``jangkau ferries``: the lines that call at a region."""
    listing = ferry_list(Workspace.open(asked.place.office.workspace), find_region(asked.place.region), lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: f"{listing.title}\n{answer_listings.as_text(listing, lang)}",
            answer=lambda: records(listing.frame[[entry.key for entry in listing.columns]]),
        ),
    )
