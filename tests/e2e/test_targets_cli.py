"""``jangkau targets``: what it prints and writes, and what it says to who has nothing yet."""

import json

import pytest

from coverage.faces.cli import main


@pytest.fixture
def ask(tmp_path, monkeypatch, capfdbinary):
    """Run the command in a folder of its own; give exit code, output and error."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def asked(*words):
        code = main(["targets", *words])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return asked


def test_ntb_is_told_with_its_published_percentages(ask):
    code, out, _ = ask("--region", "52", "--as-of", "2024-04-15")
    assert code == 0
    assert out.startswith("Nusa Tenggara Barat, Semester I 2024: 3 dari 5 indikator tercapai atau sesuai laju; SKHPN")
    for percent in ("82,18 %", "32,45 %", "68,18 %", "100 %", "37,2 %", "A (Sangat Baik)"):
        assert percent in out
    told = json.loads(ask("--region", "52", "--format", "json")[1])
    percents = {row["indicator"]: row["percent"] for row in told["indicators"]}
    assert percents == {
        "rehabilitasi": 82.18,
        "SKHPN": 32.45,
        "rawat lanjut": 68.18,
        "IBM": 100,
        "SIL": 37.2,
        "IKM": None,
    }
    assert told["indicators"][1]["share"] == 0.324551


def test_a_region_without_figures_is_told_how_to_give_some(ask):
    code, out, err = ask("--region", "16.73")
    assert (code, out) == (2, "")
    assert "jangkau template targets -o" in err
    assert "jangkau import targets" in err
    assert "--region 16.73" in err
    code, _, err = ask("--region", "52", "--period", "2023")
    assert code == 2
    assert "2024-S1" in err


def test_a_figure_is_entered_changed_and_taken_out(ask):
    of = ("--region", "52", "--period", "Semester I 2024")
    code, out, err = ask(*of, "--set", "rehabilitasi", "--achieved", "230")
    assert code == 0
    assert "230      275" in out
    assert "disimpan" in err
    assert ask(*of, "--remove", "rehabilitasi")[0] == 0
    assert "rehabilitasi" not in ask("--region", "52")[1]
    assert ask(*of, "--remove", "rehabilitasi")[0] == 2
    assert ask("--region", "16.73", "--period", "2024", "--set", "SIL", "--target", "10", "--unit", "kali")[0] == 0
    assert ask("--region", "16.73", "--period", "2024", "--remove", "SIL")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--set", "SIL", "--achieved", "3"),
        ("--set", "SIL", "--period", "2024"),
        ("--set", "SIL", "--period", "2024", "--achieved", "-3"),
        ("--remove", "SIL"),
        ("--achieved", "3"),
        ("--per-visit", "SIL"),
        ("--per-visit", "IKM=2"),
        ("--scenario", "tidak-ada.toml"),
        ("--plan", "tidak-ada.json"),
    ],
)
def test_what_does_not_fit_is_said_with_its_remedy(ask, words):
    code, out, err = ask("--region", "52", *words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err.strip().endswith((".", "bantuan.", "5.")) or "--help" in err


def test_a_scenario_is_told_with_its_assumption(ask, tmp_path):
    scenario = 'name = "A"\nregion = "52"\n\n[units]\nadd = ["52.71.01.1004", "52.71.01.1005"]\n'
    (tmp_path / "A.toml").write_text(scenario)
    code, out, _ = ask("--region", "52", "--as-of", "2024-04-15", "--scenario", "A.toml")
    assert code == 0
    assert "+2 unit (2 unit IBM baru × 1" in out
    assert "10 menjadi 12 dari 10, 120 %" in out
    assert "+10 orang (2 unit IBM baru × 5" in out


def test_every_file_holds_the_same_rows(ask, tmp_path):
    for name in ("t.csv", "t.xlsx", "t.json"):
        assert ask("--region", "52", "-o", name)[0] == 0
        assert (tmp_path / name).stat().st_size > 0
    assert (
        (tmp_path / "t.csv")
        .read_text(encoding="utf-8")
        .splitlines()[2]
        .startswith("52,Nusa Tenggara Barat (52),region,2024-S1,SKHPN,542,1670,surat,32.45,")
    )
