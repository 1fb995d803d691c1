"""``jangkau speeds``: see, change and take back the speeds of a workspace."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from coverage.faces.cli.output import deliver, makers, records, write_file
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import speed_list
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.quantities import format_exact
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Workspace
from coverage.travel.network.speed_choices import own_speeds, speeds_from_toml, speeds_toml, store_speeds
from coverage.travel.network.speeds import shipped_values


def read_setting(text: str) -> tuple[str, str]:
    """Read ``KEY=VALUE``.

    Raises
    ------
    PlannerError
        If one of them is missing.
    """
    key, _, value = text.partition("=")
    if not (key.strip() and value.strip()):
        raise PlannerError(Message.of("cli.bad_set", value=text))
    return key.strip(), value.strip()


def run_speeds(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau speeds``: change the workspace where asked to, then list what holds."""
    door = Workspace.open(given.workspace)
    changed = _imported(given.import_file) | _set(given.set)
    reset = list(shipped_values()) if given.reset_all else given.reset
    both = [key for key in given.reset if key in changed]
    if both:
        raise InputError(Message.of("cli.set_and_reset", key=", ".join(both)))
    if changed or reset:
        store_speeds(door, changed, reset=[key for key in reset if key not in changed])
        print(say("cli.speeds_saved", lang, path=str(door.path)), file=sys.stderr)
    own = own_speeds(door)
    if given.export is not None:
        write_file(given.export, speeds_toml({**shipped_values(), **own}).encode())
        print(say("cli.written", lang, path=str(given.export)), file=sys.stderr)
    listing = speed_list(own, lang)
    spelled = listing.frame.assign(
        **{name: [format_exact(cell, lang) for cell in listing.frame[name]] for name in ("value", "shipped")}
    )
    text = replace(listing, frame=spelled)
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: f"{listing.title}\n{answer_listings.as_text(text, lang)}",
            answer=lambda: records(listing.frame),
        ),
    )


def _set(pairs: list[tuple[str, str]]) -> dict[str, object]:
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
