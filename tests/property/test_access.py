"""Laws of access and equity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coverage.answers.access import E2SFCA_WEIGHTS, METHODS, floating_catchment, region_access, steps
from coverage.answers.equity import gini, worst_tenth
from coverage.ground.errors import InputError

ROWS, UNITS = 6, 3
minutes = arrays(np.float64, (ROWS, UNITS), elements=st.floats(0, 200) | st.just(np.inf))
people = arrays(np.float64, ROWS, elements=st.integers(0, 10_000).map(float))
supplies = arrays(np.float64, UNITS, elements=st.integers(0, 500).map(float))
bands = st.sampled_from([(1.0,), E2SFCA_WEIGHTS])
amounts = arrays(np.float64, ROWS, elements=st.floats(0, 1e4))


@given(minutes, people, supplies, st.floats(1, 200), bands)
def test_supply_is_conserved(od, demand, supply, cutoff, weights):
    weigh = steps(cutoff, weights)
    access, ratio = floating_catchment(od, demand, supply, weigh)
    reached = demand @ weigh(od) > 0
    assert demand @ access == pytest.approx(supply[reached].sum(), rel=1e-9, abs=1e-9)
    assert np.isfinite(access).all()
    assert (ratio[~reached] == 0).all()
    assert (access[(weigh(od) == 0).all(axis=1)] == 0).all()


@given(minutes, people, supplies, st.floats(1, 200), st.permutations(range(ROWS)))
def test_the_order_of_rows_changes_nothing(od, demand, supply, cutoff, order):
    access, _ = floating_catchment(od, demand, supply, steps(cutoff))
    again, _ = floating_catchment(od[order], demand[order], supply, steps(cutoff))
    assert again == pytest.approx(access[order], rel=1e-9)


@given(amounts, people)
def test_gini_lies_between_even_and_uneven_and_knows_no_unit(values, weight):
    found = gini(values, weight)
    assert (found is None) == (values @ weight <= 0)
    if found is not None:
        assert 0 <= found < 1
        assert gini(values * 60, weight) == pytest.approx(found, abs=1e-9)
        assert gini(np.ones(ROWS), weight) == pytest.approx(0, abs=1e-12)


@given(amounts, people)
def test_the_worst_tenth_is_no_better_than_the_mean_and_no_worse_than_the_worst(values, weight):
    found = worst_tenth(values, weight)
    assert (found is None) == (weight.sum() <= 0)
    if found is not None:
        inside = weight > 0
        slack = 1e-9 * (1 + values.max())
        assert values[inside] @ weight[inside] / weight.sum() - slack <= found <= values[inside].max() + slack


@pytest.mark.parametrize("method", METHODS)
def test_a_region_shares_out_all_its_supply(wakatobi, method):
    unit = wakatobi.units.index[0]
    report = region_access(wakatobi, method, 1440, supply={unit: 7})
    reached = report.units["people_reached"] > 0
    shared = report.demand @ report.villages["access"].to_numpy() / 100_000
    assert report.units.at[unit, "supply"] == 7
    assert shared == pytest.approx(report.units.loc[reached, "supply"].sum())
    assert shared > 0


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "3sfca"},
        {"weights": (0.2, 0.5)},
        {"weights": ()},
        {"weights": (0.0,)},
        {"weights": (1.0, float("nan"))},
        {"supply": {"x-tidak-ada": 1.0}},
        {"supply": {"klinik": -1.0}},
        {"supply": {"klinik": float("inf")}},
        {"cutoff_min": float("nan")},
    ],
)
def test_what_cannot_be_asked_is_told(wakatobi, asked):
    with pytest.raises(InputError, match=r"\."):
        region_access(wakatobi, **asked)
