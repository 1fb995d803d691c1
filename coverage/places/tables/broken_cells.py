"""Find the cells of a workbook that have no value: errors, and formulas whose result was not saved.

Run in the child process of :mod:`.workbook_child`, which the reader's library leaves blank in their place; nothing of
the program is imported.
"""

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

Places = dict[tuple[int, int], str]
"""Text per row and column, from 1."""

_FORMULA = "="
_XLS_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
               0x2A: "#N/A"}  # fmt: skip
_BOUND_SHEET, _START, _FORMULA_RECORD, _ERROR_RECORD = 0x85, 0x809, 0x6, 0x205
_CHAIN_END = 0xFFFFFFFE
_MOST_REPEATED = 500


def find(raw: bytes) -> dict[str, Places]:
    """Give the cells without a value of each sheet, by its name."""
    if not raw.startswith(b"PK"):
        return _of_xls(raw)
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        if "xl/workbook.xml" in book.namelist():
            never_computed = _Settings().never_computed(book.read("xl/workbook.xml"))
            return {name: _Xlsx(never_computed).places(book.read(part)) for name, part in _parts(book)}
        return _Ods().places(book.read("content.xml"))


class _Walk:
    """A walk over the elements of an XML part, by their names without prefix."""

    def parse(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = lambda name, given: self.start(name.rpartition(":")[2], given)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        parser.buffer_text = True
        parser.Parse(part, True)

    def start(self, name: str, given: dict[str, str]) -> None:
        """Meet the start of an element."""

    def end(self, name: str) -> None:
        """Meet the end of an element."""

    def text(self, data: str) -> None:
        """Meet text."""


def _refuse(*_: Any) -> None:
    raise ValueError("doctype")


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give name and part of each sheet."""
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}

    class Names(_Walk):
        def start(self, name: str, given: dict[str, str]) -> None:
            if name == "sheet":
                sheets.append((given.get("name", ""), next((v for k, v in given.items() if k.endswith(":id")), "")))
            elif name == "Relationship":
                targets[given.get("Id", "")] = given.get("Target", "")

    Names().parse(book.read("xl/workbook.xml"))
    Names().parse(book.read("xl/_rels/workbook.xml.rels"))
    held = set(book.namelist())
    for name, key in sheets:
        target = targets.get(key, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in held:
            yield name, part


class _Settings(_Walk):
    """Whether a program wrote the formulas and left it to the next one to compute them: then each result is 0."""

    def never_computed(self, part: bytes) -> bool:
        self.found = False
        self.parse(part)
        return self.found

    def start(self, name: str, given: dict[str, str]) -> None:
        self.found |= name == "calcPr" and given.get("fullCalcOnLoad") in ("1", "true")


class _Xlsx(_Walk):
    def __init__(self, never_computed: bool) -> None:  # noqa: FBT001 - one flag
        self.uncomputed = ("", "0") if never_computed else ("",)
        self.found: Places = {}
        self.at = (0, 0)
        self.kind = ""
        self.formula: str | None = None
        self.value: str | None = None
        self.inside = ""

    def places(self, part: bytes) -> Places:
        self.parse(part)
        return self.found

    def start(self, name: str, given: dict[str, str]) -> None:
        row, column = self.at
        if name == "row":
            self.at = (int(given.get("r", row + 1)), 0)
        elif name == "c":
            place = re.fullmatch(r"([A-Z]{1,3})(\d+)", given.get("r", ""))
            self.at = (int(place[2]), _column(place[1])) if place else (row, column + 1)
            self.kind, self.formula, self.value = given.get("t", "n"), None, None
        elif name == "f":
            self.formula, self.inside = "", name
        elif name in ("v", "t"):
            self.value, self.inside = self.value or "", name

    def end(self, name: str) -> None:
        if name == self.inside:
            self.inside = ""
        if name == "c" and self.kind == "e":
            self.found[self.at] = self.value or "#N/A"
        elif name == "c" and self.formula is not None and self.kind != "str" and (self.value or "") in self.uncomputed:
            self.found[self.at] = f"{_FORMULA}{self.formula}"

    def text(self, data: str) -> None:
        if self.inside == "f":
            self.formula = (self.formula or "") + data
        elif self.inside:
            self.value = (self.value or "") + data


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found


class _Ods(_Walk):
    """Sheets of OpenDocument; cells and rows may stand for many."""

    def __init__(self) -> None:
        self.found: dict[str, Places] = {}
        self.sheet = ""
        self.at = (0, 0)
        self.repeated = (1, 1)
        self.pending: tuple[str, bool] | None = None
        self.words = ""

    def places(self, part: bytes) -> dict[str, Places]:
        self.parse(part)
        return self.found

    def start(self, name: str, given: dict[str, str]) -> None:
        row, column = self.at
        bare = {key.rpartition(":")[2]: value for key, value in given.items()}
        if name == "table":
            self.sheet, self.at, self.repeated = bare.get("name", ""), (0, 0), (1, 1)
            self.found.setdefault(self.sheet, {})
        elif name == "table-row":
            self.at = (row + self.repeated[0] if row else 1, 0)
            self.repeated = (int(bare.get("number-rows-repeated", 1)), 1)
        elif name in ("table-cell", "covered-table-cell"):
            self.at = (row, column + 1)
            self.repeated = (self.repeated[0], int(bare.get("number-columns-repeated", 1)))
            typed = [value for key, value in given.items() if key.endswith(":value-type")]
            if "formula" in bare or "error" in typed:
                self.pending = (bare.get("formula", ""), "error" in typed or not typed)
            self.words = ""

    def end(self, name: str) -> None:
        if name not in ("table-cell", "covered-table-cell"):
            return
        row, column = self.at
        if self.pending is not None:
            formula, broken = self.pending
            words = self.words.strip()
            if broken:
                for extra in range(min(self.repeated[1], _MOST_REPEATED)):
                    self.found[self.sheet][row, column + extra] = words or _FORMULA + formula.partition("=")[2]
            self.pending = None
        self.at = (row, column + self.repeated[1] - 1)

    def text(self, data: str) -> None:
        if self.pending is not None:
            self.words += data


def _of_xls(raw: bytes) -> dict[str, Places]:
    """Read the error cells of a BIFF8 workbook; a formula's last result always stands in it."""
    book = _stream(raw)
    names: dict[int, str] = {}
    found: dict[str, Places] = {}
    sheet = ""
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + size]
        if kind == _BOUND_SHEET and size > 8:  # noqa: PLR2004 - offset, state and kind stand before the name
            text = body[8 : 8 + body[6] * (2 if body[7] & 1 else 1)]
            names[struct.unpack_from("<I", body)[0]] = text.decode("utf-16-le" if body[7] & 1 else "latin-1")
        elif kind == _START and at in names:
            sheet = names[at]
        elif kind == _ERROR_RECORD and size >= 8 and body[7]:  # noqa: PLR2004
            _note(found, sheet, body, body[6])
        elif kind == _FORMULA_RECORD and size >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:  # noqa: PLR2004
            _note(found, sheet, body, body[8])
        at += 4 + size
    return found


def _note(found: dict[str, Places], sheet: str, body: bytes, code: int) -> None:
    row, column = struct.unpack_from("<HH", body)
    found.setdefault(sheet, {})[row + 1, column + 1] = _XLS_ERRORS.get(code, "#N/A")


def _stream(raw: bytes) -> bytes:
    """Take the stream "Workbook" out of a compound file (MS-CFB); b"" where there is none."""
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    mini_size = 1 << struct.unpack_from("<H", raw, 32)[0]
    directory, least, mini_at = struct.unpack_from("<I", raw, 48)[0], *struct.unpack_from("<II", raw, 56)
    table_sectors = [one for one in struct.unpack_from("<109I", raw, 76) if one < _CHAIN_END]
    more = struct.unpack_from("<I", raw, 68)[0]
    seen: set[int] = set()
    while more < _CHAIN_END and more not in seen:
        seen.add(more)
        listed = struct.unpack_from(f"<{size // 4}I", raw, (more + 1) * size)
        table_sectors += [one for one in listed[:-1] if one < _CHAIN_END]
        more = listed[-1]
    table = [n for one in table_sectors for n in struct.unpack_from(f"<{size // 4}I", raw, (one + 1) * size)]
    entries = _chained(raw, directory, table, size, size)
    mini = b""
    for at in range(0, len(entries) - 127, 128):
        entry = entries[at : at + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le", errors="replace")
        start, length = struct.unpack_from("<II", entry, 116)
        if name == "Root Entry":
            mini = _chained(raw, start, table, size, size)
        if name in ("Workbook", "Book"):
            if length >= least:
                return _chained(raw, start, table, size, size)[:length]
            held = _chained(raw, mini_at, table, size, size)
            chain = list(struct.unpack(f"<{len(held) // 4}I", held[: len(held) // 4 * 4]))
            return _chained(mini, start, chain, mini_size, 0)[:length]
    return b""


def _chained(raw: bytes, sector: int, table: list[int], size: int, head: int) -> bytes:
    parts: list[bytes] = []
    seen: set[int] = set()
    while sector < _CHAIN_END and sector not in seen and sector < len(table):
        seen.add(sector)
        parts.append(raw[head + sector * size : head + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)
