"""Every sentence exists in both languages, is used, and reads as its language."""

import ast
import datetime as dt
import itertools
import re
import string
import tomllib
from pathlib import Path

import pytest

from coverage.faces.cli.commands import COMMANDS, chosen
from coverage.faces.cli.help_texts import text_of
from coverage.ground.texts import LANGUAGES, Message, catalogue, listed, say
from coverage.places.schemas.unit_columns import LOCATION_QUALITIES

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "coverage" / "ground" / "texts"
FILES = {path.stem for path in (TEXTS / "id").glob("*.toml")}
# Words no Indonesian sentence needs; names of formats, flags and of the trade are not among them.
ENGLISH = re.compile(
    r"\b(the|of|and|or|is|are|not|with|from|for|file|value|unknown|row|column|must|cannot|error|invalid|failed|"
    r"district|village|default|please|choose|write|check|reload|ferry)\b"
)


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def written_strings():
    """Give the strings of the code, f-strings as patterns of keys, and every word in them."""
    strings, patterns = set(), set()
    for path in (ROOT / "coverage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                pattern = "".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"(\w+)" for p in node.values)
                if pattern.split("\\.")[0] in FILES:
                    patterns.add(pattern)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
    words = {word.lstrip("-").replace("-", "_") for text in strings for word in text.split()}
    return strings, patterns, words | set(words_of_commands())


def words_of_commands():
    """Give the names of commands, of groups of them, and of the texts of their arguments."""
    for command in (chosen(typed.split())[0] for typed in COMMANDS):
        yield from itertools.accumulate(command.words, "{}_{}".format)
        yield from map(text_of, command.arguments)


def spoken_keys():
    """Give the literal first arguments of `say` and `Message.of`."""
    for path in (ROOT / "coverage").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in {"say", "of"} and isinstance(node.args[0].value, str):
                    yield path.name, node.args[0].value


def test_both_languages_have_the_same_files():
    names = [{path.name for path in (TEXTS / lang).iterdir() if path.suffix == ".toml"} for lang in LANGUAGES]
    assert names[0] == names[1]


def test_both_languages_have_the_same_keys_in_the_same_order():
    for path in (TEXTS / "id").glob("*.toml"):
        other = tomllib.loads((TEXTS / "en" / path.name).read_text(encoding="utf-8"))
        assert list(tomllib.loads(path.read_text(encoding="utf-8"))) == list(other), path.name


def test_both_languages_put_in_the_same_values():
    english = catalogue("en")
    differing = [key for key, text in catalogue("id").items() if fields(text) != fields(english[key])]
    assert differing == []


def test_values_are_put_in_by_name_only():
    for lang in LANGUAGES:
        for key, text in catalogue(lang).items():
            assert all(re.fullmatch(r"[a-z_]+", name) for name in fields(text)), (lang, key)


def test_every_key_the_code_says_exists():
    known = catalogue("id")
    assert [(file, key) for file, key in spoken_keys() if key not in known] == []


def test_every_text_is_used():
    strings, patterns, words = written_strings()
    built = {
        key
        for key in catalogue("id")
        for pattern in patterns
        if (found := re.fullmatch(pattern, key)) and all(part in words for part in found.groups())
    }
    assert set(catalogue("id")) - strings - built == set()


def test_every_pattern_of_keys_has_texts():
    _, patterns, _ = written_strings()
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, key) for key in catalogue("id"))] == []


def test_indonesian_texts_hold_no_english_words():
    without_code = {
        key: re.sub(r"jangkau [a-z].*|--[a-z-]+|\{\w+\}", "", text) for key, text in catalogue("id").items()
    }
    assert {key: ENGLISH.findall(text) for key, text in without_code.items() if ENGLISH.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_have_no_stray_blanks(lang):
    assert [
        key for key, text in catalogue(lang).items() if text != text.strip() or "  " in text.replace("\n  ", "")
    ] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_errors_are_whole_sentences(lang):
    files = ("codes", "ferries", "registry", "units", "villages", "whatif", "workspace")
    said = {key: text for key, text in catalogue(lang).items() if key.split(".")[0] in files}
    assert [key for key, text in said.items() if not text.endswith((".", "{rebuild}"))] == []


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("id", "12.345,5 menit|1 jam 20 mnt|3,2 km|82,2 %|4 Okt 2024"),
        ("en", "12,345.5 menit|1 h 20 min|3.2 km|82.2 %|4 Oct 2024"),
    ],
)
def test_values_in_sentences_are_formatted_in_its_language(lang, expected, monkeypatch):
    texts = {"t": "{a} menit|{a_min}|{a_km}|{a_share}|{day}"}
    monkeypatch.setattr("coverage.ground.texts._file", lambda _lang, _name: texts)
    assert say("t.t", lang, a=12345.5, a_min=80, a_km=3.21, a_share=0.8218, day=dt.date(2024, 10, 4)) == expected


def test_a_message_inside_a_message_speaks_the_same_language():
    inner = Message.of("units.no_name")
    outer = Message.of("tables.cell", file="u.csv", row="2", column="name", value="", problem=inner, remedy=inner)
    assert outer.text("id").endswith(inner.text("id"))
    assert outer.text("en").endswith(inner.text("en"))


def test_a_missing_value_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        say("codes.malformed", "id")


@pytest.mark.parametrize("key", ["codes.no_such_text", "no_such_file.text", "codes"])
def test_a_missing_text_is_a_fault_of_the_program(key):
    with pytest.raises(KeyError):
        say(key, "id")


SHOWS = re.compile(
    r"(sub)?header|title|markdown|caption|text(_input|_area)?|write|info|warning|error|success|(\w+_)?button|expander|"
    r"(multi)?select(box)?|radio|checkbox|toggle|(number|date|time)_input|file_uploader|metric|popover|spinner|progress|"
    r"toast|page_link|data_editor|slider"
)
NAMES_OF_FORMATS = {"TOML"}
# Two words with a blank between them read as a text of somebody.
TWO_WORDS = re.compile(r"[^\W\d_]{2,},? [^\W\d_]{2,}")
NO_SENTENCES = {
    *LOCATION_QUALITIES,  # values of the units table, the same in both languages
    "© OpenStreetMap contributors",  # as its licence wants it
    *("Courier New", "List Bullet", "Table Grid"),  # fonts and styles as Word knows them
}


def literals(path):
    """Give the strings of a module that are neither docstrings, types, nor faults of the program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aside = set()
    for node in ast.walk(tree):
        spared = (
            (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value)
            or (isinstance(node, ast.AnnAssign) and node.annotation)
            or (isinstance(node, ast.Raise) and node)
        )
        aside |= {id(inner) for inner in ast.walk(spared)} if spared else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


def test_no_sentence_of_a_face_escapes_the_catalogues():
    escaped = [
        (path.name, text)
        for path in sorted((ROOT / "coverage" / "faces").rglob("*.py"))
        for text in literals(path)
        if TWO_WORDS.search(text)
        and text not in NO_SENTENCES
        and not re.fullmatch(r"[a-z_]+( [a-z_]+)+ ?", text)  # keys of columns
        and not re.search(r"\{%|<font|\[\$-", text)  # templates, markup, formats of numbers
    ]
    assert escaped == []


def test_no_page_shows_a_word_that_is_written_into_it():
    shown = [
        (path.name, node.args[0].value)
        for path in sorted((ROOT / "coverage" / "faces" / "dashboard").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and SHOWS.fullmatch(node.func.attr)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and re.search(r"[^\W\d_]{2}", str(node.args[0].value))
        and node.args[0].value not in NAMES_OF_FORMATS
    ]
    assert shown == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("items", [0, 1, 4, 5, 6, 40])
def test_a_list_tells_all_its_items_or_how_many_more_there_are(items, lang):
    names = [f"Desa {number}" for number in range(items)]
    for given in (names, [Message.of("general.list", items=name) for name in names]):
        said = listed(given, 5, between="; ").text(lang)
        assert [name for name in names if name in said.split(", ")[0].split("; ")] == names[:5]
        assert (", " in said and str(items - 5) in said.rpartition(", ")[2]) == (items > 5)


# A cell or a word that is too long ends in one sign; a list never does.
CUT_TEXTS = {"ground/free_text.py", "faces/files/xlsx_file.py"}
DOTS = {"\N{HORIZONTAL ELLIPSIS}", "..."}
UNKNOWN_CELLS = {"places/tables/column_cells.py"}


def test_no_list_is_cut_without_telling_how_many_more():
    """Dots stand for what is left out only where one text is shortened; a slice of names is never joined."""
    dots, slices = set(), set()
    for path in (ROOT / "coverage").rglob("*.py"):
        where = str(path.relative_to(ROOT / "coverage"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip(", ") in DOTS:
                dots.add(where)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
                slices |= {f"{where}:{part.lineno}" for part in ast.walk(node) if cuts(part)}
    assert dots <= CUT_TEXTS | UNKNOWN_CELLS
    allowed = {"ground/texts/__init__.py", "answers/neighbours.py"}
    assert {place for place in slices if place.partition(":")[0] not in allowed} == set()


def cuts(node):
    """Tell whether a part of an expression leaves items out from the end: ``[:5]``, ``[:_SHOWN]``, ``.head(5)``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "head"
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Slice) or node.slice.lower is not None:
        return False
    if getattr(node.value, "attr", getattr(node.value, "id", "")) in {"digits", "sha256"}:
        return False  # the start of one word, not of a list
    upper = node.slice.upper
    return (isinstance(upper, ast.Name) and upper.id.isupper()) or isinstance(upper, ast.Constant)
