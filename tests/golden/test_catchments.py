"""Catchments of Sulawesi Tenggara: in step with the OD matrix, nested, and told in every format."""

import json

import numpy as np
import pytest
import shapely

from coverage.answers.catchments import catchment
from coverage.answers.study import open_study
from coverage.faces.cli import main
from coverage.ground.errors import InputError


@pytest.fixture(scope="module")
def study():
    return open_study("74")


def test_each_step_covers_the_one_before_and_holds_exactly_the_villages_in_time(study):
    answered = catchment(study, "bnnk-muna")
    spots = shapely.points(study.villages["lon"], study.villages["lat"])
    minutes = study.od.minutes[:, study.od.destinations.get_loc("bnnk-muna")]
    inner = shapely.MultiPolygon()
    for step, area in zip(answered.bands["cutoff_min"], answered.bands.geometry, strict=True):
        assert area.is_valid
        assert shapely.area(shapely.difference(inner, area)) < 1e-9
        assert list(answered.within[step]) == list(study.villages.index[minutes <= step])
        assert shapely.covers(area, spots[minutes <= step]).all()
        inner = area
    assert np.all(np.diff(answered.bands["villages"]) > 0)


def test_muna_is_not_reached_across_the_strait_from_buton_within_half_an_hour(study):
    reached = catchment(study, "bnnk-muna", [30.0]).within[30.0]
    assert reached
    assert set(study.villages.loc[list(reached), "island"]) == {study.villages.at["74.03.16.1005", "island"]}


def test_steps_out_of_range_are_refused(study):
    for steps in ([], [0.0], [30.0, 1441.0], [float(step) for step in range(1, 10)]):
        with pytest.raises(InputError):
            catchment(study, "bnnk-muna", steps)


def test_the_command_writes_areas_and_tells_the_villages(tmp_path, capsys):
    path = tmp_path / "c.geojson"
    asked = ["catchment", "--region", "74", "--unit", "BNNK Muna", "--minutes", "30,60", "-o", str(path)]
    assert main([*asked, "--format", "json"]) == 0
    bands = json.loads(capsys.readouterr().out)["bands"]
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [band["cutoff_min"] for band in bands] == [30, 60]
    assert [len(band["kode"]) for band in bands] == [band["villages"] for band in bands]
    assert [feature["properties"]["villages"] for feature in features] == [band["villages"] for band in bands]
    assert {feature["geometry"]["type"] for feature in features} <= {"Polygon", "MultiPolygon"}
    assert main(["catchment", "--region", "74", "--unit", "tidak-ada"]) == 2
    assert "bnnk-kolaka" in capsys.readouterr().err
