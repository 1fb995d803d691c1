"""Published tours reached through our own interface; EUC_2D distances as TSPLIB defines them (Reinelt 1991)."""

import os
from pathlib import Path

import numpy as np
import pytest

from coverage.answers.tours.single import shortest_tour

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("JANGKAU_SHARED", ROOT.parent / "shared")) / "data" / "golden" / "tsplib"
OPTIMA = {"eil51": 426, "berlin52": 7542, "st70": 675, "eil76": 538, "kroA100": 21282}


def distances(path):
    """Give the rounded distances of a TSPLIB file."""
    section = path.read_text(encoding="ascii").split("NODE_COORD_SECTION")[1].split("EOF")[0]
    points = np.array(section.split(), dtype=float).reshape(-1, 3)[:, 1:]
    return np.floor(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + 0.5)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_the_published_optimum_is_reached(name, optimum):
    path = FOLDER / f"{name}.tsp"
    if not path.exists():
        pytest.skip("needs the real test material beside the repository")
    matrix = distances(path)
    tour = shortest_tour(matrix)
    assert tour.length == optimum
    assert not tour.proven
    assert sorted(tour.order) == list(range(len(matrix)))
    assert tour == shortest_tour(matrix)
