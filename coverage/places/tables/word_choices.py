"""Cells that hold one of a few words: what a word that is none of them may be meant for."""

import re
from collections.abc import Mapping

from coverage.ground import lookalikes
from coverage.ground.texts import Message
from coverage.places.tables.faults import SYNONYM, CellAt, Faults
from coverage.places.tables.headers import Row, Table

_FILLING = re.compile(
    r"\b(status|kategori|kelas|kawasan|zona|tingkat|daerah|wilayah|desa|kelurahan|jenis|kerawanan|rawan|narkoba)\b"
    r"|[^a-z/+ ]"
)
_CLOSE = 0.8


def meant(text: str, words: Mapping[str, str]) -> str:
    """Find the choice that a word may be meant for, "" where none or several.

    Parameters
    ----------
    words
        Choice by word, in small letters.

    Examples
    --------
    >>> classes = {"bahaya": "Bahaya", "aman": "Aman"}
    >>> meant("Kawasan BAHAYA", classes), meant("bahya", classes), meant("gawat", classes)
    ('Bahaya', 'Bahaya', '')
    """
    bare = " ".join(_FILLING.sub(" ", text.casefold()).split())
    if bare in words:
        return words[bare]
    near = lookalikes.closest(bare, list(words), len(words), _CLOSE) if bare else []
    found = {words[word] for word in near}
    return found.pop() if len(found) == 1 else ""


def not_one_of(row: Row, table: Table, column: str, words: Mapping[str, str], faults: Faults, allowed: str) -> str:
    """Take the choice that an unknown word may be meant for if that was asked for; else "" and a fault.

    Parameters
    ----------
    words
        As for :func:`meant`.
    allowed
        The choices, as the remedy names them.
    """
    text = row.text(column)
    cell = CellAt(row.number, table.header(column), text)
    problem, remedy = Message.of("units.not_one_of"), Message.of("units.fix_not_one_of", choices=allowed)
    choice = meant(text, words)
    if not choice:
        faults.add(*cell, problem, remedy)
    elif faults.mended_by(SYNONYM, cell, becomes=choice, problem=problem, remedy=remedy):
        return choice
    return ""
