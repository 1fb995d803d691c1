"""On the page What-if IBM the best sites are found, opened as scenarios, and scenarios are laid side by side."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.scenarios.compare import compare
from coverage.answers.scenarios.run import run_scenario
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import store_scenario
from coverage.answers.siting.propose import propose
from coverage.answers.siting.question import Question
from coverage.answers.study import open_study
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words.scenario_listing import gained_lines
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
Finished = Callable[[AppTest], AppTest]
KENDARI = {"region": "74.71", "cutoff": "15"}


def press(app: AppTest, key: str, **values: object) -> AppTest:
    label = say(f"dashboard.{key}", "id", **values)
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert [fault.message for fault in app.exception] == []
    return app


@pytest.fixture
def found(open_app: OpenApp, finished: Finished) -> AppTest:
    """The page with the best sites of Kendari."""
    app = open_app("whatif", **KENDARI)
    next(box for box in app.number_input if box.label == say("dashboard.site_number", "id")).set_value(2)
    return finished(press(app, "site_ask"))


def best_sets() -> list[list[str]]:
    question = Question(number=2, cutoff_min=15, alternatives=5, candidates="kelurahan")
    proposal = propose(open_study("74.71"), question)
    return [proposal.kode(entry.result.sites) for entry in proposal.found.sets]


def test_the_best_sets_are_listed_and_each_can_be_opened(found: AppTest) -> None:
    assert [error.value for error in found.error] == []
    opens = [button for button in found.button if button.label == say("dashboard.site_open", "id")]
    sets = best_sets()
    assert len(opens) == len(sets) == 5
    opens[1].click()
    found.run()
    assert sorted(found.query_params["add"].split(";")) == sorted(sets[1])
    chosen = next(box for box in found.multiselect if box.key == "scenarios-chosen")
    assert chosen.value[-1] == say("dashboard.site_name", "id", model="mclp", n=2, rank=2)
    next(button for button in found.button if button.key == "site-open-3").click()
    found.run()
    assert sorted(found.query_params["add"].split(";")) == sorted(sets[2])


def test_a_budget_on_the_page_is_kept_and_told(open_app: OpenApp, finished: Finished) -> None:
    app = open_app("whatif", **KENDARI)
    for key, rupiah in (("site_cost", 80_000_000), ("site_budget", 170_000_000)):
        next(box for box in app.number_input if box.label == say(f"dashboard.{key}", "id")).set_value(rupiah)
    finished(press(app, "site_ask"))
    told = plain("Biaya seluruhnya Rp160.000.000 dari anggaran Rp170.000.000; sisa Rp10.000.000.")
    assert told in [text.value for text in app.markdown]


def test_robustness_is_told_with_its_advice(found: AppTest, finished: Finished) -> None:
    app = finished(press(found, "site_try"))
    assert any(text.value.startswith("**Saran") for text in app.markdown)


def test_what_was_found_for_another_cutoff_is_not_shown(found: AppTest) -> None:
    found.number_input(key="cutoff").set_value(30)
    found.run()
    assert not [button for button in found.button if button.label == say("dashboard.site_open", "id")]


def test_an_impossible_question_is_told_in_a_sentence(open_app: OpenApp, finished: Finished) -> None:
    app = open_app("whatif", **KENDARI)
    next(box for box in app.selectbox if box.label == say("dashboard.site_candidates", "id")).set_value("desa")
    finished(press(app, "site_ask"))
    assert len(app.error) == 1


def test_a_search_is_stopped_between_two_sets(
    open_app: OpenApp, finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(_: object, __: object, told: Callable[[int, int], None]) -> None:
        told(1, 5)
        asked.set()
        assert go_on.wait(60)
        told(2, 5)

    monkeypatch.setattr("coverage.faces.heavy.works.propose", slow)
    app = press(open_app("whatif", **KENDARI), "site_ask")
    assert asked.wait(60)
    app.run()
    next(button for button in app.button if button.key == "site-search-stop").click()
    app.run()
    go_on.set()
    finished(app)
    assert [said.value for said in app.warning] == [say("jobs.stopped", "id")]
    assert [button for button in app.button if button.label == say("dashboard.site_ask", "id")]


def test_three_scenarios_side_by_side(open_app: OpenApp, home: Path) -> None:
    kept = Scenario("Dua", "74.71", 15.0, add=("74.71.01.1006",))
    store_scenario(Workspace.open(), kept)
    app = open_app("whatif", **KENDARI, add="74.71.01.1010")
    app.text_input(key="scenario-name").set_value("Anggilowu")
    press(app, "compare_keep")
    names = [say("dashboard.compare_now", "id"), "Anggilowu", "Dua"]
    app.multiselect(key="scenarios-chosen").set_value(names)
    app.run()
    assert [fault.message for fault in app.exception] == []
    assert [error.value for error in app.error] == []
    scenarios = [
        Scenario(names[0], "74.71", 15.0),
        Scenario(names[1], "74.71", 15.0, add=("74.71.01.1010",)),
        kept,
    ]
    lines = gained_lines(compare([run_scenario(one) for one in scenarios]), "id")
    told = [text.value for text in app.markdown]
    assert [plain(line) in told for line in lines] == [True, True]
    table = next(frame.value for frame in app.dataframe if names[1] in frame.value.columns)
    assert list(table.columns)[:4] == [say("columns.measure", "id"), *names]
    choice = app.selectbox(key="scenario-map-of")
    assert choice.options == names[1:]
    assert len(app.get("component_instance")) == 1
    choice.set_value(names[2])
    app.run()
    assert [fault.message for fault in app.exception] == []
    assert len(app.get("component_instance")) == 2


def test_a_name_that_cannot_be_used_is_told(open_app: OpenApp) -> None:
    app = open_app("whatif", **KENDARI)
    app.text_input(key="scenario-name").set_value("   ")
    press(app, "compare_keep")
    assert any("name" in error.value for error in app.error)
