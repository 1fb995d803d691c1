"""``jangkau report`` as an office asks for it: figures of ``jangkau gaps``, one text in PDF and DOCX."""

import io
import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest

from coverage.answers.study import open_study
from coverage.faces.cli import asking, main
from coverage.ground.quantities import format_number
from coverage.ground.texts import catalogue, say

KENDARI = "--region 74.71 --cutoff 15 --as-of 2026-11-25"
SULTRA = "--region 74 --as-of 2026-11-25 --no-siting"
HOSTILE = 'Klinik <b>&"A"</b> ${x} Šibā =1+1 \\ `y`'
INDONESIAN = re.compile(r"\b(yang|dan|tidak|dari|dengan|belum|adalah|untuk|menit|jam|mnt|terjangkau|kelurahan lain)\b")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext (poppler-utils)")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A home for each test, the cells computed once for all of them."""
    home = tmp_path / "home"
    home.mkdir()
    shared = Path(os.environ["JANGKAU_HOME"]) / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    monkeypatch.setenv("JANGKAU_HOME", str(home))
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def opened():
    """Regions that were opened, for all tests of this file: nothing here changes a workspace."""
    return {}


@pytest.fixture(autouse=True)
def open_once(opened, monkeypatch):
    def once(region, *, units_file, **asked):
        if units_file is not None:
            return open_study(region, units_file=units_file, **asked)
        key = (region, repr(sorted(asked.items())))
        if key not in opened:
            opened[key] = open_study(region, units_file=units_file, **asked)
        return opened[key]

    monkeypatch.setattr(asking, "open_study", once)


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def made(ask):
    """Write a report and give its bytes."""

    def written(line, name):
        code, out, err = ask(f"report {line} -o {name}")
        assert (code, out) == (0, ""), err
        return Path(name).read_bytes()

    return written


def read(content):
    """Give a DOCX's paragraphs and the rows of its tables."""
    file = docx.Document(io.BytesIO(content))
    rows = [[cell.text for cell in row.cells] for table in file.tables for row in table.rows]
    return [paragraph.text for paragraph in file.paragraphs], rows


def pdf_text(content):
    return subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content, check=True, capture_output=True
    ).stdout.decode()


def packed(text):
    return re.sub(r"\s", "", text)


def test_every_figure_by_area_is_that_of_gaps(ask, made):
    told = json.loads(ask("gaps --region 74 --format json")[1])
    paragraphs, rows = read(made(SULTRA, "a.docx"))
    keys = ("villages", "covered", "beyond_cutoff", "not_connected", "units", "population", "population_covered")
    shown = {row[0]: row[1:] for row in rows if len(row) == len(keys) + 1}
    for area in told["by_regency"]:
        name = area["name"].replace("Kabupaten ", "Kab. ")
        assert shown[name] == [format_number(area[key]) for key in keys]
    assert shown["Jumlah"] == [format_number(told[key]) for key in keys]
    summary = paragraphs[paragraphs.index("1. Ringkasan") + 1]
    for key in ("villages", "covered", "beyond_cutoff", "not_connected", "population", "population_covered"):
        assert re.search(rf"\b{re.escape(format_number(told[key]))}\b", summary), key


@needs_pdftotext
@pytest.mark.parametrize("lang", ["id", "en"])
def test_pdf_and_docx_say_the_same(lang, made):
    line = f"{KENDARI} --n 1 --office 'BNN Kota Kendari' --lang {lang}"
    paragraphs, rows = read(made(line, "a.docx"))
    pdf = made(line, "a.pdf")
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 1_500_000
    text = packed(pdf_text(pdf))
    said = [*paragraphs, *(cell for row in rows for cell in row)]
    assert [one for one in said if packed(one) not in text and len(one) < 60] == []
    pages = len(re.findall(rb"/Type /Page\b", pdf))
    for page in range(1, pages + 1):
        assert packed(say("reports.page", lang, page=page, pages=pages)) in text
    assert packed(say("maps.tiers_same", lang, tier=say("maps.tier_indicative", lang))) in text


def test_sites_are_those_of_site_with_their_proof(ask, made):
    told = json.loads(ask("site --region 74.71 --cutoff 15 --n 2 --alternatives 3 --format json")[1])
    paragraphs, rows = read(made(f"{KENDARI} --n 2", "a.docx"))
    places = [row[1] for row in rows if len(row) == 7 and row[0] in {"1", "2"}]
    assert [site["name"] for site in told["sites"]] == places
    text = "\n".join(paragraphs)
    assert told["in_words"] in text
    always = "Pasti dipilih" if told["always_chosen"] else "Tidak ada lokasi yang ada di semua susunan"
    assert always in text


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_the_same_question_gives_the_same_bytes(kind, made):
    line = f"{KENDARI} --no-siting --office BNNK"
    assert made(line, f"a.{kind}") == made(line, f"b.{kind}")


def test_the_command_in_a_report_gives_the_same_report(ask, made):
    line = (
        f"{KENDARI} --n 1 --season hujan --wait worst --base bnn-kota-kendari --office 'BNN \"Kota\" Kendari' --lang en"
    )
    first = made(line, "laporan.docx")
    command = next(one for one in read(first)[0] if one.startswith("jangkau report "))
    code, _, err = ask(command.removeprefix("jangkau ").replace("laporan.pdf", "lagi.docx"))
    assert code == 0, err
    assert Path("lagi.docx").read_bytes() == first


@needs_pdftotext
def test_names_from_a_file_are_only_text_and_keep_their_letters(made):
    Path("u.csv").write_text(
        f'name,kode,kind\n"{HOSTILE.replace(chr(34), chr(34) * 2)}",74.71.01.1005,klinik BNNK\n', "utf-8"
    )
    line = f"{KENDARI} --units u.csv --no-siting --office '<i>BNN</i> & Š\a'"
    rows = read(made(line, "a.docx"))[1]
    assert any(HOSTILE in cell for row in rows for cell in row)
    text = packed(pdf_text(made(line, "a.pdf")))
    assert packed(HOSTILE.replace("ā", "a")) in text
    assert packed("<i>BNN</i> & Š") in text
    sheet = openpyxl.load_workbook(io.BytesIO(made(line, "a.xlsx")))
    assert not any(cell.data_type == "f" for one in sheet for row in one.iter_rows() for cell in row)


def test_a_plan_and_scenarios_are_laid_beside(ask, made):
    plan = (
        "plan --region 74.71 --cutoff 15 --base bnn-kota-kendari --as-of 2026-11-25 --days 3 --iterations 20 -o p.json"
    )
    assert ask(plan)[0] == 0
    Path("dua.toml").write_text('name = "dua"\nregion = "74.71"\ncutoff_min = 15\n[units]\nadd = ["74.71.01.1007"]\n')
    paragraphs, rows = read(made(f"{KENDARI} --no-siting --plan p.json --scenario dua.toml", "a.docx"))
    visits = [stop["name"] for day in json.loads(Path("p.json").read_bytes())["days"] for stop in day["stops"]]
    assert visits
    assert [row[4] for row in rows if len(row) == 7 and re.fullmatch(r"\d\d\.\d\d", row[2])] == visits
    compared = json.loads(ask("scenario run dua.toml --format json")[1])["figures"]
    known = {one["measure"]: one["value"] for one in compared if one["part"] == "region"}
    label = say("scenario.measure_people_30")
    assert next(row[2] for row in rows if row[0] == label) == format_number(round(known["people_30"]))
    assert any(one.startswith('"dua" dibanding "Kini"') for one in paragraphs)


def test_a_region_without_units_still_has_a_report_that_says_so(made):
    paragraphs, rows = read(made("--region 91.02 --no-siting --as-of 2026-11-25", "a.docx"))
    text = "\n".join(paragraphs)
    assert say("report.no_units", region="Kabupaten Jayawijaya") in text
    assert say("report.no_base", region="Kabupaten Jayawijaya") in text
    assert say("columns.covered") not in rows[4]


def test_sites_that_cannot_be_had_are_told_in_their_place(made):
    paragraphs, _ = read(made("--region 74.71.01 --n 500 --as-of 2026-11-25", "a.docx"))
    after = paragraphs[next(place for place, one in enumerate(paragraphs) if say("report.site") in one) + 1]
    assert after == say("siting.too_many", n=500, candidates=6)


def test_units_that_bring_nobody_are_not_proposed(made):
    paragraphs, _ = read(made("--region 16.73 --as-of 2026-11-25", "a.docx"))
    assert say("report.site_nothing", cutoff_min=60.0, smaller_min=20.0) in paragraphs


def test_an_english_report_is_english(made):
    paragraphs, rows = read(made(f"{KENDARI} --n 2 --lang en", "a.docx"))
    sources = next(place for place, one in enumerate(paragraphs) if one == say("report.sources", "en"))
    attributed = paragraphs[sources : sources + 9] + [one for one in paragraphs if "geografis" in one]
    said = [one for one in (*paragraphs, *(cell for row in rows for cell in row)) if one not in attributed]
    assert [one for one in said if INDONESIAN.search(one)] == []


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("--region 74", "cli.needs_output"),
        ("--region ID -o a.pdf", "report.country"),
        ("--region 74.71 -o a.csv", "cli.no_such_format"),
        ("--region 74.71 --base Nirwana -o a.pdf", "units.unknown"),
        ("--region 74.71 --plan tiada.json -o a.pdf", "plan.bad_file"),
        ("--region 74.71 --scenario lain.toml -o a.pdf", "scenario.other_cutoff_min"),
        ("--region 74.71 --scenario lain.toml --units u.csv -o a.pdf", "report.scenario_units"),
        ("--region 74.71 --cutoff 0 -o a.pdf", "gaps.bad_cutoff"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(line, key, ask):
    Path("lain.toml").write_text('name = "lain"\nregion = "74.71"\ncutoff_min = 15\n')
    code, out, err = ask(f"report {line}")
    assert (code, out) == (2, "")
    said = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", catalogue("id")[key]))
    assert re.search(said, err), err
    assert not Path("a.pdf").exists()
