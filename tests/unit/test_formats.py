"""A file format is one registration: it is complete or refused, and everybody who offers files asks for it there."""

import dataclasses
import importlib.util
import inspect
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from coverage.faces.cli.commands import chosen
from coverage.faces.cli.help_texts import told
from coverage.faces.cli.output import deliver, makers
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.file_format import Format, Kind, Register
from coverage.faces.files.sources import ListSource, PlanSource, ReportSource
from coverage.faces.words.columns import Column, Listing
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[2]
KINDS = get_args(Kind)
ALL = [one for kind in KINDS for one in FORMATS.of_kind(kind)]
SOURCES = {"list": ListSource, "plan": PlanSource, "report": ReportSource}
WHOLE = Format("plan", "coba", "coba", "text/coba", "gpx_file.plan_gpx", label="planning.file_gpx")
COMMANDS = {"list": ["gaps", "units", "scenario run"], "plan": ["plan"], "report": ["report"]}


def named(one):
    return f"{one.kind}-{one.name}"


def flag(command, name):
    arguments = chosen(command.split())[0].arguments
    return next(one for one in arguments if name in one.names)


@pytest.mark.parametrize(
    "lack",
    [
        {"kind": "surat"},
        {"name": ""},
        {"name": "Coba!"},
        {"ending": ""},
        {"ending": ".coba"},
        {"mime": ""},
        {"mime": "coba"},
        {"made_by": ""},
        {"made_by": "gpx_file"},
        {"label": "planning.file_coba"},
        {"label": "tidak_ada.file"},
        {"to_print": "planning.file_coba"},
        {"hint": "formats.for_nobody"},
        {"typed": "Ya!"},
    ],
    ids=str,
)
def test_a_format_that_lacks_a_part_is_refused(lack):
    Register().register(WHOLE)
    register = Register()
    with pytest.raises(ValueError, match="surat" if "kind" in lack else "format"):
        register.register(dataclasses.replace(WHOLE, **lack))
    assert register.of_kind("plan") == ()


def test_a_label_in_one_language_only_is_refused(monkeypatch):
    monkeypatch.setattr("coverage.faces.files.file_format.known", lambda key, lang: lang == "id" or key != WHOLE.label)
    with pytest.raises(ValueError, match=r"planning.file_gpx.*'en'"):
        Register().register(WHOLE)


def test_a_name_means_one_kind_of_file():
    register = Register()
    register.register(WHOLE)
    with pytest.raises(ValueError, match="taken"):
        register.register(WHOLE)
    for other in ({"ending": "cobalah"}, {"mime": "text/lain"}, {"text": True}, {"hint": "formats.for_excel"}):
        with pytest.raises(ValueError, match="elsewhere"):
            register.register(dataclasses.replace(WHOLE, kind="list", **other))
    register.register(dataclasses.replace(WHOLE, kind="list"))


def test_what_does_not_exist_is_told_with_what_does():
    with pytest.raises(ValueError, match=r"'pfd'.*\bpdf\b.*\bgpx\b"):
        FORMATS.named("plan", "pfd")
    with pytest.raises(ValueError, match=r"'pfd'.*\bpdf\b"):
        FORMATS.typed("pfd")
    with pytest.raises(ValueError, match=r"parquet.*\bcsv\b"):
        FORMATS.words("list", "csv", "parquet")
    with pytest.raises(ValueError, match="list, plan, report"):
        FORMATS.of_kind("surat")


@pytest.mark.parametrize("one", ALL, ids=named)
def test_every_format_can_be_made_of_a_source_of_its_kind(one):
    parameters = list(inspect.signature(one.maker()).parameters.values())
    assert len(parameters) == 2
    assert SOURCES[one.kind].__name__ in str(parameters[0].annotation)
    assert not one.needs or one.needs in {part.name for part in dataclasses.fields(SOURCES[one.kind])}
    assert all(catalogue(lang)[key] for lang in LANGUAGES for key in (one.label, one.to_print, one.hint) if key)


@pytest.mark.parametrize("kind", KINDS)
def test_buttons_have_names_and_labels_of_their_own(kind):
    whole = {"answer": len, "areas": len, "text": len, "sheet": None}
    source = type("Source", (), whole)()
    files = FORMATS.offered(kind, source, "berkas")
    assert list(files.values()) == [one for one in FORMATS.of_kind(kind) if one.label]
    assert len({one.label for one in files.values()}) == len(files) > 2
    assert all(Path(name).suffix == f".{one.ending}" for name, one in files.items())


def test_a_list_to_be_printed_says_so_on_its_button():
    listing = Listing([Column("kode", "Kode", "code")], frame())
    (xlsx,) = [one for one in FORMATS.of_kind("list") if one.to_print]
    assert xlsx.label_of(ListSource(listing)) == "dashboard.xlsx"
    assert xlsx.label_of(ListSource(listing, sheet=listing)) == "dashboard.xlsx_print"


@pytest.mark.parametrize(("kind", "command"), [(kind, one) for kind, several in COMMANDS.items() for one in several])
def test_the_command_line_offers_and_names_every_format(kind, command):
    choices, output = flag(command, "--format"), flag(command, "-o")
    assert set(choices.get_choices()) == {one.word for one in FORMATS.of_kind(kind)}
    assert all(one.word in told(choices, "id") for one in FORMATS.of_kind(kind))
    assert all(f".{one.ending}" in told(output, "id") for one in FORMATS.of_kind(kind))


def frame():
    return pd.DataFrame({"kode": ["74.71.01.1001"]})


def delivered(tmp_path, name, asked=None):
    listing = Listing([Column("kode", "Kode", "code")], frame())
    made = makers(listing, "id", text=lambda: "teks", answer=lambda: ["jawaban"])
    given = type("Given", (), {"format": asked, "output": tmp_path / name})
    deliver(given, "id", made)
    return (tmp_path / name).read_bytes()


def test_an_unknown_ending_is_told_with_those_that_exist(tmp_path):
    with pytest.raises(InputError) as told:
        delivered(tmp_path, "daftar.foo")
    said = told.value.messages[0].text("id")
    assert "daftar.foo" in said
    assert all(f".{one.ending}" in said for one in FORMATS.of_kind("list") if one.needs != "areas")
    assert ".gpx" not in said
    with pytest.raises(InputError, match="gpx"):
        delivered(tmp_path, "daftar.gpx")
    assert not any(tmp_path.iterdir())


def test_an_ending_says_the_format_and_what_is_asked_tells_apart_those_that_share_it(tmp_path, capsysbinary):
    first = delivered(tmp_path, "a.csv")
    other = delivered(tmp_path, "a.csv", "csv-excel")
    assert (first[:4], other[:3]) == (b"kode", b"\xef\xbb\xbf")
    assert capsysbinary.readouterr().out == b""
    assert delivered(tmp_path, "a.csv", "json") == first
    assert b"jawaban" in capsysbinary.readouterr().out
    assert delivered(tmp_path, "a.TXT") == delivered(tmp_path, "tanpa", "text") == b"teks\n"
    with pytest.raises(InputError, match="xlsx"):
        delivered(tmp_path, "a.csv", "xlsx")


def test_the_docs_list_every_format():
    """`python scripts/build_formats.py` makes the table anew."""
    there = importlib.util.spec_from_file_location("build_formats", ROOT / "scripts" / "build_formats.py")
    script = importlib.util.module_from_spec(there)
    there.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.page()
    assert all(f"| {one.kind} | `{one.word}` | `.{one.ending}` | `{one.mime}` |" in script.page() for one in ALL)
