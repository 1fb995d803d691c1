"""``jangkau scenario`` and ``jangkau access`` as a planner calls them."""

import csv
import io
import json
import os
import shlex
from pathlib import Path

import openpyxl
import pytest

from coverage.faces.cli import main


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


@pytest.fixture
def ask(capfdbinary):
    def asked(line, *, code=0):
        assert main(shlex.split(line)) == code
        out, err = capfdbinary.readouterr()
        return out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def found(ask):
    """A set of Kendari that was found and saved, and the city as it is."""
    out, err = ask("site --region 74.71 --cutoff 15 --n 2 --save dua.toml --format json")
    assert "dua.toml" in err
    Path("kini.toml").write_text('name = "kini"\nregion = "74.71"\ncutoff_min = 15\n', encoding="utf-8")
    return json.loads(out)


@pytest.mark.parametrize("form", ["json", "csv", "text"])
def test_a_scenario_gives_the_same_bytes_every_time(form, found, ask):
    first, _ = ask(f"scenario run dua.toml --format {form}")
    again, _ = ask(f"scenario run dua.toml --format {form}")
    assert first == again
    assert first


def test_a_found_set_run_again_covers_what_was_found(found, ask):
    told = json.loads(ask("scenario run dua.toml --format json")[0])
    assert told["scenario"]["units"]["add"] == [site["kode"] for site in found["sites"]]
    assert told["gained"]["population"] == pytest.approx(found["objective"])
    assert told["lost"]["villages"] == 0
    assert set(told["provenance"]) >= {"version", "data"}
    assert len(told["workspace_data"]) == 16
    assert "seconds" not in json.dumps(told["siting"])


def test_a_scenario_that_asks_for_sites_answers_with_them(found, ask):
    text = Path("kini.toml").read_text(encoding="utf-8") + "[siting]\nnumber = 2\nalternatives = 3\n"
    Path("cari.toml").write_text(text.replace("kini", "cari"), encoding="utf-8")
    first, _ = ask("scenario run cari.toml --format json")
    assert ask("scenario run cari.toml --format json")[0] == first
    told = json.loads(first)["siting"]
    assert [site["kode"] for site in told["sites"]] == [site["kode"] for site in found["sites"]]
    assert (told["status"], len(told["alternatives"])) == ("optimal", 2)


def test_scenarios_side_by_side(found, ask):
    out, _ = ask("scenario compare kini.toml dua.toml kini.toml --format csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == [
        "part",
        "kode",
        "name",
        "measure",
        "kini",
        "dua",
        "kini (2)",
        "dua − kini",
        "kini (2) − kini",
    ]
    assert {row["part"] for row in rows} == {"region", "regency", "vulnerability"}
    assert {float(row["kini (2) − kini"] or 0) for row in rows} == {0.0}
    gain = next(row for row in rows if (row["part"], row["measure"]) == ("region", "people_30"))
    assert float(gain["dua − kini"]) == float(gain["dua"]) - float(gain["kini"]) >= 0
    told = json.loads(ask("scenario compare kini.toml dua.toml --format json")[0])
    assert told["changes"][0]["gained"]["population"] == pytest.approx(found["objective"])
    assert len(told["changes"][0]["gained"]["kode"]) == told["changes"][0]["gained"]["villages"]
    ask("scenario compare kini.toml dua.toml -o banding.xlsx")
    cells = [cell.value for row in openpyxl.load_workbook("banding.xlsx").active.iter_rows() for cell in row]
    assert {"kini", "dua", "dua − kini"} <= set(cells)
    assert "dibanding" in ask("scenario compare kini.toml dua.toml")[0]


def test_the_workspace_keeps_scenarios(found, ask):
    ask("scenario save dua.toml")
    by_file, by_name = ask("scenario run dua.toml"), ask("scenario run dua")
    assert by_file == by_name
    assert [row["name"] for row in json.loads(ask("scenario list --format json")[0])] == ["dua"]
    ask("scenario remove dua")
    assert "dua" in ask("scenario run dua", code=2)[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "a"\nregion = "74"\nwarna = 1', 'Kunci "warna" tidak dikenal'),
        ('name = "a"\nregion = "74"\n[units]\nclose = ["x-tidak-ada"]', "x-tidak-ada"),
        ("=", "bukan TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_a_sentence(text, says, ask):
    Path("buruk.toml").write_text(text, encoding="utf-8")
    out, err = ask("scenario run buruk.toml", code=2)
    assert (out, says in err) == ("", True)
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_told(ask):
    assert "hilang.toml" in ask("scenario run hilang.toml", code=2)[1]


def test_an_impossible_question_ends_with_code_3(ask):
    Path("a.toml").write_text(
        'name = "a"\nregion = "74.71"\ncutoff_min = 1\n[siting]\nmodel = "lscp"\nspacing_min = 900\n', encoding="utf-8"
    )
    assert ask("scenario run a.toml", code=3)[1]


def test_units_of_a_file_cannot_be_kept_in_a_scenario(ask):
    Path("u.csv").write_text("nama,lat,lon\nKlinik,-3.98,122.52\n", encoding="utf-8")
    assert "--units" in ask("site --region 74.71 --units u.csv --n 1 --save a.toml", code=2)[1]
    assert not Path("a.toml").exists()


@pytest.mark.parametrize("method", ["2sfca", "e2sfca"])
def test_access_in_every_format(method, ask):
    told = json.loads(ask(f"access --region 74.71 --method {method} --format json")[0])
    assert told["mean"] > 0
    assert 0 <= told["gini"] < 1
    rows = list(csv.DictReader(io.StringIO(ask(f"access --region 74.71 --method {method} --format csv")[0])))
    assert {row["kode"]: float(row["access"]) for row in rows} == pytest.approx(
        {row["kode"]: row["access"] for row in told["villages"]}
    )
    assert method.upper() in ask(f"access --region 74.71 --method {method}")[0]


@pytest.mark.parametrize(
    "flags", ["--weights 1;x", "--weights 0.2;0.9", "--supply Entah=3", "--supply klinik=x", "--cutoff 0"]
)
def test_access_tells_what_it_cannot_use(flags, ask):
    out, err = ask(f"access --region 74.71 {shlex.quote(flags.split()[0])} {shlex.quote(flags.split()[1])}", code=2)
    assert out == ""
    assert err.strip().endswith(".")
