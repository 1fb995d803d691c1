"""Published instances: the optimum is the source's.

OR-Library pmed1-20: J. E. Beasley (1985), A note on solving large p-median problems, European Journal of Operational
Research 21(2), 270-273, doi:10.1016/0377-2217(85)90040-2; the p-center values are those proven by S. Elloumi,
M. Labbé and Y. Pochet (2004), doi:10.1287/ijoc.1030.0028. San Francisco: 205 census tracts and 16 stores in the PyPI
package spopt, whose own tests hold the same values; several sets reach one optimum, so values are compared, not sets.
"""

import math
import os
from importlib.metadata import files
from pathlib import Path

import pandas as pd
import pytest

from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.lscp import lscp
from coverage.answers.siting.models.mclp import mclp
from coverage.answers.siting.models.p_center import p_center
from coverage.answers.siting.models.p_median import p_median
from coverage.answers.siting.orlib import read_pmed

SHARED = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[2].parent / "shared"))
INSTANCES = SHARED / "data" / "golden" / "orlib_pmed"
# Time is no part of the claim: on a slow machine a proof may take long, but it comes.
PATIENT = Limits(seconds=600)
MEDIAN = dict(
    enumerate(
        [
            *(5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255),
            *(7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789),
        ],
        1,
    )
)
CENTER = dict(enumerate([127, 98, 93, 74, 48, 84, 64, 55, 37, 20, 59, 51, 36, 26, 18, 47, 39, 28, 18, 13], 1))
published = pytest.mark.skipif(not INSTANCES.is_dir(), reason="the OR-Library instances are not beside the repository")


@pytest.mark.parametrize("number", MEDIAN, ids=lambda number: f"pmed{number}")
@pytest.mark.shared
@published
def test_p_median_of_the_or_library_is_exact(number):
    problem, sites = read_pmed(INSTANCES / f"pmed{number}.txt")
    found = p_median(problem, sites, PATIENT)
    assert (found.status, found.objective, len(found.sites)) == ("optimal", MEDIAN[number], sites)
    assert problem.minutes[:, list(found.sites)].min(axis=1).sum() == MEDIAN[number]


@pytest.mark.parametrize("number", CENTER, ids=lambda number: f"pmed{number}")
@pytest.mark.shared
@published
def test_p_center_of_the_or_library_is_exact(number):
    problem, sites = read_pmed(INSTANCES / f"pmed{number}.txt")
    found = p_center(problem, sites, PATIENT)
    assert (found.status, found.objective, len(found.sites)) == ("optimal", CENTER[number], sites)
    assert problem.minutes[:, list(found.sites)].min(axis=1).max() == CENTER[number]


@pytest.fixture(scope="module")
def san_francisco():
    data = {path.name: path.locate() for path in files("spopt") or [] if path.name.startswith("SF_")}
    tracts = pd.read_csv(data["SF_demand_205_centroid_uniform_weight.csv"]).set_index("NAME")
    routes = pd.read_csv(data["SF_network_distance_candidateStore_16_censusTract_205_new.csv"])
    metres = routes.pivot_table(index="DestinationName", columns="name", values="distance")
    return SitingProblem(
        metres.to_numpy(), tracts["POP2000"].reindex(metres.index).to_numpy(float), names=tuple(metres.columns)
    )


def test_set_covering_of_san_francisco_opens_eight(san_francisco):
    assert san_francisco.minutes.shape == (205, 16)
    assert lscp(san_francisco, 5000).objective == 8


def test_maximal_covering_of_san_francisco_covers_875247(san_francisco):
    assert mclp(san_francisco, 4, 5000).objective == 875247


def test_p_median_of_san_francisco(san_francisco):
    found = p_median(san_francisco, 4)
    assert found.status == "optimal"
    assert math.isclose(found.objective, 2848268129.7145, rel_tol=1e-12)
    assert math.isclose(found.objective / san_francisco.total, 2982.1269, abs_tol=1e-4)


def test_p_center_of_san_francisco(san_francisco):
    assert math.isclose(p_center(san_francisco, 4).objective, 7403.0638, abs_tol=1e-4)
