"""The page Target & capaian: its finding, what it says without figures, and the form that writes."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from coverage.answers.scenarios.scenario import Scenario
from coverage.faces.dashboard.pages.targets_forms import as_written, changes, form_rows
from coverage.faces.dashboard.shell.frame import plain
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

NTB, S1 = "52", "2024-S1"


@pytest.fixture
def shown():
    return as_written(form_rows(Workspace.open().targets(), NTB, S1), "id")


def edited(shown, indicator, **cells):
    table = shown.copy()
    for column, value in cells.items():
        table.loc[table["indicator"] == indicator, column] = value
    return table


def test_the_page_says_the_finding_and_shows_each_figure(open_app):
    app = open_app("target", region=NTB, as_of="2024-04-15")
    finding = (
        "Nusa Tenggara Barat, Semester I 2024: 3 dari 5 indikator tercapai atau sesuai laju; SKHPN, SIL tertinggal"
    )
    assert app.title[0].value == plain(finding)
    assert [figure.value for figure in app.metric] == ["3 dari 5", "1 dari 5", "58,2 %", "47"]
    table = app.dataframe[0].value
    assert table["Persen"].tolist() == ["82,18 %", "32,45 %", "68,18 %", "100 %", "37,2 %", "A (Sangat Baik)"]
    assert app.query_params["period"] == S1
    assert app.query_params["as_of"] == "2024-04-15"


def test_a_region_without_figures_is_explained_and_leads_to_the_example(open_app):
    app = open_app("target", region="74")
    assert app.title[0].value == plain("Belum ada angka capaian Sulawesi Tenggara")
    assert "Nusa Tenggara Barat" in app.info[0].value
    next(button for button in app.button if button.label == say("targets.see_example", "id")).click().run()
    assert app.title[0].value.startswith("Nusa Tenggara Barat")


def test_an_address_with_a_period_that_is_not_held_is_told(open_app):
    app = open_app("target", region=NTB, period="2019")
    assert [fault.value for fault in app.error] == [plain(say("targets.no_such_period", "id", period="2019", held=S1))]


def test_a_table_of_the_office_without_a_column_of_areas_is_uploaded_and_shown(open_app):
    app = open_app("target", region="74")
    app.file_uploader[0].set_value(
        ("t.csv", b"periode;indikator;capaian;target\nTW1 2024;SIL;5;10\n", "text/csv")
    ).run()
    app.button(key="import-yes").click().run()
    assert app.title[0].value.startswith(plain("Sulawesi Tenggara, Triwulan I 2024: 0 dari 1 indikator tercapai"))


def test_what_a_scenario_would_add_is_told_with_its_assumption(open_app):
    app = open_app("target", region=NTB, as_of="2024-04-15")
    app.session_state["scenarios"] = {"A": Scenario("A", NTB, add=("52.71.01.1004",))}
    app.run()
    app.selectbox(key=f"target-scenario-{NTB}").set_value("A").run()
    said = " ".join(line.value for line in app.markdown)
    assert plain("IBM, Semester I 2024: +1 unit (1 unit IBM baru × 1") in said


def test_what_a_plan_would_add_waits_for_an_assumption(open_app):
    app = open_app("target", region=NTB, as_of="2024-04-15")
    stops = [SimpleNamespace(kode=kode, state="") for kode in ("52.71.01.1004", "52.71.01.1005")]
    app.session_state[f"plan-{NTB}"] = SimpleNamespace(days=[SimpleNamespace(date=dt.date(2024, 5, 6), stops=stops)])
    app.run()
    assert any(plain(say("targets.no_per_visit_here", "id")) in line.value for line in app.markdown)
    next(one for one in app.number_input if one.label == say("targets.per_visit", "id")).set_value(5).run()
    said = " ".join(line.value for line in app.markdown)
    assert (
        plain("SIL, Semester I 2024: +10 kali (2 kunjungan × 5, anggapan Anda); 32 menjadi 42 dari 86, 48,83 %") in said
    )


def test_the_form_holds_every_indicator_and_an_untouched_one_changes_nothing(shown):
    assert len(shown) == 8
    assert shown.set_index("indicator").loc["SKHPN", ["achieved", "target"]].tolist() == ["542", "1.670"]
    unchanged = changes(shown, shown.copy(), (NTB, S1))
    assert (unchanged.found, unchanged.gone) == (None, ())


def test_only_rows_that_changed_are_written(shown):
    changed = changes(shown, edited(shown, "SIL", achieved="1.041"), (NTB, S1))
    good = changed.found.good[["area_kode", "period", "indicator", "unit", "achieved", "target"]]
    assert good.to_numpy().tolist() == [[NTB, S1, "SIL", "kali", 1041, 86]]


def test_a_row_emptied_or_deleted_takes_its_figure_out(shown):
    emptied = changes(shown, edited(shown, "SIL", achieved="", target=None), (NTB, S1))
    deleted = changes(shown, shown[shown["indicator"] != "SIL"], (NTB, S1))
    assert emptied.gone == deleted.gone == ((NTB, S1, "SIL", "kali"),)
    assert emptied.found is None


def test_faults_are_told_by_the_row_of_the_form(shown):
    new = pd.DataFrame([{"indicator": None, "unit": None, "achieved": "3", "target": ""}])
    changed = changes(shown, pd.concat([shown, new], ignore_index=True), (NTB, S1))
    assert [changed.form_rows[fault.row - 2] for fault in changed.found.faults] == [9]
    assert changed.found.imported == 0


@pytest.mark.parametrize(
    ("written", "lang", "kept"), [("1.250", "id", 1250), ("1,250", "en", 1250), ("1250", "id", 1250)]
)
def test_amounts_are_read_as_their_reader_writes_them(shown, written, lang, kept):
    changed = changes(shown, edited(shown, "rehabilitasi", achieved=written), (NTB, S1), lang)
    assert changed.found.good["achieved"].tolist() == [kept]


@pytest.mark.parametrize("written", ["-5", "2,5", "banyak"])
def test_what_cannot_be_counted_is_refused_and_not_bent(shown, written):
    changed = changes(shown, edited(shown, "SKHPN", achieved=written), (NTB, S1))
    assert [fault.value for fault in changed.found.faults] == [written]
    assert changed.found.imported == 0
