"""What a page tells of a heavy job, whatever becomes of it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.scenarios.compare import compare
from coverage.answers.scenarios.run import run_scenario
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import store_scenario
from coverage.answers.siting.question import Question
from coverage.faces.dashboard.shell import turns
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.heavy import pool
from coverage.faces.heavy.pool import Pool, WorkerError
from coverage.faces.heavy.watch import Watch
from coverage.faces.words.scenario_listing import gained_lines
from coverage.ground.texts import Message, say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
Finished = Callable[[AppTest], AppTest]
KENDARI = {"region": "74.71", "cutoff": "15"}


def asked(app: AppTest) -> AppTest:
    """Press the button that searches the best sites."""
    next(button for button in app.button if button.label == say("dashboard.site_ask", "id")).click()
    app.run()
    assert [fault.message for fault in app.exception] == []
    return app


@pytest.fixture
def workers() -> Iterator[Pool]:
    made = Pool(1, 2_000_000_000)
    yield made
    made.close()


def test_sites_are_found_by_a_worker(
    open_app: OpenApp, finished: Finished, workers: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "compute", workers.run)
    app = finished(asked(open_app("whatif", **KENDARI)))
    assert len(workers._workers) == 1
    assert [error.value for error in app.error] == []
    assert len([button for button in app.button if button.label == say("dashboard.site_open", "id")]) == 5
    (ready, _) = app.session_state["proposal"][1]
    assert ready.study.region.code == "74.71"


@pytest.mark.parametrize(
    "why",
    [
        Message.of("jobs.no_memory", limit_gb=2.0),
        Message.of("jobs.ended", code=-9),
        Message.of("jobs.data_changed"),
        Message.of("jobs.no_worker"),
    ],
)
def test_a_worker_without_an_answer_is_told_and_the_form_is_there_again(
    open_app: OpenApp, finished: Finished, monkeypatch: pytest.MonkeyPatch, why: Message
) -> None:
    def ended(*_: object, **__: object) -> Any:
        raise WorkerError(why)

    monkeypatch.setattr(pool, "compute", ended)
    app = finished(asked(open_app("whatif", **KENDARI)))
    assert [error.value for error in app.error] == [plain(why.text("id"))]
    assert [button for button in app.button if button.label == say("dashboard.site_ask", "id")]


def test_who_waits_in_line_sees_the_place_and_can_leave(
    open_app: OpenApp, finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def waiting(_work: object, _given: object, watch: Watch, *_: object, **__: object) -> None:
        while True:
            watch.tell(Message.of("jobs.waiting", before=2))
            told.set()
            watch.stop.wait(0.01)

    monkeypatch.setattr(pool, "compute", waiting)
    app = asked(open_app("whatif", **KENDARI))
    assert told.wait(60)
    app.run()
    assert plain("Menunggu giliran, 2 di depan") in [text.value for text in app.markdown]
    next(button for button in app.button if button.key == "site-search-stop").click()
    app.run()
    finished(app)
    assert [said.value for said in app.warning] == [say("jobs.stopped", "id")]


SITED = Scenario("Cari", "74.71", 15.0, siting=Question(number=1, cutoff_min=15.0, alternatives=1))


def test_a_scenario_with_sites_to_find_is_answered_by_a_worker_once(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[object] = []

    def counted(work: Callable[..., Any], given: tuple[object, ...], watch: Watch, *_: object, **__: object) -> Any:
        asked_for.append(given[0])
        # Meanwhile as many pages as may be computed at once are computed.
        assert all(turns._turns.acquire(blocking=False) for _ in range(turns.AT_ONCE))
        for _ in range(turns.AT_ONCE):
            turns._turns.release()
        return work(watch, *given)

    monkeypatch.setattr(pool, "compute", counted)
    store_scenario(Workspace.open(), SITED)
    app = open_app("whatif", **KENDARI)
    app.multiselect(key="scenarios-chosen").set_value([say("dashboard.compare_now", "id"), SITED.name]).run()
    assert [fault.message for fault in app.exception] == []
    lines = gained_lines(compare([run_scenario(replace(SITED, siting=None)), run_scenario(SITED)]), "id")
    assert plain(lines[0]).split(":")[-1] in " ".join(text.value for text in app.markdown)
    app.run()
    assert asked_for == [SITED]


def test_what_a_scenario_with_sites_to_find_adds_to_targets_is_computed_by_a_worker(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[object] = []

    def counted(work: Callable[..., Any], given: tuple[object, ...], watch: Watch, *_: object, **__: object) -> Any:
        asked_for.append(given[0])
        return work(watch, *given)

    monkeypatch.setattr(pool, "compute", counted)
    question = Question(number=1, cutoff_min=60.0, alternatives=1, only=("52.71.01.1004",))
    scenario = Scenario("Cari", "52", 60.0, siting=question)
    store_scenario(Workspace.open(), scenario)
    app = open_app("target", region="52", as_of="2024-04-15")
    app.selectbox(key="target-scenario-52").set_value(scenario.name).run()
    assert [fault.message for fault in app.exception] == []
    assert asked_for == [scenario]
