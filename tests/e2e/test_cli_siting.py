"""``jangkau site`` as a planner calls it: what it proposes, which conditions it keeps, what it says when it cannot."""

import json
import os
import shlex
from pathlib import Path

import openpyxl
import pytest

from coverage.answers.siting.models.all_models import MODELS
from coverage.faces.cli import main

KEYS = {"model", "status", "objective", "bound", "gap", "seconds", "sites", "before", "after", "alternatives"}
KENDARI = "--region 74.71 --cutoff 20"
INSTANCE = "4 4 1\n1 2 9\n2 3 2\n1 2 1\n3 4 2\n"


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
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def propose(ask):
    def proposed(line):
        code, out, err = ask(f"site {line} --format json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return proposed


@pytest.mark.parametrize("model", MODELS)
def test_every_model_answers_with_its_proof_and_what_changes(model, propose):
    found = propose(f"{KENDARI} --model {model} --n 2")
    assert set(found) >= KEYS | {"always_chosen", "notes", "provenance"}
    assert (found["model"], found["status"], found["gap"]) == (model, "optimal", 0)
    assert found["objective"] == found["bound"]
    assert len(found["sites"]) == (2 if model != "lscp" else found["objective"])
    for site in found["sites"]:
        assert set(site) >= {"kode", "name", "regency", "population_newly_covered", "referral_min"}
        assert site["kode"].startswith("74.71.")
        assert site["referral_min"] is None or site["referral_min"] >= 0
    before, after = found["before"], found["after"]
    assert after["units"] == before["units"] + len(found["sites"])
    gained = after["population_covered"] - before["population_covered"]
    assert sum(site["population_newly_covered"] for site in found["sites"]) == pytest.approx(gained, abs=5)
    if model in {"mclp", "capacitated"}:
        assert found["objective"] == pytest.approx(gained, abs=5)
    if model == "p-median":
        assert after["mean_min"] < before["mean_min"]
    if model == "lscp":
        assert after["covered"] == after["villages"]


def test_the_five_best_sets_of_sultra_come_in_order(propose):
    found = propose("--region 74 --model mclp --n 5 --cutoff 60 --alternatives 5 --candidates kelurahan")
    sets = found["alternatives"]
    assert len(sets) == 5
    assert [entry["objective"] for entry in sets] == sorted((entry["objective"] for entry in sets), reverse=True)
    assert len({tuple(entry["sites"]) for entry in sets}) == 5
    assert sets[0]["sites"] == [site["kode"] for site in found["sites"]]
    assert set(found["always_chosen"]) == set.intersection(*(set(entry["sites"]) for entry in sets))
    assert all(site["kind"] == "kelurahan" for site in found["sites"])


def test_every_regency_without_a_unit_gets_one(propose):
    found = propose("--region 74 --n 13 --one-per-regency --candidates kelurahan")
    assert len({site["kode"][:5] for site in found["sites"]} - {"74.01", "74.03", "74.71", "74.72"}) == 13


def test_locks_exclusions_and_filters_are_obeyed(propose):
    best = propose(f"{KENDARI} --n 2")
    first = best["sites"][0]["kode"]
    without = propose(f"{KENDARI} --n 2 --exclude {first}")
    assert first not in [site["kode"] for site in without["sites"]]
    locked = propose(f"{KENDARI} --n 2 --lock Mandonga")
    assert "Mandonga" in [site["name"] for site in locked["sites"]]
    rows = propose(f"{KENDARI} --n 2 --vulnerability Waspada")["sites"]
    assert {row["name"] for row in rows} <= {"Watulondo", "Lepo-Lepo", "Wundudopi", "Watubangga", "Lalolara"}
    assert without["objective"] <= best["objective"]
    assert locked["objective"] <= best["objective"]


def test_new_units_keep_their_distance(propose, ask):
    found = propose("--region 74 --n 4 --candidates kelurahan --min-spacing-min 90 --model p-median --connected-only")
    kode = [site["kode"] for site in found["sites"]]
    for one in kode:
        others = " ".join(f"--add {other}" for other in kode if other != one)
        code, out, _ = ask(f"whatif --region 74 {others} --format csv")
        assert code == 0
        line = next((row for row in out.splitlines() if row.startswith(one)), "")
        if line:
            before = dict(zip(out.splitlines()[0].split(","), line.split(","), strict=False))
            assert float(before["after_min"]) >= 90


def test_an_instance_prints_its_optimum_and_the_last_of_two_lines_counts(ask, tmp_path):
    (tmp_path / "kecil.txt").write_text(INSTANCE)
    code, out, err = ask("site --instance kecil.txt")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "7"
    assert "terbukti optimal" in out
    found = json.loads(ask("site --instance kecil.txt --model p-center --format json")[1])
    assert (found["objective"], found["status"]) == (3, "optimal")


def test_text_and_files_say_how_sure_the_answer_is(ask, tmp_path):
    code, out, _ = ask(f"site {KENDARI} --n 2 --alternatives 3")
    assert code == 0
    assert "terbukti optimal" in out.splitlines()[0]
    assert "Susunan lain:" in out
    assert ask(f"site {KENDARI} --n 2 -o usulan.xlsx")[0] == 0
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(tmp_path / "usulan.xlsx").active.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert any("terbukti optimal" in cell for cell in cells)
    assert ask(f"site {KENDARI} --n 2 -o usulan.geojson")[0] == 0
    points = json.loads((tmp_path / "usulan.geojson").read_text())["features"]
    assert [point["geometry"]["type"] for point in points] == ["Point", "Point"]
    assert "proven optimal" in ask(f"site {KENDARI} --n 2 --lang en")[1]


BAD = {
    "site": (2, ["--region", "--instance"]),
    f"site {KENDARI} --n 0": (2, ['"0"']),
    f"site {KENDARI} --n 9999": (2, ["9.999", "64", "--n"]),
    f"site {KENDARI} --model apa": (2, ['"apa"', "p-median"]),
    f"site {KENDARI} --candidates desa": (2, ["--candidates"]),
    f"site {KENDARI} --vulnerability Gawat": (2, ['"Gawat"', "Bahaya"]),
    f"site {KENDARI} --lock xyzzy": (2, ['"xyzzy"']),
    f"site {KENDARI} --lock Mandonga --exclude Mandonga": (2, ["Mandonga", "--lock", "--exclude"]),
    f"site {KENDARI} --n 1 --lock Mandonga --lock Kadia": (2, ["--lock"]),
    f"site {KENDARI} --capacity 0 --model capacitated": (2, ["--capacity"]),
    f"site {KENDARI} --time-limit 0": (2, ["--time-limit"]),
    f"site {KENDARI} --alternatives 99": (2, ["--alternatives", "50"]),
    "site --region ID --n 2": (2, ["--candidates kelurahan"]),
    "site --instance tidak-ada.txt": (2, ["tidak-ada.txt"]),
    "site --instance rusak.txt": (2, ["rusak.txt", "baris 2"]),
    "site --instance kurang.txt": (2, ["kurang.txt"]),
    "site --instance rusak.txt --model mclp": (2, ["p-center"]),
    "site --region 74 --n 5 --one-per-regency": (3, ["13 kab/kota", "--n 13"]),
    "site --region 74 --model lscp --candidates kelurahan --cutoff 30": (3, ["tidak dapat dijangkau", "(74."]),
    f"site {KENDARI} --n 3 --min-spacing-min 1000": (2, ["3 unit", "--n"]),
    f"site {KENDARI} --budget 100.000.000": (2, ["--cost", "--costs"]),
    f"site {KENDARI} --budget nol --cost 1": (2, ['"nol"', "50.000.000"]),
    f"site {KENDARI} --budget 0 --cost 1": (2, ["--budget"]),
    f"site {KENDARI} --n 2 --costs biaya.csv": (2, ["62 calon lokasi", "Mandonga (74.71.01.1005)", "--cost"]),
    f"site {KENDARI} --n 2 --costs salah.csv": (2, ["salah.csv, baris 2", '"biaya"', '"dua"']),
    f"site {KENDARI} --budget 50.000.000 --cost 80.000.000": (3, ["Rp50.000.000", "Rp80.000.000", "--budget"]),
    f"site {KENDARI} --budget 100.000.000 --cost 80.000.000 --lock Mandonga --lock Kadia": (3, ["Rp160.000.000"]),
    f"site {KENDARI} --model lscp --connected-only --budget 100.000.000 --cost 80.000.000": (3, ["Rp480.000.000"]),
    "site --region 74 --one-per-regency --budget 500.000.000 --cost 80.000.000": (3, ["Rp1.040.000.000"]),
    f"site {KENDARI} --close entah": (2, ['"entah"']),
    f"site {KENDARI} --n 2 --lock Mandonga --lock Kadia --min-spacing-min 600": (3, ["Mandonga", "Kadia", "10 jam"]),
}


@pytest.mark.parametrize("line", BAD)
def test_what_cannot_be_answered_is_one_sentence_with_the_remedy(line, ask, tmp_path):
    (tmp_path / "rusak.txt").write_text("3 2 1\n1 2 x\n2 3 1\n")
    (tmp_path / "kurang.txt").write_text("3 2 1\n1 2 4\n")
    (tmp_path / "biaya.csv").write_text(
        "kode,biaya\n74.71.02.1011,120000000\n74.71.02.1012,-\n74.71.02.1010,90000000\n"
    )
    (tmp_path / "salah.csv").write_text("kode,biaya\n74.71.02.1011,dua\n")
    code, out, err = ask(line)
    expected, parts = BAD[line]
    assert (code, out) == (expected, ""), err
    said = err.splitlines()[0]
    assert [part for part in parts if part not in said] == []
    assert said.endswith(".")


def test_the_rule_that_stands_in_the_way_is_named(ask):
    code, out, err = ask(f"site {KENDARI} --n 20 --lock Mandonga --min-spacing-min 20")
    assert (code, out) == (3, "")
    assert "Yang menghalangi: jarak antarunit (--min-spacing-min)." in err


def test_a_budget_is_kept_and_every_answer_says_what_it_costs(ask, propose, tmp_path):
    (tmp_path / "biaya.csv").write_text(
        "kode wilayah;kelurahan;biaya\n74.71.02.1011;Kampung Salo;Rp 120.000.000,-\n74.71.04.1006;;90.000.000\n"
        "74.07.01.1002;;1.000.000\n"
    )
    line = f'{KENDARI} --budget "Rp 250.000.000" --cost 80.000.000 --costs biaya.csv --alternatives 2'
    found = propose(line)
    costs = {site["kode"]: site["cost"] for site in found["sites"]}
    expected = {"74.71.02.1011": 120_000_000, "74.71.04.1006": 90_000_000}
    assert costs == {kode: expected.get(kode, 80_000_000) for kode in costs}
    assert found["total_cost"] == sum(costs.values()) <= found["budget"] == 250_000_000
    assert all(entry["total_cost"] <= 250_000_000 for entry in found["alternatives"])
    assert found["provenance"]["asked"]["costs"] == expected
    out = ask(f"site {line}")[1]
    assert "dari anggaran Rp250.000.000; sisa Rp" in out
    assert ask(f"site {line} -o usulan.xlsx")[0] == 0
    rows = list(openpyxl.load_workbook(tmp_path / "usulan.xlsx").active.iter_rows(values_only=True))
    assert any("Biaya (Rp)" in row for row in rows)
    assert any("dari anggaran Rp250.000.000" in str(cell) for row in rows for cell in row)
    one = propose(f"{KENDARI} --budget 250000000 --cost 80000000 --n 1")
    assert (len(one["sites"]), one["total_cost"]) == (1, 80_000_000)


def test_siting_starts_from_units_closed_moved_and_added_and_the_saved_set_keeps_them(ask, propose, tmp_path):
    changes = "--close bnn-kota-kendari --move rs-jiwa-kendari=Mandonga --add Kadia"
    whatif = json.loads(ask(f"whatif {KENDARI} {changes} --format json")[1])
    found = propose(f"{KENDARI} --n 2 {changes}")
    assert found["before"]["population_covered"] == whatif["after"]["population_covered"]
    asked = found["provenance"]["asked"]
    assert (asked["add"], asked["close"]) == (["Kadia"], ["bnn-kota-kendari"])
    assert asked["move"] == {"rs-jiwa-kendari": "Mandonga"}
    assert "1 unit ditambah, 1 ditutup, 1 dipindah" in found["notes"][0]
    assert ask(f"site {KENDARI} --n 2 {changes} --save dua.toml")[0] == 0
    again = json.loads(ask("scenario run dua.toml --format json")[1])
    figures = {row["measure"]: row["value"] for row in again["figures"] if row["part"] == "region"}
    assert figures["mean_min"] == pytest.approx(found["after"]["mean_min"], abs=0.01)
    units = again["scenario"]["units"]
    assert units["close"] == ["bnn-kota-kendari"]
    assert units["move"] == {"rs-jiwa-kendari": "74.71.01.1005"}
    assert set(units["add"]) == {"74.71.08.1001", *(site["kode"] for site in found["sites"])}


def test_robustness_gives_a_regret_table_and_one_sentence_of_advice(ask, propose):
    told = propose(f"{KENDARI} --n 2 --candidates kelurahan --robustness")["robustness"]
    assert len(told["largest_regret"]) == 5
    assert len(told["regret"]) == 5 * len(told["cases"])
    assert told["largest_regret"][told["safest_rank"] - 1] == min(told["largest_regret"])
    assert told["advice"].count(". ") == 0
    code, out, _ = ask(f"site {KENDARI} --n 2 --candidates kelurahan --robustness")
    assert code == 0
    assert told["advice"] in out
    assert all(case in out for case in told["cases"])


ISLANDS = "--region 74.07 --cutoff 30 --only 74.07.01.2009 --only 74.07.02.2016 --only 74.07.07.1001"


@pytest.mark.parametrize("model", ["p-median", "p-center", "lexicographic", "mclp"])
def test_the_best_set_is_the_same_whatever_the_number_of_alternatives(model, propose):
    """Balasuna leaves 44 villages cut off, Maleko all 66; minutes alone would have put Maleko first."""
    asked = f"{ISLANDS} --only 74.07.04.2009 --model {model} --n 1"
    found = [propose(f"{asked} --alternatives {count}") for count in (1, 2, 4, 5)]
    assert len({site["kode"] for answer in found for site in answer["sites"]}) == 1
    losses = [entry["loss"] for entry in found[-1]["alternatives"]]
    assert losses[0] == 0
    assert min(losses) == 0
    assert found[-1]["alternatives"][0]["loss_in"] is None
    if model in {"p-median", "p-center"}:
        assert found[0]["sites"][0]["name"] == "Balasuna"
        assert found[0]["after"]["not_connected"] == 44
        assert {entry["loss_in"] for entry in found[-1]["alternatives"][1:]} == {"unconnected"}


def test_what_is_feasible_is_not_called_infeasible(propose):
    assert len(propose(f"{ISLANDS} --n 2 --model lexicographic")["sites"]) == 2
