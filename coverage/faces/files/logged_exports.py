"""Answers that rest on client origins are logged when they leave the program."""

from coverage.answers.study import Study
from coverage.places.clients import LAYER
from coverage.places.workspace import Location, Workspace, noted


def note_export(study: Study, place: Location | None, *, command: str, rows: int) -> None:
    """Log that an answer leaves the program, where it rests on a safe table: which, how many rows, from where.

    Parameters
    ----------
    study
        What the answer was computed from; nothing is logged where it knows of no clients.
    place
        The workspace, by default the user's own.
    command
        Command or page, and the format.
    rows
        Rows of the answer.

    Raises
    ------
    InputError
        If the log cannot be written: such an answer does not leave unseen.
    """
    if study.clients is None:
        return
    with noted(command=command):
        Workspace.open(place).note_export([LAYER], rows)
