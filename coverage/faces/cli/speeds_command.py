"""``jangkau speeds``: see, change and take back the speeds of a workspace."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from coverage.faces.cli.flag_values import given_file, read_pair
from coverage.faces.cli.flags import Answered, Office, Output, Switch, each, flag, flag_group
from coverage.faces.cli.output import deliver, makers, records, write_file
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import speed_list
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_exact
from coverage.ground.texts import Message, say
from coverage.places.workspace import Workspace
from coverage.travel.network.speed_choices import own_speeds, speeds_from_toml, speeds_toml, store_speeds
from coverage.travel.network.speeds import shipped_values


def read_setting(text: str) -> tuple[str, str]:
    """Read ``KEY=VALUE``; see :func:`coverage.faces.cli.flag_values.read_pair`."""
    return read_pair(text, "cli.bad_set")


@flag_group
class SpeedsAsked:
    """The flags of ``jangkau speeds``."""

    office: Office = Office()
    changed: Annotated[tuple[tuple[str, str], ...], flag(each(read_setting), name="--set", metavar="KEY=VALUE")] = ()
    reset: Annotated[tuple[str, ...], flag(metavar="KEY")] = ()
    reset_all: Switch = False
    import_file: Annotated[Path | None, flag(given_file, name="--import", metavar="FILE.toml")] = None
    export: Annotated[Path | None, flag(Path, metavar="FILE.toml")] = None
    written: Output = Output()


_USUAL = SpeedsAsked()


def run(asked: SpeedsAsked = _USUAL, *, lang: Answered) -> None:
    """Answer ``jangkau speeds``: change the workspace where asked to, then list what holds."""
    workspace = Workspace.open(asked.office.workspace)
    changed = _imported(asked.import_file) | _set(asked.changed)
    reset = list(shipped_values()) if asked.reset_all else asked.reset
    both = [key for key in asked.reset if key in changed]
    if both:
        raise InputError(Message.of("cli.set_and_reset", key=", ".join(both)))
    if changed or reset:
        store_speeds(workspace, changed, reset=[key for key in reset if key not in changed])
        print(say("cli.speeds_saved", lang, path=str(workspace.path)), file=sys.stderr)
    own = own_speeds(workspace)
    if asked.export is not None:
        write_file(asked.export, speeds_toml({**shipped_values(), **own}).encode())
        print(say("cli.written", lang, path=str(asked.export)), file=sys.stderr)
    listing = speed_list(own, lang)
    spelled = listing.frame.assign(
        **{name: [format_exact(cell, lang) for cell in listing.frame[name]] for name in ("value", "shipped")}
    )
    text = replace(listing, frame=spelled)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: f"{listing.title}\n{answer_listings.as_text(text, lang)}",
            answer=lambda: records(listing.frame),
        ),
    )


def _set(pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InputError(Message.of("cli.set_twice", key=", ".join(twice)))
    return dict(pairs)


def _imported(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Message.of("tables.unreadable", file=path.name)) from error
    return dict(speeds_from_toml(content, path.name))
