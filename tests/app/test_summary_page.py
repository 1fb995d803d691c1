"""The first page: what stands, what to do next, what changed; the first minute; nothing lost on reload."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.gaps import gaps
from coverage.answers.neighbours import said_first
from coverage.answers.study import open_study
from coverage.faces.dashboard.shell import browser, saved_work
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words import answer_listings
from coverage.ground.quantities import format_number
from coverage.ground.texts import LANGUAGES, Language, say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
WELCOME = plain(say("summary.welcome", "id"))
GUIDE = plain(say("summary.guide", "id"))


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the browser keeps, written and read as it would."""
    held: dict[str, str] = {}
    monkeypatch.setattr(browser, "remembered", lambda name: held.get(name, ""))
    monkeypatch.setattr(browser, "keep", held.update)
    return held


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    yield
    saved_work._shelf.clear()


def said(app: AppTest) -> str:
    return " ".join(one.value for one in app.markdown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_shows_the_figures_of_the_answer(open_app: OpenApp, lang: Language) -> None:
    app = open_app("ringkasan", lang=lang, region="74")
    report = gaps(open_study("74"), 60)
    summary = report.summary()
    figures = {metric.label: metric.value for metric in app.metric}
    assert app.title[0].value == plain(answer_listings.gap_title(report, lang))
    assert figures[say("summary.out", lang)] == format_number(summary["villages"] - summary["covered"], lang)
    assert figures[say("dashboard.population_covered", lang)] == format_number(summary["population_covered"], lang)
    assert len(figures) == 3


def test_a_region_without_units_says_what_to_do(open_app: OpenApp) -> None:
    assert plain(say("agenda.units", "id", region="Maluku")) in said(open_app("ringkasan", region="81"))


@pytest.mark.parametrize("page", ["ringkasan", "celah", "pokling", "rencana", "whatif"])
def test_a_region_served_by_its_neighbours_says_so_first_and_asks_for_units(open_app: OpenApp, page: str) -> None:
    app = open_app(page, region="74.02")
    study = open_study("74.02")
    first, remedy = (plain(one.text("id")) for one in said_first(study))
    if page == "ringkasan":
        assert app.title[0].value.startswith(plain(answer_listings.led(study, "", "id")).strip())
        step = say("agenda.units_own", "id", region=study.region.name, units=7)
        assert plain(f"1) {step}") in said(app)
    else:
        assert [f"{first} {remedy}"] == [one.value for one in app.warning]


def test_what_changed_in_the_workspace_is_told(open_app: OpenApp) -> None:
    assert plain(say("summary.nothing_changed", "id")) in said(open_app("ringkasan", region="74"))
    Workspace.open().save_units(Workspace.open().units().head(2))
    assert "unit, 2 baris" in said(open_app("ringkasan", region="74"))


def test_who_comes_first_chooses_an_area_by_name_and_is_then_guided(open_app: OpenApp, cookies: dict[str, str]) -> None:
    app = open_app("ringkasan")
    assert WELCOME in said(app)
    assert "region" not in cookies
    app.selectbox(key="region-first").set_value("16.73").run()
    assert app.query_params["region"] == "16.73"
    assert WELCOME not in said(app)
    assert GUIDE in said(app)
    assert cookies["region"] == "16.73"


def test_the_example_can_be_taken_as_it_is(open_app: OpenApp, cookies: dict[str, str]) -> None:
    app = open_app("ringkasan")
    next(one for one in app.button if one.label == say("summary.use_example", "id", region="Sulawesi Tenggara")).click()
    app.run()
    assert cookies["region"] == "74"
    assert WELCOME not in said(app)


def test_the_next_visit_begins_with_the_area_language_and_without_the_guide(
    open_app: OpenApp, cookies: dict[str, str]
) -> None:
    cookies.update(region="16.73", lang="en", guide="off")
    app = open_app("ringkasan")
    assert app.query_params["region"] == "16.73"
    assert app.query_params["lang"] == "en"
    assert say("summary.guide", "en") not in said(app)


def test_the_address_decides_before_the_browser(open_app: OpenApp, cookies: dict[str, str]) -> None:
    cookies.update(region="16.73", lang="en")
    app = open_app("ringkasan", region="74.71", lang="id")
    assert app.query_params["region"] == "74.71"
    assert app.query_params["lang"] == "id"


@pytest.mark.parametrize("region", ["Atlantis", "99", "../x", "ID"])
def test_a_region_that_is_none_in_a_cookie_is_as_if_there_were_none(
    open_app: OpenApp, cookies: dict[str, str], region: str
) -> None:
    cookies["region"] = region
    assert WELCOME in said(open_app("ringkasan"))


def test_a_cookie_holds_plain_words_only() -> None:
    with pytest.raises(ValueError, match="not a value"):
        browser.keep(region='74";alert(1);"')


def test_scenarios_outlive_a_reload_in_the_same_browser_only(open_app: OpenApp, cookies: dict[str, str]) -> None:
    app = open_app("whatif", region="74.71", add="74.71.01.1005")
    next(one for one in app.text_input if one.label == say("dashboard.compare_name", "id")).set_value("Punya saya")
    next(one for one in app.button if one.label == say("dashboard.compare_keep", "id")).click().run()
    assert "Punya saya" in app.session_state["scenarios"]
    again = open_app("whatif", region="74.71", add="74.71.01.1005")
    assert "Punya saya" in again.session_state["scenarios"]
    cookies.pop(saved_work.COOKIE)
    other = open_app("whatif", region="74.71")
    assert "scenarios" not in other.session_state


@pytest.mark.parametrize("query", [{}, {"region": "16.73"}])
def test_with_the_database_away_nobody_is_welcomed_to_another_region(
    query: dict[str, str], open_app: OpenApp, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cookies["region"] = "16.73"
    monkeypatch.setenv("JANGKAU_WORKSPACE", "postgresql://jangkau@127.0.0.1:1/jangkau")
    app = open_app("ringkasan", **query)
    assert ["tidak dapat dihubungi" in error.value for error in app.error] == [True]
    assert not app.main.markdown
    assert not app.main.button
    del cookies["region"]
    app = open_app("ringkasan", **query)
    assert not {WELCOME, GUIDE} & {one.value.strip("*") for one in app.main.markdown}
