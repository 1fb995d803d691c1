"""``jangkau visit``: record that a visit was held, or take one out."""

import datetime as dt
from typing import Annotated

from coverage.faces.cli.flag_values import read_day
from coverage.faces.cli.flags import Answered, Office, Region, flag, flag_group
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, say
from coverage.places.villages import find_region, find_village, load_villages
from coverage.places.workspace import Workspace


@flag_group
class Visit:
    """The flags of ``jangkau visit``."""

    office: Office = Office()
    region: Region = codes.COUNTRY
    village: Annotated[str, flag(metavar="KELURAHAN")]
    date: Annotated[dt.date, flag(read_day, metavar="YYYY-MM-DD")]
    team: Annotated[str, flag(metavar="TIM")] = ""
    remove: Annotated[bool, flag(text="visit_remove")] = False


def run(asked: Visit, *, lang: Answered) -> None:
    """Answer ``jangkau visit``: record that a visit was held, or take one out."""
    kode = find_village(asked.village, find_region(asked.region).code)
    workspace = Workspace.open(asked.office.workspace)
    name = str(load_villages().at[kode, "name"])
    if asked.remove:
        held = workspace.visits()
        if not ((held["kode"] == kode) & (held["date"].dt.date == asked.date)).any():
            raise InputError(Message.of("cli.no_such_visit", name=f"{name} ({kode})", day=asked.date))
        workspace.remove_visit(kode, asked.date)
        print(say("cli.visit_removed", lang, name=f"{name} ({kode})", day=asked.date, path=str(workspace.path)))
        return
    workspace.record_visit(kode, asked.date, team=asked.team)
    print(say("cli.visit_saved", lang, name=f"{name} ({kode})", day=asked.date, path=str(workspace.path)))
