"""Laws of scenarios: written and read again they are the same, and so is their answer."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.answers.scenarios.compare import compare
from coverage.answers.scenarios.run import run_scenario
from coverage.answers.scenarios.scenario import Scenario, checked
from coverage.answers.scenarios.toml_file import scenario_from_toml, scenario_toml
from coverage.answers.siting.models.all_models import MODELS
from coverage.answers.siting.question import Question
from coverage.ground.errors import InputError
from coverage.ground.free_text import hidden_sign
from coverage.places.villages import load_villages
from coverage.travel.network.ferry_choices import SEASONS, WAITS, WEEKDAYS, TravelChoices

few = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
WAKATOBI = tuple(kode for kode in load_villages().index if kode.startswith("74.07."))
villages = st.lists(st.sampled_from(WAKATOBI), max_size=4, unique=True).map(tuple)
names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
travels = st.builds(
    TravelChoices,
    season=st.sampled_from(SEASONS),
    wait=st.sampled_from(WAITS),
    weekday=st.none() | st.sampled_from(WEEKDAYS),
    vehicles_only=st.booleans(),
)
questions = st.builds(
    Question,
    model=st.sampled_from(MODELS),
    number=st.none() | st.integers(1, 9),
    lock=villages,
    only=villages,
    capacity=st.none() | st.floats(1, 1e6),
    spacing_min=st.floats(0, 600),
    one_per_regency=st.booleans(),
    budget=st.none() | st.floats(1, 1e12),
    cost=st.floats(1, 1e12),
    costs=st.dictionaries(st.sampled_from(WAKATOBI), st.floats(1, 1e12), max_size=3).map(
        lambda given: tuple(given.items())
    ),
)
scenarios = st.builds(
    Scenario,
    name=names,
    region=st.just("74.07"),
    cutoff_min=st.floats(1, 1440),
    note=st.text(st.characters(exclude_categories=["Cs"]).filter(lambda sign: not hidden_sign(sign)), max_size=40),
    travel=travels,
    speeds=st.dictionaries(st.sampled_from(["ferry.km_per_h", "access.km_per_h"]), st.floats(1, 60)).map(
        lambda given: tuple(given.items())
    ),
    add=villages,
    close=st.lists(names, max_size=2).map(tuple),
    move=st.dictionaries(names, st.sampled_from(WAKATOBI), max_size=2).map(lambda given: tuple(given.items())),
    siting=st.none() | questions,
)


@given(scenarios)
def test_written_and_read_again_a_scenario_is_the_same(scenario):
    sound = checked(scenario)
    text = scenario_toml(sound)
    assert scenario_from_toml(text.encode(), "uji.toml") == sound
    assert scenario_toml(scenario_from_toml(text.encode(), "uji.toml")) == text


@few
@given(add=villages, season=st.sampled_from(SEASONS))
def test_the_same_scenario_gives_the_same_answer_and_no_difference_to_itself(add, season):
    scenario = checked(Scenario("a", "74.07", 45.0, add=add, travel=TravelChoices(season=season)))
    one, two = run_scenario(scenario), run_scenario(scenario)
    pd.testing.assert_frame_equal(one.figures, two.figures, check_exact=True)
    assert one.digest == two.digest
    found = compare([one, two])
    assert found.names == ("a", "a (2)")
    assert (found.table["difference_2"].dropna() == 0).all()
    assert found.table["value_1"].equals(found.table["value_2"])
    assert found.changes[0].changes.empty


@few
@given(add=villages, more=villages)
def test_more_units_never_cover_fewer(add, more):
    now, then = (run_scenario(checked(Scenario("a", "74.07", 60.0, add=some))) for some in (add, tuple({*add, *more})))
    table = compare([now, then]).table.set_index(["part", "kode", "measure"])["difference_2"]
    gains = table[table.index.get_level_values("measure").str.match(r"(people|villages)_")]
    assert (gains.dropna() >= 0).all()
    lost = table[table.index.get_level_values("measure").str.startswith("not_connected")]
    assert (lost.dropna() <= 0).all()


def test_a_siting_question_puts_its_answer_among_the_units():
    question = Question(number=2, model="mclp")
    answer = run_scenario(checked(Scenario("a", "74.71", 20.0, siting=question)))
    assert answer.proposal is not None
    sites = answer.proposal.kode(answer.proposal.result.sites)
    stored = run_scenario(checked(Scenario("b", "74.71", 20.0, add=tuple(sites))))
    found = compare([answer, stored])
    assert (found.table["difference_2"].dropna() == 0).all()
    gained = answer.change.newly_covered["population"].sum()
    assert answer.proposal.result.objective == pytest.approx(gained)


def test_parts_add_up_to_the_region():
    table = run_scenario(checked(Scenario("a", "74", 60.0))).figures
    sums = table[table["measure"].str.match(r"villages|not_connected_villages")]
    whole = sums[sums["part"] == "region"].set_index("measure")["value"]
    for part in ("regency", "vulnerability"):
        parts = sums[sums["part"] == part].groupby("measure")["value"].sum()
        assert parts.to_dict() == whole.to_dict()


@pytest.mark.parametrize(
    "others",
    [[], [Scenario("b", "74.71", 60.0)], [Scenario("b", "74.07", 30.0)]],
    ids=["alone", "another region", "another cutoff"],
)
def test_what_cannot_be_compared_is_told(others):
    answers = [run_scenario(one) for one in (Scenario("a", "74.07", 60.0), *others)]
    with pytest.raises(InputError, match=r"\."):
        compare(answers)


@pytest.mark.parametrize("fault", [{"close": ("x-tidak-ada",)}, {"travel": TravelChoices(without=("x-tidak-ada",))}])
def test_units_and_ferries_that_are_unknown_are_told_when_it_is_run(fault):
    with pytest.raises(InputError, match="x-tidak-ada"):
        run_scenario(checked(Scenario("a", "74.07", **fault)))
