"""How a report is asked for again: the command with everything that decided it."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from coverage.answers.study import Study
from coverage.faces.report.answers import Asked
from coverage.ground.texts import LANGUAGES, Language
from coverage.places.workspace import Location, usual
from coverage.travel.network.ferry_choices import USUAL

__all__ = ["HandedIn", "command_line"]

_BARE = re.compile(r"[\w.,:/=@+-]+")
_DANGEROUS = re.compile(r"[\"$`\\!%]")
_EMBEDDED = "embedded"


@dataclass(frozen=True)
class HandedIn:
    """Names of the files and scenarios handed in; their folders are nobody's business. "" and () where there are none.

    ``clients`` names the client origins, ``plan`` the plan's own file.
    """

    clients: str = ""
    plan: str = ""
    scenarios: tuple[str, ...] = ()


_NOTHING = HandedIn()


def command_line(
    study: Study, asked: Asked, lang: Language, handed_in: HandedIn = _NOTHING, *, workspace: Location | None = None
) -> str:
    """Write the command that gives the same report from the same workspace.

    Parameters
    ----------
    handed_in
        What decided it beside the question.
    workspace
        The one that was named, None for the usual one: of a file its name, of a server nothing but that there is one.
    """
    words = ["jangkau", "report", "--region", study.region.code, "--cutoff", f"{asked.cutoff_min:g}"]
    question = asked.question
    words += ["--no-siting"] if question is None else ["--n", str(question.number), "--model", question.model]
    words += ["--base", asked.base] if asked.base is not None else []
    words += ["--as-of", asked.as_of.isoformat(), *_travel(study)]
    words += ["--units", study.units_source] if study.units_source != _EMBEDDED else []
    words += ["--clients", handed_in.clients] if handed_in.clients else []
    words += ["--plan", handed_in.plan] if handed_in.plan else []
    for name in handed_in.scenarios:
        words += ["--scenario", name]
    words += [] if workspace in (None, usual()) else ["-w", _named(workspace)]
    words += ["--office", asked.office] if asked.office else []
    words += ["--lang", lang] if lang != LANGUAGES[0] else []
    return " ".join(map(_quoted, [*words, "-o", "laporan.pdf"]))


def _named(workspace: Location | None) -> str:
    """Name a workspace in a paper that others read: never by the folder or the host it lies at."""
    return workspace.name if isinstance(workspace, Path) else "RUANG-KERJA"


def _travel(study: Study) -> list[str]:
    """Write the choices of travel that differ from the usual."""
    choices = study.choices
    words = ["--season", choices.season] if choices.season != USUAL.season else []
    for ferry in choices.without:
        words += ["--without-ferry", ferry]
    words += ["--wait", choices.wait] if choices.wait != USUAL.wait else []
    words += ["--day", choices.weekday] if choices.weekday is not None else []
    return [*words, *(["--vehicles-only"] if choices.vehicles_only else [])]


def _quoted(word: str) -> str:
    """Quote a word for the shells of Windows and Linux alike, as far as one way fits both."""
    if _BARE.fullmatch(word):
        return word
    return shlex.quote(word) if _DANGEROUS.search(word) else f'"{word}"'
