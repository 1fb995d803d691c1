"""How one travels in the sidebar, and the tabs where ferries and speeds are changed."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.faces.dashboard.pages.ferry_forms import _differing
from coverage.faces.dashboard.pages.speed_forms import changed_cells
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import speed_list
from coverage.ground.texts import LANGUAGES, Language, say
from coverage.places.ferries import embedded_ferries, find_ferry
from coverage.places.ferry_changes import FerryChange
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.speed_choices import own_speeds, store_speeds

OpenApp = Callable[..., AppTest]
TORO = "torobulu-tampo"


def captions(app: AppTest) -> str:
    return " ".join(one.value for one in app.caption)


def notes(app: AppTest) -> str:
    return " ".join(one.value for one in app.markdown)


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert [fault.message for fault in app.exception] == []
    return app


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_address_says_how_one_travels_and_the_page_answers_so(open_app: OpenApp, lang: Language) -> None:
    app = open_app(lang=lang, region="74", season="hujan", without=TORO, wait="worst", day="rab", boats="kendaraan")
    choices = TravelChoices("hujan", (TORO,), "worst", "rab", vehicles_only=True)
    assert app.title[0].value == plain(answer_listings.gap_title(gaps(open_study("74", choices=choices), 60), lang))
    assert say("dashboard.season_hujan", lang) in captions(app)
    assert "Torobulu-Tampo" in captions(app)
    assert say("travel.day_rab", lang) in notes(app)
    asked = {"season": "hujan", "without": TORO, "wait": "worst", "day": "rab", "boats": "kendaraan"}
    assert {name: app.query_params[name] for name in asked} == asked


def test_a_choice_of_the_sidebar_goes_into_the_address_and_back_out(open_app: OpenApp) -> None:
    app = open_app(region="74.03")
    assert "season" not in app.query_params
    app.selectbox(key="season").set_value("ombak").run()
    assert app.query_params["season"] == "ombak"
    assert "Torobulu-Tampo (+45 mnt)" in notes(app).replace("\\", "")
    app.selectbox(key="season").set_value("biasa").run()
    assert "season" not in app.query_params
    assert "Perjalanan" not in captions(app)


ALL_ASKED = {"season": "ombak", "without": TORO, "wait": "worst", "day": "rab", "boats": "kendaraan"}
OF_FERRIES = ("without", "wait", "day", "boats")


def widgets_of_travel(app: AppTest) -> dict[str, list[str]]:
    """Give the options of each choice of the sidebar that is shown, by its key."""
    boxes = [*app.sidebar.selectbox, *app.sidebar.multiselect, *app.sidebar.radio]
    return {box.key: list(box.options) for box in boxes if box.key in ("season", *OF_FERRIES)}


@pytest.mark.parametrize("page", ["ringkasan", "celah", "metode"])
@pytest.mark.parametrize("region", ["16.73", "74.71", "74.03", "35.08"])
def test_the_sidebar_asks_about_ferries_exactly_where_one_is_in_reach(open_app: OpenApp, page, region) -> None:
    near = open_study(region).ferries_in_reach
    shown = widgets_of_travel(open_app(page, region=region))
    assert set(shown) - {"season"} == (set(OF_FERRIES) if near else set())
    assert (say("dashboard.season_ombak", "id") in shown["season"]) is bool(near)


def test_a_choice_about_ferries_waits_unseen_in_a_landlocked_region_and_holds_again_at_the_sea(open_app) -> None:
    app = open_app(region="16.73", **ALL_ASKED)
    assert {name: app.query_params[name] for name in ALL_ASKED} == ALL_ASKED
    assert say("dashboard.travel_as", "id", choices="").strip(" .") not in captions(app)
    assert set(widgets_of_travel(app)) == {"season"}
    for region in ("74", "16.73", "74"):
        app.selectbox(key="region").set_value(region).run()
        assert {name: app.query_params[name] for name in ALL_ASKED} == ALL_ASKED
    choices = TravelChoices("ombak", (TORO,), "worst", "rab", vehicles_only=True)
    assert app.title[0].value == plain(answer_listings.gap_title(gaps(open_study("74", choices=choices), 60), "id"))
    assert set(widgets_of_travel(app)) == {"season", *OF_FERRIES}
    assert "Torobulu-Tampo" in captions(app)


@pytest.mark.parametrize(("name", "text"), [("without", "feri-x"), ("wait", "lama"), ("day", "ahad"), ("boats", "?")])
def test_a_choice_about_ferries_that_is_none_can_be_mended_in_a_landlocked_region(open_app, name, text) -> None:
    app = open_app(region="16.73", **{name: text})
    assert plain(text) in app.error[0].value
    assert set(widgets_of_travel(app)) == {"season", *OF_FERRIES}


@pytest.mark.parametrize(
    ("name", "text"),
    [("season", "kemarau"), ("without", "feri-x"), ("wait", "lama"), ("day", "ahad"), ("boats", "?")],
)
def test_a_choice_of_the_address_that_is_none_is_told(open_app: OpenApp, name: str, text: str) -> None:
    app = open_app(region="74.03", **{name: text})
    assert len(app.error) == 1
    assert plain(text) in app.error[0].value


@pytest.mark.parametrize("page", ["pokling", "whatif"])
def test_the_other_pages_travel_the_same_way(open_app: OpenApp, page: str) -> None:
    app = open_app(page, region="74.03", season="ombak", date="2024-10-05", add="74.03.06.1005")
    assert "Torobulu-Tampo (+45 mnt)" in captions(app).replace("\\", "")


def test_a_damaged_workspace_is_told_and_not_a_fault(open_app: OpenApp, home) -> None:
    (home / "kerja.gpkg").write_bytes(b"rusak")
    app = open_app(region="74.03")
    assert "kerja.gpkg" in app.error[0].value


def test_a_line_is_changed_hidden_and_used_again(open_app: OpenApp) -> None:
    app = open_app("data", region="74.03")
    app.selectbox(key="ferry-chosen").set_value(TORO).run()
    assert app.number_input(key=f"ferry-{TORO}-sailing").value == 180
    press(app, say("dashboard.ferry_change", "id"))
    assert say("dashboard.nothing_changed", "id") in app.error[0].value
    app.text_input(key=f"ferry-{TORO}-departures").set_value("07:00,25:00")
    press(app, say("dashboard.ferry_change", "id"))
    assert "25" in app.error[0].value
    app.text_input(key=f"ferry-{TORO}-departures").set_value("07:00,13:00")
    app.text_input(key=f"ferry-{TORO}-days").set_value("Min:0")
    press(app, say("dashboard.ferry_change", "id"))
    held = Workspace.open().ferries().set_index("id").loc[TORO]
    assert (held["departures"], held["days"]) == ("07:00;13:00", "Min:0")
    assert (held["sailing_min"], held["sailing_max_min"]) == ("150", "210")
    assert "Torobulu-Tampo" in app.success[0].value
    press(app, say("dashboard.ferry_remove", "id"))
    assert TORO not in set(Workspace.open().ferries()["id"])
    press(app, say("dashboard.ferry_change", "id"))
    assert TORO in set(Workspace.open().ferries()["id"])


def test_a_number_that_was_emptied_is_not_known_from_now_on() -> None:
    row = find_ferry(embedded_ferries(), TORO)
    same = FerryChange(
        sailing_min=180, trips_per_day=5, departures="", days=row["days"], vehicles="unknown", name=row["name"]
    )
    assert _differing(row, same) == FerryChange(unknown=("season_extra",))


def test_a_new_line_needs_its_ports(open_app: OpenApp) -> None:
    app = open_app("data", region="74.07")
    press(app, say("dashboard.ferry_save", "id"))
    assert say("dashboard.ferry_incomplete", "id") in app.error[0].value
    app.selectbox(key="ferry--from").set_value("74.07.02.1002")
    app.text_input(key="ferry--to").set_value("74.07.01.1003")
    press(app, say("dashboard.ferry_save", "id"))
    assert "74.07.01.1003-74.07.02.1002" in set(Workspace.open().ferries()["id"])


def test_only_values_that_changed_are_stored_and_emptied_ones_go_back() -> None:
    shown = speed_list({"detour.base": 1.3}, "id").frame
    edited = shown.copy()
    edited.loc[edited["key"] == "road_km_per_h.trunk", "value"] = 35.0
    edited.loc[edited["key"] == "detour.base", "value"] = np.nan
    assert changed_cells(shown, shown.copy()) == ({}, [])
    assert changed_cells(shown, edited) == ({"road_km_per_h.trunk": 35.0}, ["detour.base"])


def test_the_tab_shows_what_is_changed_and_takes_it_back(open_app: OpenApp) -> None:
    store_speeds(Workspace.open(), {"indicative_km_per_h.rural": 20})
    app = open_app("data", region="74.03")
    tables = [table.value for table in app.dataframe if "value" in getattr(table.value, "columns", [])]
    rows = pd.concat(tables).set_index("key")
    assert (rows.loc["indicative_km_per_h.rural", "value"], rows.loc["indicative_km_per_h.rural", "shipped"]) == (
        20,
        43,
    )
    press(app, say("dashboard.speeds_reset", "id"))
    assert own_speeds(Workspace.open()) == {}


def test_changed_speeds_hold_for_every_page_at_once(open_app: OpenApp) -> None:
    app = open_app(region="74.03")
    before = app.title[0].value
    store_speeds(Workspace.open(), {"indicative_km_per_h.rural": 5})
    app.run()
    assert app.title[0].value != before
    assert "rural 5" in notes(app)
