"""Floating catchments give what the PyPI package `access` gives, on its own hospital example."""

import numpy as np
import pandas as pd
import pytest
from access import Access
from access.access import weights
from access.tests import test_hospital_example as hospital

from coverage.answers.access import E2SFCA_WEIGHTS, floating_catchment, steps

# The package calls pandas in a way that newer versions advise against.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")

PLACES = [1, 2, 3]
PEOPLE = {1: 100, 2: 50, 3: 10}
DOCTORS = {1: 15, 2: 20, 3: 100}
LONGEST_MIN = 60.0


@pytest.fixture(scope="module")
def example():
    """The package's own example: three places, four states of traffic, and what it expects."""
    made = hospital.TestHospitalExample()
    made.setup_method()
    return made


def ours(costs, weigh):
    table = costs.pivot_table(index="origin", columns="dest", values="cost").loc[PLACES, PLACES]
    demand, supply = (np.array([given[one] for one in PLACES], dtype=float) for given in (PEOPLE, DOCTORS))
    access, _ = floating_catchment(table.to_numpy(float), demand, supply, weigh)
    return dict(zip(PLACES, access, strict=True))


@pytest.mark.parametrize("traffic", range(4))
def test_gravity_weights_give_the_published_example(example, traffic):
    found = ours(example.costs[traffic], lambda minutes: np.where(minutes <= LONGEST_MIN, 1 / minutes, 0.0))
    assert found == pytest.approx(example.val_2sfca[traffic])
    assert found == pytest.approx(example.reference_2sfca[traffic])


@pytest.mark.parametrize("traffic", range(4))
@pytest.mark.parametrize("bands", [(1.0,), E2SFCA_WEIGHTS])
def test_bands_give_what_the_package_gives(example, traffic, bands):
    ends = LONGEST_MIN * np.arange(1, len(bands) + 1) / len(bands)
    theirs = Access(
        demand_df=_table("pop", PEOPLE),
        demand_index="geoid",
        demand_value="pop",
        supply_df=_table("doc", DOCTORS),
        supply_index="geoid",
        supply_value="doc",
        cost_df=example.costs[traffic],
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
    )
    theirs.enhanced_two_stage_fca(
        name="e", weight_fn=weights.step_fn(dict(zip(ends, bands, strict=True))), max_cost=LONGEST_MIN + 1
    )
    assert ours(example.costs[traffic], steps(LONGEST_MIN, bands)) == pytest.approx(theirs.access_df["e_doc"].to_dict())


def _table(column, values):
    return pd.DataFrame({"geoid": list(values), column: list(values.values())})
