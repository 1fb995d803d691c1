"""What a header means: all its parts together, from the merged title above to the words in brackets.

``Kepala Keluarga | L`` holds no men of a population table: a part that is not known makes a column uncertain, and a
part that says something else makes it another column.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

_SIGNS = re.compile(r"[_\s*:.\"']+")
_SHORTENED = re.compile(r"\b([a-z])\.([a-z])\b\.?(?![a-z])")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_JOINTS = re.compile(r"\s*/\s*|\s*-\s*|\s*,\s*|\s+(?:dan|atau|&)\s+")
_PLUS = re.compile(r"\s*\+\s*")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)", re.ASCII)
_YEAR_WORDS = re.compile(
    r"\b(?:tahun|thn|th|ta|per|pada|akhir|tgl|tanggal|semester|smt|sem|triwulan|tw|bulan|i{1,3}|iv|\d{1,2}|"
    r"jan\w*|feb\w*|mar\w*|apr\w*|mei|jun\w*|jul\w*|agu\w*|agt|sep\w*|okt\w*|nov\w*|nop\w*|des\w*)\b"
)
_LONGEST_HEADER = 1000
"""Letters of a header with all that stands above it; what is longer is a text."""
_SURVEYED = frozenset({"latitude", "longitude"})
_SYSTEMS = {"bps": "bps"} | dict.fromkeys(
    ("kemendagri", "dagri", "kemdagri", "depdagri", "permendagri", "kepmendagri"), "kemendagri"
)


@dataclass(frozen=True, eq=False)
class Schema:
    """The columns of one kind of table.

    ``aliases``: accepted headers per column, compared without case, signs and line breaks; the column's own name always
    counts. ``required``: groups of columns; of each group one must be there. ``measures``: columns whose figures
    depend on every word of their header; an uncertain one is asked about. ``neutral``: words that say how a figure is
    written, not what it is. ``wider``: columns that others are parts of, such as persons of male and female.
    ``yearly``: the measure that a column headed by nothing but a year holds; ``spans``: it may be of several years.
    """

    aliases: Mapping[str, Sequence[str]]
    required: Sequence[Sequence[str]] = ()
    measures: Sequence[str] = ()
    neutral: Sequence[str] = ()
    wider: Mapping[str, Sequence[str]] = field(default_factory=dict)
    yearly: str = ""
    spans: bool = False


@dataclass(frozen=True)
class Meaning:
    """The column that a header means; whether all its parts are known; the year and whose codes it names."""

    column: str
    sure: bool = True
    year: int | None = None
    system: str = ""


@lru_cache(maxsize=16_384)
def heading(text: str) -> str:
    r"""Reduce a header to what stays the same however it is written.

    Examples
    --------
    >>> heading("Kode_\nDesa :"), heading("JUMLAH PENDUDUK (jiwa)")
    ('kode desa', 'jumlah penduduk (jiwa)')
    """
    return " ".join(_SIGNS.sub(" ", _SHORTENED.sub(r"\1\2", text.casefold())).split())


def pieces(label: str) -> list[str]:
    """Part a header from what stands in its brackets.

    Examples
    --------
    >>> pieces("Jumlah Penduduk (jiwa) [L]")
    ['jumlah penduduk', 'jiwa', 'l']
    """
    words = heading(label)
    parts = [_BRACKETS.sub(" ", words), *_BRACKETS.findall(words)]
    return [part for part in (" ".join(part.strip(" ,;/-()[]").split()) for part in parts) if part]


class Lexicon:
    """The headers that a schema knows."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._neutral = frozenset(map(_squeezed, schema.neutral))
        self.known: dict[str, str] = {}
        for column, names in schema.aliases.items():
            for alias in (column, *names):
                self.known.setdefault(self._key(alias), column)
        self.meaning = lru_cache(maxsize=4096)(self._meaning)

    def column(self, text: str) -> str:
        """Give the column that one word means, "" where none."""
        return self.known.get(self._key(text), "")

    def _key(self, alias: str) -> str:
        return " ".join(piece for piece, _ in self._bare((alias,))[0])

    def _bare(self, parts: Sequence[str]) -> tuple[list[tuple[str, bool]], set[int], str]:
        """Give the pieces of all parts and whether each stood in brackets; the years; whose codes."""
        found: list[tuple[str, bool]] = []
        years: set[int] = set()
        system = ""
        for part in parts:
            split = pieces(part)
            for at, piece in enumerate(split):
                words = piece
                if len(set(_YEAR.findall(words))) == 1:
                    years |= set(map(int, _YEAR.findall(words)))
                    words = _YEAR_WORDS.sub(" ", _YEAR.sub(" ", words))
                kept = [word for word in words.split() if word not in _SYSTEMS]
                system = next((_SYSTEMS[word] for word in words.split() if word in _SYSTEMS), system)
                words = _squeezed(" ".join(kept))
                if (
                    words
                    and (words not in self._neutral or (at == 0 and not found))
                    and (not found or found[-1][0] != words)
                ):
                    found.append((words, at > 0))
        return found, years, system

    def _meaning(self, parts: tuple[str, ...]) -> Meaning | None:
        if sum(map(len, parts)) > _LONGEST_HEADER:
            return None
        bare, years, system = self._bare(parts)
        year = next(iter(years)) if len(years) == 1 else None
        if not bare and year is not None and self.schema.yearly:
            return Meaning(self.schema.yearly, year=year)
        if not bare or len(years) > 1:
            return None
        words = [piece for piece, _ in bare]
        column = self.known.get(" ".join(words)) or self.known.get(" ".join(reversed(words))) or ""
        sure = True
        if not column and parts[0].startswith("_") and words[-1].split()[-1] in _SURVEYED:
            # A phone survey heads the parts of a point by its question: _Letak_unit_latitude.
            column = self.known.get(words[-1].split()[-1], "")
        if not column:
            column, sure = self._folded(bare)
        if not column or (year is not None and column not in self.schema.measures and len(bare) == 1 and parts[1:]):
            return None
        return Meaning(column, sure, year, system)

    def _folded(self, bare: Sequence[tuple[str, bool]]) -> tuple[str, bool]:
        """Follow the parts from the widest to the narrowest."""
        column, sure = "", True
        for piece, bracketed in bare:
            meant = self.known.get(piece, "")
            if not meant:
                sure = False
                column = column if bracketed or column in self.schema.measures else ""
            elif column in ("", meant) or meant in self.schema.wider.get(column, ()):
                column = meant
            else:
                return "", False
        return column, sure


@lru_cache(maxsize=32)
def lexicon_of(schema: Schema) -> Lexicon:
    """Give the headers that a schema knows, made once."""
    return Lexicon(schema)


def _squeezed(words: str) -> str:
    return " ".join(_PLUS.sub("+", _JOINTS.sub(" ", words)).split())
