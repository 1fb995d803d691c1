"""The kinds of units, and the words by which offices name them."""

import re
from typing import TYPE_CHECKING

from coverage.ground.free_text import shown
from coverage.ground.texts import Message

if TYPE_CHECKING:
    from coverage.places.tables.headers import Table

KINDS = ("klinik BNNP", "klinik BNNK", "puskesmas", "rumah sakit", "KM", "IBM", "basis Pokling", "lainnya")

OTHER = KINDS[-1]
"""Of units whose kind nobody stated."""

_FIRST_WORDS = (
    dict.fromkeys(("pkm", "pusk", "puskesmas"), "puskesmas")
    | dict.fromkeys(("rs", "rsu", "rsud", "rsup", "rsupn", "rsj", "rsjd", "rsia", "rsko", "rumkit"), "rumah sakit")
    | dict.fromkeys(("yayasan", "ypi", "lsm"), "KM")
    | dict.fromkeys(("klinik", "balai", "loka"), OTHER)
)
_WORDS = {kind.casefold(): kind for kind in KINDS} | {
    "pusat kesehatan masyarakat": "puskesmas",
    "komponen masyarakat": "KM",
    "lembaga rehabilitasi komponen masyarakat": "KM",
    "lrkm": "KM",
    "intervensi berbasis masyarakat": "IBM",
    "lain-lain": OTHER,
}
_NOT_ITSELF = re.compile(r"\b(pembantu|keliling)\b")
_OF_BNN = re.compile(r"klinik\b.*\b(bnnp|bnnk)\b")


def kind_of(text: str) -> str:
    """Find the kind of unit that a word means, "" where none.

    A clinic of which nothing says that it is BNN's is of the kind "lainnya".

    Examples
    --------
    >>> [kind_of(word) for word in ("PKM", "RSUD", "Yayasan", "Klinik", "Klinik Pratama BNNK", "warung")]
    ['puskesmas', 'rumah sakit', 'KM', 'lainnya', 'klinik BNNK', '']
    """
    words = " ".join(re.sub(r"[.\s]+", " ", text.casefold()).split())
    if words in _WORDS:
        return _WORDS[words]
    if of_bnn := _OF_BNN.fullmatch(words) or _OF_BNN.match(words):
        return f"klinik {of_bnn[1].upper()}"
    if not words or _NOT_ITSELF.search(words):
        return ""
    return "rumah sakit" if words.startswith("rumah sakit ") else _FIRST_WORDS.get(words.split()[0], "")


def kinds_read(table: "Table") -> list[Message]:
    """Say of each word that is no kind itself which kind it was read as, and in which rows."""
    rows: dict[str, list[int]] = {}
    for row in table.rows:
        text = row.text("kind")
        if text and kind_of(text) and text.casefold() != kind_of(text).casefold():
            rows.setdefault(text, []).append(row.number)
    return [
        Message.of("imports.kind_read", word=shown(word), kind=kind_of(word), rows=", ".join(map(str, numbers)))
        for word, numbers in rows.items()
    ]
