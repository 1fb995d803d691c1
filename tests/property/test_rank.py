"""Laws of the Pokling ranking: parts add up, whoever is left out is told the true number."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.answers.pokling import PARTS, Rules, rank
from coverage.ground.errors import InputError
from coverage.travel.od import Places, od_matrix

few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAY = dt.date(2024, 10, 5)
WATERVANG, JAWA_KANAN_SS = "16.73.01.1016", "16.73.05.1002"
KENDARI = "bnn-kota-kendari"

weights = st.lists(st.floats(0, 5), min_size=4, max_size=4).filter(lambda values: sum(values) > 0.01)


def from_kendari(study):
    """Travel of a team with a car, computed apart: passenger boats taken out by name."""
    boats = [one for one in study.ferries.index if "kendari-raha" in one or "raha-baubau" in one]
    network = study.network.without_ferries(boats)
    node = network.nodes.get_indexer(["74.71.05.1009"])
    zero = np.zeros(1)
    return od_matrix(network, study.villages.index, Places(pd.Index([KENDARI]), node, zero, zero))


def visited(study, *visits):
    rows = [(kode, pd.Timestamp(day), "", "", "uji") for kode, day in visits]
    table = pd.DataFrame(rows, columns=list(study.visits.columns)).astype(study.visits.dtypes)
    return dataclasses.replace(study, visits=table)


@few
@given(weights, st.floats(5, 600), st.floats(10, 900))
def test_the_parts_sum_to_the_score_and_stay_within_their_weights(sultra, shares, cutoff, limit):
    rules = Rules(dict(zip(PARTS, shares, strict=True)), cutoff_min=cutoff, max_travel_min=limit)
    table = rank(sultra, KENDARI, DAY, rules=rules).ranked
    parts = table[[f"score_{part}" for part in PARTS]]
    assert np.allclose(parts.sum(axis=1), table["score"])
    most = 100 * np.array(shares) / sum(shares)
    assert (parts.to_numpy() >= -1e-9).all()
    assert (parts.to_numpy() <= most + 1e-9).all()
    assert not table["score"].isna().any()
    assert table["score"].is_monotonic_decreasing
    assert table["rank"].tolist() == list(range(1, len(table) + 1))


@few
@given(st.floats(10, 900))
def test_every_village_is_ranked_or_left_out_for_the_first_cause_that_holds(sultra, limit):
    found = rank(sultra, KENDARI, DAY, rules=Rules(max_travel_min=limit))
    assert sorted([*found.ranked.index, *found.left_out.index]) == sultra.villages.index.tolist()
    minutes = pd.Series(from_kendari(sultra).minutes[:, 0], index=sultra.villages.index)
    cause = found.left_out["cause"]
    assert cause[cause == "base"].index.tolist() == ["74.71.05.1009"]
    assert set(cause[cause == "not_connected"].index) == set(minutes.index[np.isinf(minutes)])
    far = minutes.index[np.isfinite(minutes) & (minutes > limit)]
    assert set(cause[cause == "too_far"].index) == set(far)
    assert (found.ranked["travel_min"] == minutes[found.ranked.index]).all()


def test_the_sentences_of_who_is_left_out_carry_the_numbers_of_the_matrix(sultra):
    day = DAY - dt.timedelta(days=30)
    study = visited(sultra, ("74.71.01.1005", day))
    found = rank(study, KENDARI, DAY)
    travel = from_kendari(sultra)
    minutes = pd.Series(travel.minutes[:, 0], index=sultra.villages.index)
    for cause in ("too_far", "not_connected", "visited", "base"):
        kode = str(found.left_out.index[found.left_out["cause"] == cause][0])
        (message,) = found.why(kode)
        assert message.values["base" if cause != "visited" else "name"]
        assert kode in str(message.values["name"])
        if cause == "too_far":
            assert message.values["travel_min"] == minutes[kode] > message.values["limit_min"] == 180.0
        if cause == "not_connected":
            assert np.isinf(minutes[kode])
        if cause == "visited":
            assert message.values["day"] == day
            assert (message.values["days"], message.values["rest"]) == (30, 180)
            assert message.values["again"] == day + dt.timedelta(days=180)
        assert message.text("id")
        assert message.text("en")


def test_the_reasons_of_a_candidate_carry_the_numbers_of_the_matrix(sultra):
    found = rank(sultra, KENDARI, DAY)
    travel = from_kendari(sultra)
    for kode in found.ranked.index[::97]:
        row = sultra.villages.index.get_loc(kode)
        said = {message.key: message.values for message in found.reasons(kode)}
        going = said.get("pokling.travel") or said["pokling.travel_ferry"]
        assert going["travel_min"] == travel.minutes[row, 0]
        assert going["travel_km"] == travel.km[row, 0]
        assert going["ferries"] == travel.ferry_legs[row, 0]
        near = said.get("pokling.nearest_inside") or said["pokling.nearest_beyond"]
        assert near["nearest_min"] == sultra.od.minutes[row].min()
        assert ("pokling.nearest_inside" in said) == (near["nearest_min"] <= 60.0)
        head, parts, *rest = found.why(kode)
        assert head.values["rank"] == found.ranked.at[kode, "rank"]
        behind = rest[: len(rest) - len(found.reasons(kode))]
        assert tuple(rest[len(behind) :]) == found.reasons(kode)
        assert [message.key for message in behind] == ["pokling.behind"] * int(head.values["rank"] > 1)
        for message in behind:
            ahead = found.ranked["score"].iloc[0] - found.ranked.at[kode, "score"]
            assert message.values["ahead"] == pytest.approx(ahead, abs=0.05)
        assert sum(float(str(parts.values[part])) for part in PARTS) == pytest.approx(head.values["score"], abs=0.21)


def test_the_same_question_has_the_same_answer_whatever_the_order_of_visits(sultra):
    visits = [
        (kode, DAY - dt.timedelta(days=days)) for kode, days in zip(sultra.villages.index, range(400), strict=False)
    ]
    one, other = (rank(visited(sultra, *order), KENDARI, DAY).ranked for order in (visits, visits[::-1]))
    pd.testing.assert_frame_equal(one, other)


def test_visits_after_the_day_of_planning_have_not_happened_yet(sultra):
    kode = "74.71.01.1005"
    future = rank(visited(sultra, (kode, DAY + dt.timedelta(days=1))), KENDARI, DAY).ranked
    pd.testing.assert_frame_equal(future, rank(visited(sultra), KENDARI, DAY).ranked)
    assert rank(visited(sultra, (kode, DAY)), KENDARI, DAY).left_out.at[kode, "cause"] == "visited"


@pytest.mark.parametrize(("days", "rests"), [(179, True), (180, False)])
def test_a_village_rests_until_its_day_comes(sultra, days, rests):
    kode = "74.71.01.1005"
    found = rank(visited(sultra, (kode, DAY - dt.timedelta(days=days))), KENDARI, DAY)
    assert (kode in found.left_out.index) == rests


@few
@given(st.integers(180, 900), st.integers(180, 900))
def test_need_grows_again_with_the_days_since_the_last_visit(sultra, one, other):
    kode = "74.71.01.1005"

    def since(days):
        study = visited(sultra, (kode, DAY - dt.timedelta(days=days)))
        return rank(study, KENDARI, DAY).ranked.at[kode, "score_since"]

    short, long = sorted((one, other))
    assert since(short) <= since(long) <= rank(visited(sultra), KENDARI, DAY).ranked.at[kode, "score_since"]
    assert since(365) == pytest.approx(20.0)


def test_lubuklinggau_in_october_2024_goes_elsewhere_than_where_it_has_been(lubuklinggau):
    found = rank(lubuklinggau, as_of=DAY)
    assert found.base == "bnn-kota-lubuklinggau"
    assert len(found.ranked) + len(found.left_out) == 72
    assert not {WATERVANG, JAWA_KANAN_SS} & set(found.ranked.index)
    assert found.left_out.loc[[WATERVANG, JAWA_KANAN_SS], "cause"].tolist() == ["visited", "visited"]
    (why,) = found.why("Watervang")
    assert why.key == "pokling.out_visited_latest"
    assert why.values["day"] == dt.date(2024, 10, 1)
    assert why.values["days"] == 4
    (jawa,) = found.why("Jawa Kanan SS")
    assert "Jawa Kanan SS" in jawa.text("id")


def test_before_the_first_pokling_both_are_candidates(lubuklinggau):
    assert {WATERVANG, JAWA_KANAN_SS} <= set(rank(lubuklinggau, as_of=dt.date(2024, 6, 30)).ranked.index)


def test_a_team_with_a_vehicle_takes_no_passenger_boat(sultra):
    found = rank(sultra, KENDARI, DAY, rules=Rules(max_travel_min=1440))
    raha = found.ranked.loc["74.03.16.1005"]
    assert raha["travel_min"] > sultra.od.minutes[sultra.villages.index.get_loc("74.03.16.1005"), 3]


@pytest.mark.parametrize(
    "rules",
    [
        Rules(weights=dict.fromkeys(PARTS, 0.0)),
        Rules(weights=dict.fromkeys(PARTS, 1.0) | {"need": -1.0}),
        Rules(weights=dict.fromkeys(PARTS, 1.0) | {"need": float("nan")}),
        Rules(max_travel_min=0),
        Rules(recovery_days=0),
        Rules(rest_days=-1),
        Rules(cutoff_min=0),
    ],
)
def test_rules_out_of_range_are_refused(lubuklinggau, rules):
    with pytest.raises(InputError):
        rank(lubuklinggau, as_of=DAY, rules=rules)


def test_a_base_that_several_can_be_is_asked_for_by_name(sultra):
    with pytest.raises(InputError, match=KENDARI):
        rank(sultra, as_of=DAY)
    with pytest.raises(InputError, match="tidak ada"):
        rank(sultra, "tidak ada", DAY)


def test_where_all_are_covered_a_smaller_cutoff_is_offered_and_puts_the_far_first(lubuklinggau):
    usual = rank(lubuklinggau, as_of=DAY)
    (hint,) = usual.hints
    assert "ambang lebih kecil" in hint.text()
    smaller = rank(lubuklinggau, as_of=DAY, rules=Rules(cutoff_min=float(str(hint.values["smaller_min"]))))
    assert smaller.hints == ()
    assert smaller.ranked["nearest_min"].head(5).min() > usual.ranked["nearest_min"].head(5).max()
