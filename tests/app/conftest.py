"""The dashboard's pages run by Streamlit's AppTest, each with an empty workspace of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from coverage.faces.heavy import pool

REPO = Path(__file__).resolve().parents[2]
PAGES = ("ringkasan", "celah", "pokling", "rencana", "whatif", "target", "data", "metode")

WORKS = ("boundary-fetch", "roads", "site-search", "site-trial", "report-job")

OpenApp = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, components_known: None) -> Path:
    """Folder of the office's own data."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do heavy works in the thread that else waits for a worker, which takes seconds to start.

    That workers find the same is seen in ``tests/unit/heavy``, and once through a page in ``test_scenario_panels.py``.
    """

    def compute(work: Callable[..., Any], given: tuple[object, ...], watch: object, *_: object, **__: object) -> Any:
        return work(watch, *given)

    monkeypatch.setattr(pool, "compute", compute)


@pytest.fixture
def open_app() -> OpenApp:
    """Run a page of the dashboard with an address; it must not fail with anything but a sentence."""

    def opened(page: str = "celah", **query: str) -> AppTest:
        app = AppTest.from_file(str(REPO / "app.py"), default_timeout=60)
        for name, text in query.items():
            app.query_params[name] = text
        if page != PAGES[0]:
            app._page_hash = calc_hash(page)
        app.run()
        assert [fault.message for fault in app.exception] == []
        return app

    return opened


Finished = Callable[[AppTest], AppTest]


@pytest.fixture
def finished() -> Finished:
    """Wait until every work in the background is over, and draw the page again."""

    def waited(app: AppTest) -> AppTest:
        # A work of a moment is over before the page has been drawn again, and handed over already.
        going_on = [app.session_state[key] for key in WORKS if key in app.session_state]
        for job in going_on:
            assert job.over.wait(120)
        if going_on:
            app.run()
        assert [fault.message for fault in app.exception] == []
        return app

    return waited
