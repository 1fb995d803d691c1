"""Hostile road files: what makes GDAL read other files works without the guard, and finds no way here."""

import json

import pyogrio
import pytest

from coverage.ground import vector_lines
from coverage.ground.errors import InputError
from coverage.travel.roads import lines
from coverage.travel.roads.importing import read_roads
from coverage.travel.roads.lines import Columns, read_lines

INSIDE = "rahasia kantor lain"
REGION = "74.71"


@pytest.fixture
def secret(tmp_path):
    """A file of somebody else on this machine."""
    folder = tmp_path / "orang lain"
    folder.mkdir()
    line = {"type": "LineString", "coordinates": [[122.51, -3.97], [122.52, -3.97]]}
    feature = {"type": "Feature", "properties": {"nama": INSIDE}, "geometry": line}
    (folder / "jalan.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return folder / "jalan.geojson"


@pytest.fixture
def hostile(secret, tmp_path):
    source = f"<SrcDataSource>{secret}</SrcDataSource><SrcLayer>jalan</SrcLayer>"
    path = tmp_path / "jalan.geojson"
    path.write_text(f'<OGRVRTDataSource><OGRVRTLayer name="jalan">{source}</OGRVRTLayer></OGRVRTDataSource>')
    return path


def test_vrt_called_geojson_reads_files_of_the_machine_without_the_guard(hostile):
    assert pyogrio.read_dataframe(hostile)["nama"].tolist() == [INSIDE]


def test_vrt_is_refused_by_its_first_bytes(hostile):
    with pytest.raises(InputError, match="bukan berkas jalan"):
        read_roads(hostile, REGION, Columns())


def test_even_past_the_first_bytes_the_child_has_no_driver_for_it(hostile, monkeypatch):
    monkeypatch.setattr(lines, "format_of", lambda _: "geojson")
    with pytest.raises(InputError) as caught:
        read_lines(hostile, Columns())
    assert INSIDE not in caught.value.text("id")


def test_road_lines_are_opened_in_the_child_alone(secret, monkeypatch):
    for name in ("list_layers", "read_info", "read_dataframe", "read_arrow", "open_arrow"):
        monkeypatch.setattr(pyogrio, name, lambda *_, **__: pytest.fail("opened in this process"))
    reading = read_lines(secret, Columns())
    assert (len(reading.segments.tail), reading.segments.name.tolist()) == (1, [INSIDE])


def test_a_file_that_takes_too_long_is_stopped(secret, monkeypatch):
    monkeypatch.setattr(vector_lines, "LINES_SECONDS", 0.01)
    with pytest.raises(InputError, match="belum selesai"):
        read_lines(secret, Columns())


def test_no_more_rows_are_read_than_allowed(secret, monkeypatch):
    monkeypatch.setattr(lines, "_MOST_ROWS", 0)
    with pytest.raises(InputError, match="lebih dari 0 baris"):
        read_lines(secret, Columns())
