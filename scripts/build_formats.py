"""Write docs/formats.md: every file a list, a plan or a report can become, from the registry of formats."""

from pathlib import Path
from typing import get_args

from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.file_format import Format, Kind
from coverage.ground.texts import say

PAGE = Path(__file__).resolve().parents[1] / "docs" / "formats.md"
HEAD = """# Files
Every file that leaves the planner. The table is made from `coverage/faces/files/all_formats.py` (`python
scripts/build_formats.py`; a test tells when it is stale). A format is one registration there and one module beside it:
command line, help, buttons and the walk of the privacy test take it from the registry. Lists and plans are written by
every command that answers with one; a page offers those with a button.

| of a | `--format` | ending | media type | button |
|---|---|---|---|---|
"""


def page() -> str:
    """Say every format in a row, in the order of the buttons."""
    formats = [one for kind in get_args(Kind) for one in FORMATS.of_kind(kind)]
    return HEAD + "".join(f"{row(one)}\n" for one in formats)


def row(one: Format) -> str:
    """Say what a format is called, and what its button says."""
    button = say(one.label, "id") if one.label else ""
    return f"| {one.kind} | `{one.word}` | `.{one.ending}` | `{one.mime}` | {button} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
