"""A report is made on a page with one button, and is the report that the command writes."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import store_scenario
from coverage.faces.cli import main
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
Press = Callable[[AppTest], AppTest]
KENDARI = {"region": "74.71", "cutoff": "15"}


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Take every file that a page offers."""
    files: dict[str, object] = {}

    def taken(_: object, label: str, data: object, file_name: str = "", **__: object) -> bool:
        files[file_name or label] = data
        return False

    monkeypatch.setattr(DeltaGenerator, "download_button", taken)
    monkeypatch.setattr(st, "download_button", lambda *words, **named: taken(None, *words, **named))
    return files


@pytest.fixture
def press(finished: Callable[[AppTest], AppTest]) -> Callable[[AppTest], AppTest]:
    """Press the button and wait for the report."""

    def pressed(app: AppTest) -> AppTest:
        next(one for one in app.button if one.label == say("report.panel_make", "id")).click()
        app.run()
        finished(app)
        assert [error.value for error in app.error] == []
        return app

    return pressed


def without_sites(app: AppTest) -> None:
    next(one for one in app.checkbox if one.label == say("report.panel_site", "id")).uncheck()


def content(offered: dict[str, object], name: str) -> bytes:
    made = offered[name]
    assert callable(made)
    found = made()
    assert isinstance(found, bytes)
    return found


def test_the_report_of_a_page_is_that_of_the_command(
    open_app: OpenApp, offered: dict[str, object], press: Press, tmp_path: Path
) -> None:
    app = open_app("ringkasan", **KENDARI)
    assert "laporan-74.71.pdf" not in offered
    app.text_input(key="report-office").set_value("BNN Kota Kendari")
    without_sites(app)
    press(app)
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    asked = [
        "--region",
        "74.71",
        "--cutoff",
        "15",
        "--as-of",
        today.isoformat(),
        "--office",
        "BNN Kota Kendari",
        "--no-siting",
    ]
    for kind in ("pdf", "docx"):
        path = tmp_path / f"a.{kind}"
        assert main(["report", *asked, "-o", str(path)]) == 0
        assert content(offered, f"laporan-74.71.{kind}") == path.read_bytes()


def test_a_report_of_something_else_is_not_offered(open_app: OpenApp, offered: dict[str, object], press: Press) -> None:
    app = open_app("ringkasan", **KENDARI)
    without_sites(app)
    press(app)
    assert "laporan-74.71.pdf" in offered
    offered.clear()
    app.number_input(key="cutoff").set_value(30.0)
    app.run()
    assert "laporan-74.71.pdf" not in offered


def test_scenarios_of_the_same_cutoff_can_be_laid_beside(
    open_app: OpenApp, offered: dict[str, object], press: Press
) -> None:
    for name, cutoff in (("lima belas", 15.0), ("enam puluh", 60.0)):
        store_scenario(Workspace.open(), Scenario(name, "74.71", cutoff, add=("74.71.01.1007",)))
    app = open_app("whatif", **KENDARI)
    box = next(one for one in app.multiselect if one.label == say("report.panel_scenarios", "id"))
    assert box.options == ["lima belas"]
    box.set_value(["lima belas"])
    press(app)
    assert content(offered, "laporan-74.71.pdf").startswith(b"%PDF-")


def test_a_region_without_units_offers_a_report_too(
    open_app: OpenApp, offered: dict[str, object], press: Press
) -> None:
    app = open_app("ringkasan", region="91.02")
    without_sites(app)
    press(app)
    assert content(offered, "laporan-91.02.docx").startswith(b"PK")
