"""Both engines of the OD matrix give the same answer."""

import numpy as np
import pandas as pd
import pytest

from coverage.answers.study import open_study
from coverage.travel import paths
from coverage.travel.od import Places, od_matrix


def test_hub_labels_and_dijkstra_agree_on_minutes_kilometres_and_ferries(monkeypatch):
    study = open_study("74.14")
    villages = study.villages.index[::3]
    places = Places(
        pd.Index(villages),
        study.network.nodes.get_indexer(villages),
        np.linspace(0, 5, len(villages)),
        np.linspace(0, 1, len(villages)),
    )
    plain = od_matrix(study.network, study.villages.index, places)
    monkeypatch.setattr(paths, "_MANY", 0)
    labelled = od_matrix(study.network, study.villages.index, places)
    assert labelled.minutes == pytest.approx(plain.minutes, abs=1e-9)
    assert np.array_equal(np.isinf(labelled.km), np.isinf(plain.km))
    assert (labelled.ferry_legs == plain.ferry_legs).mean() > 0.999
    finite = np.isfinite(plain.km) & (labelled.ferry_legs == plain.ferry_legs)
    assert labelled.km[finite] == pytest.approx(plain.km[finite], abs=1e-6)
