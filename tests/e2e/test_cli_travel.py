"""Speeds, ferries and how one travels, on the command line."""

import csv
import io
import json

import pytest

from coverage.faces.cli import main


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        code = main(line.split(" "))
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def answer(ask):
    def asked(line):
        code, out, err = ask(line)
        assert code == 0, err
        return json.loads(out)

    return asked


def minutes(ask, line):
    rows = csv.DictReader(io.StringIO(ask(f"{line} --format csv")[1]))
    return {row["kode"]: float(row["travel_min"] or "inf") for row in rows}


def test_a_speed_that_was_set_changes_the_answer_is_named_in_it_and_can_be_taken_back(ask, answer):
    usual = minutes(ask, "gaps --region 74.03")
    code, _, err = ask("speeds --set indicative_km_per_h.rural=20 --set detour.base=1,3 --format csv")
    assert (code, "disimpan" in err) == (0, True)
    slow = minutes(ask, "gaps --region 74.03")
    assert all(slow[kode] >= usual[kode] for kode in usual)
    assert slow != usual
    found = answer("gaps --region 74.03 --format json")
    assert found["provenance"]["asked"]["speeds"] == {"indicative_km_per_h.rural": 20, "detour.base": 1.3}
    assert any("indicative_km_per_h.rural 20 (bawaan 43)" in note for note in found["notes"])
    rows = {row["key"]: row for row in answer("speeds --reset detour.base --format json")}
    assert (rows["indicative_km_per_h.rural"]["value"], rows["indicative_km_per_h.rural"]["shipped"]) == (20, 43)
    assert rows["detour.base"]["value"] == 1.17
    assert set(rows["detour.base"]) == {"key", "meaning", "value", "shipped", "source"}
    ask("speeds --reset-all")
    assert minutes(ask, "gaps --region 74.03") == usual


def test_speeds_go_out_to_a_file_and_come_in_again(ask, answer):
    ask("speeds --set road_km_per_h.trunk=35 --export laju.toml")
    ask("speeds --reset-all")
    values = {row["key"]: row["value"] for row in answer("speeds --import laju.toml --format json")}
    assert values["road_km_per_h.trunk"] == 35


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("speeds --set road_km_per_h.trunk=0", ["road_km_per_h.trunk", "0", "dari 1 sampai 120"]),
        ("speeds --set road_km_per_h.trunk=-4", ["-4", "dari 1 sampai 120"]),
        ("speeds --set road_km_per_h.trunk=cepat", ["cepat"]),
        ("speeds --set road_km_per_h.jalan=30", ['"road_km_per_h.jalan"', "road_km_per_h.trunk"]),
        ("speeds --set road_km_per_h.trunk", ["KUNCI=ANGKA"]),
        ("speeds --set detour.base=1 --set detour.base=2", ["dua kali"]),
        ("speeds --set detour.base=1,2 --reset detour.base", ["sekaligus"]),
        ("speeds --reset x", ['"x"']),
        ("speeds --import tidak-ada.toml", ["tidak-ada.toml"]),
        ("gaps --region 74 --without-ferry feri-x", ["feri-x", "torobulu-tampo"]),
        ("gaps --region 74 --without-ferry osm-12", ["osm-12"]),
        ("gaps --region 74 --day ahad", ["ahad"]),
        ("ferry --id feri-x --sailing-min 30", ["feri-x", "torobulu-tampo"]),
        ("ferry --id torobulu-tampo", ["--departures"]),
        ("ferry --from 74.07.02.1002", ["--to, --sailing-min"]),
        ("ferry --id torobulu-tampo --departures 08:00,08:00", ["08:00", "dua kali"]),
        ("ferry --id torobulu-tampo --departures 26:00", ["26:00", "23:59"]),
        ("ferry --id torobulu-tampo --days Xyz:1", ["Xyz:1"]),
        ("ferry --remove torobulu-tampo --sailing-min 3", ["--remove"]),
        ("visit --region 16.73 --village Megang --date 2024-01-02 --remove", ["Megang", "2 Jan 2024"]),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence_and_stores_nothing(line, said, ask, tmp_path):
    code, out, err = ask(line)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for part in said:
        assert part in err
    assert not (tmp_path / "kerja.gpkg").exists()


def test_without_a_ferry_the_answer_tells_where_it_is_missed(answer):
    found = answer("gaps --region 74 --without-ferry torobulu-tampo --format json")
    changes = {change["to"]: change for change in found["travel_changes"]}
    assert changes["any"]["by_regency"]["Kabupaten Muna"] > 0
    assert changes["nearest"]["villages"] == 0
    assert any("Kabupaten Muna 119" in note for note in found["notes"])
    assert found["provenance"]["asked"]["without_ferries"] == ["torobulu-tampo"]


def test_a_rough_sea_lengthens_and_says_which_lines(ask, answer):
    found = answer("gaps --region 74 --season ombak --format json")
    assert any("Torobulu-Tampo (+45 mnt)" in note for note in found["notes"])
    assert {change["to"]: change["longest_min"] for change in found["travel_changes"]}["any"] == pytest.approx(45)


@pytest.mark.parametrize(
    ("choice", "said"),
    [("--wait worst", "yang terlama"), ("--season hujan", "77,0 %"), ("--vehicles-only", "kendari-raha")],
)
def test_every_choice_is_explained_by_each_command(choice, said, ask):
    for line in (
        "gaps --region 74.03",
        "next --region 74.03 --base bnnk-muna --as-of 2024-10-05 --limit 2",
        "whatif --region 74.03 --add 74.03.06.1005",
    ):
        code, out, err = ask(f"{line} {choice}")
        assert (code, said in out) == (0, True), (line, out, err)


def test_ferries_are_listed_changed_hidden_and_declared_anew(ask, answer):
    def lines():
        return {row["id"]: row for row in answer("ferries --region 74.03 --format json")}

    assert set(lines()) == {"torobulu-tampo", "kendari-raha", "raha-baubau"}
    assert ask("ferry --id torobulu-tampo --departures 07:00,13:00 --days Min:0 --vehicles yes")[0] == 0
    changed = lines()["torobulu-tampo"]
    assert (changed["departures"], changed["days"], changed["vehicles"]) == ("07:00;13:00", "Min:0", "yes")
    assert changed["worst_wait_min"] == (24 - 13 + 24 + 7) * 60
    assert ask("ferry --remove torobulu-tampo")[0] == 0
    assert "torobulu-tampo" not in lines()
    assert ask("gaps --region 74.03 --without-ferry torobulu-tampo")[0] == 2
    assert ask("ferry --id torobulu-tampo --vehicles no")[0] == 0
    assert lines()["torobulu-tampo"]["vehicles"] == "no"


def test_on_a_day_without_the_boat_its_line_is_named(ask):
    ask("ferry --id torobulu-tampo --days Rab:0")
    assert "Tidak berlayar: torobulu-tampo" in ask("gaps --region 74.03 --day rab")[1]
    assert "Semua lintasan" in ask("gaps --region 74.03 --day kam")[1]


def test_a_visit_is_recorded_and_removed(ask):
    for more in ("", " --remove"):
        assert ask(f"visit --region 16.73 --village Megang --date 2024-10-08{more}")[0] == 0
    assert ask("visit --region 16.73 --village Megang --date 2024-10-08 --remove")[0] == 2
