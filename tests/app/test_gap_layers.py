"""What the page of gaps lays over its map: the way of a village and the catchment of a unit."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.catchments import catchment
from coverage.answers.journey import journey
from coverage.answers.study import open_study
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words.journey_legs import leg_lines
from coverage.ground.texts import LANGUAGES, Language, say

OpenApp = Callable[..., AppTest]
WANCI = "74.07.01.1003"
UNIT = "bnn-kota-baubau"


def overlay(app: AppTest) -> str:
    (component,) = [block for block in app.get("component_instance") if "feature_group" in block.proto.json_args]
    return str(json.loads(component.proto.json_args)["feature_group"])


def ways(app: AppTest) -> int:
    """Count the legs drawn; ferry lines lie on the map at all times."""
    return overlay(app).count('"thin":false')


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_way_of_a_chosen_village_is_told_leg_by_leg_and_drawn(open_app: OpenApp, lang: Language) -> None:
    app = open_app(region="74", lang=lang)
    assert ways(app) == 0
    app.selectbox(key="gap-village-74").set_value(WANCI).run()
    found = journey(open_study("74"), WANCI, UNIT)
    told = "\n".join(f"{number}. {plain(line)}" for number, line in enumerate(leg_lines(found, lang), start=1))
    assert told in [block.value for block in app.markdown]
    assert found.route is not None
    assert ways(app) == len(found.route.legs)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catchment_of_a_chosen_unit_is_told_step_by_step_and_drawn(open_app: OpenApp, lang: Language) -> None:
    app = open_app(region="74", lang=lang)
    app.selectbox(key="gap-reach-74").set_value(UNIT).run()
    bands = catchment(open_study("74"), UNIT).bands
    shown = [block.value for block in app.markdown]
    for step in bands.itertuples():
        values = {"cutoff_min": step.cutoff_min, "villages": step.villages, "population": step.population}
        assert plain(say("catchment.step", lang, **values)) in shown
    assert overlay(app).count('"area"') == len(bands)


def test_a_village_that_no_unit_is_connected_with_has_no_way(open_app: OpenApp) -> None:
    app = open_app(region="52")
    app.selectbox(key="gap-village-52").set_value("52.03.01.2015").run()
    assert ways(app) == 0
