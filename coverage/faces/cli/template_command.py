"""``jangkau template``: a workbook to fill in."""

from pathlib import Path
from typing import Annotated

from coverage.faces.cli.flags import Answered, flag, flag_group, output_flag
from coverage.faces.cli.output import write_file
from coverage.faces.files.import_files import template_bytes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, say
from coverage.places.importing import KINDS


@flag_group
class Template:
    """The flags of ``jangkau template``, which looks at no workspace."""

    output: Annotated[Path, output_flag((".xlsx",), metavar="FILE.xlsx")]


def run(
    kind: Annotated[str, flag(choices=KINDS, metavar="KIND", text="template_kind")],
    /,
    asked: Template,
    *,
    lang: Answered,
) -> None:
    """Answer ``jangkau template``.

    Raises
    ------
    InputError
        If the file does not end in .xlsx or cannot be written.
    """
    path = asked.output
    if path.suffix.lower() != ".xlsx":
        raise InputError(Message.of("cli.unknown_ending", path=path.name, endings=".xlsx"))
    write_file(path, template_bytes(kind, lang))
    print(say("cli.written", lang, path=str(path)))
