"""A workspace edited outside: each layer's rules are asked of every cell, one letter or figure changed at a time."""

import datetime as dt
import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from coverage.ground.errors import InputError
from coverage.places.boundaries.boundary_store import OFFICIAL, SourceFile, save, sources_held
from coverage.places.ferries import embedded_ferries
from coverage.places.population import LAYER as POPULATION
from coverage.places.schemas.visit_columns import LATEST
from coverage.places.unit_checks import read_units
from coverage.places.visits import VULNERABILITY
from coverage.places.workspace import Workspace
from coverage.places.workspace.layer_rules import rules_of
from tests.unit.workspace.test_contract import FERRY, MEGANG, WATERVANG

LAYERS = ("visits", "ferries", "targets", POPULATION, VULNERABILITY)
SOUND = {
    "visits": {"kode": MEGANG, "date": "2024-10-08", "date_precision": LATEST, "team": "Tim 1", "source": "workspace"},
    "ferries": dict.fromkeys(embedded_ferries().columns, "")
    | FERRY
    | {"sailing_max_min": "150", "season_extra_min": "0", "trips_per_day": "2,5", "departures": "08:00;10.30",
       "days": "Sel:4;Jum:0", "first_departure": "08:00", "last_departure": "16:00", "vehicles": "no",
       "season_extra_max_min": "60"},
    "targets": {"area_kode": "74", "period": "2024-S1", "indicator": "IBM", "unit": "unit", "achieved": 2.5,
                "target": 4.0, "source": "kantor"},
    POPULATION: {"kode": MEGANG, "year": 2024, "persons": 5432, "source": "Dukcapil", "origin": "kantor"},
    VULNERABILITY: {"kode": MEGANG, "year": 0, "class": "Waspada", "source": "BNNK", "origin": "kantor"},
}  # fmt: skip
LABELS = {"date_precision", "vehicles", "class"}
NEVER = {
    "code": ["", None, "74.71", "16.73.08.100", "16.73.08.10O6", "99.99.99.9999", "1673081006"],
    "day": ["", None, "2064-01-01", "2024-13-01", "kemarin", "08-10-2024"],
    "label": ["waspada", "Waspad", "No", "paling lambet", "x"],
    "year": ["", None, 1800, 2999, 2024.5, -1],
    "people": ["", None, -5, 7.5, "x", 1e300, float("inf"), "NaN"],
    "minutes": ["-1", "1e9", "dua", "inf", "nan"],
    "times": ["25:00", "08:00;8", "pagi"],
    "days": ["Sel", "Xyz:3", "Sel:4;Sel:5", "Sel:-1"],
    "area": ["", None, "74.71.01", "99", "Sulawesi Tenggara"],
    "amount": [-0.5, "x", float("inf")],
}
KINDS = {
    "kode": "code", "from_kode": "code", "to_kode": "code", "date": "day", "year": "year", "persons": "people",
    "sailing_min": "minutes", "sailing_max_min": "minutes", "season_extra_min": "minutes",
    "season_extra_max_min": "minutes", "trips_per_day": "minutes", "departures": "times", "first_departure": "times",
    "last_departure": "times", "days": "days", "area_kode": "area", "achieved": "amount", "target": "amount",
} | dict.fromkeys(LABELS, "label")  # fmt: skip
CASES = [
    (layer, rule, value)
    for layer in LAYERS
    for rule in sorted({one.column for one in rules_of(layer).rules})
    for value in NEVER[KINDS[rule]]
]


@pytest.fixture
def filled(tmp_path):
    door = Workspace.open(tmp_path / "kerja.gpkg")
    for layer, row in SOUND.items():
        door.put({layer: pd.DataFrame([row])}, replacing={})
    return door


def asked(door, layer):
    """Read a layer as the program does."""
    return {"visits": door.visits, "ferries": door.ferries, "targets": door.targets}.get(
        layer, lambda: door.layer(layer, ("kode", "year"))
    )()


def read_or_told(door, layer):
    """Read a layer; give the sentence where it is refused."""
    try:
        return asked(door, layer)
    except InputError as told:
        return told.text("id")


def edit(door, sql, *values):
    with closing(sqlite3.connect(door.path)) as base:
        base.execute(sql, values)
        base.commit()


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_sound_is_taken(filled, layer):
    assert len(asked(filled, layer)) >= 1


def test_every_cell_that_breaks_a_rule_is_told_with_its_row_and_column(filled):
    """One edit at a time, put back after: the kinds of values stand above, the rules' columns in the program."""
    for layer, column, value in CASES:
        edit(filled, f'UPDATE "{layer}" SET "{column}" = ?', value)  # noqa: S608 - names of ours
        with pytest.raises(InputError) as told:
            asked(filled, layer)
        said = told.value.text("id")
        assert layer in said, (layer, column, value, said)
        assert column in said, (layer, column, value, said)
        edit(filled, f'UPDATE "{layer}" SET "{column}" = ?', SOUND[layer][column])  # noqa: S608 - names of ours
    assert len(asked(filled, "visits")) >= 1


@pytest.mark.parametrize("layer", LAYERS)
def test_a_cell_with_a_blank_around_it_is_told_or_read_as_without(filled, layer):
    """A code with a blank behind it is that of no village: it must not get lost without a word."""
    sound = asked(filled, layer)
    for column in sorted({one.column for one in rules_of(layer).rules}):
        for padded in ("{} ", " {}", "{}\n", "\t{}"):
            value = padded.format(SOUND[layer][column])
            edit(filled, f'UPDATE "{layer}" SET "{column}" = ?', value)  # noqa: S608 - names of ours
            read = read_or_told(filled, layer)
            if isinstance(read, str):
                assert column in read, (column, value)
            else:
                pd.testing.assert_frame_equal(read, sound)
        edit(filled, f'UPDATE "{layer}" SET "{column}" = ?', SOUND[layer][column])  # noqa: S608 - names of ours


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if rules_of(layer).key])
def test_a_row_that_is_there_twice_is_told(filled, layer):
    columns = ", ".join(f'"{column}"' for column in SOUND[layer])
    edit(filled, f'INSERT INTO "{layer}" ({columns}) SELECT {columns} FROM "{layer}"')  # noqa: S608 - names of ours
    with pytest.raises(InputError, match="dua kali"):
        asked(filled, layer)


def test_a_figure_that_is_told_can_still_be_taken_out(filled):
    edit(filled, "UPDATE targets SET achieved = -1")
    filled.remove_target(("74", "2024-S1", "IBM", "unit"))
    assert not filled.targets()["own"].any()


def test_a_visit_that_was_not_held_yet_cannot_be_recorded(filled):
    tomorrow = dt.datetime.now(tz=dt.UTC).astimezone().date() + dt.timedelta(days=1)
    with pytest.raises(InputError, match="belum tiba"):
        filled.record_visit(WATERVANG, tomorrow)
    assert WATERVANG not in set(filled.visits()["kode"][filled.visits()["source"] == "workspace"])


def test_a_visit_of_today_in_the_east_is_over_in_the_west(filled):
    today = dt.datetime.now(tz=dt.UTC).date()
    edit(filled, "UPDATE visits SET date = ?", (today + dt.timedelta(days=1)).isoformat())
    assert len(filled.visits()) >= 1
    edit(filled, "UPDATE visits SET date = ?", (today + dt.timedelta(days=2)).isoformat())
    with pytest.raises(InputError, match="belum terjadi"):
        filled.visits()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("institution", "IB"), ("location_quality", "disurvej"), ("kode", "74.71.01.100"),
        ("name", ""), ("wilayah_kerja", "74.7x"),
    ],
)  # fmt: skip
def test_a_label_of_a_unit_with_a_changed_letter_is_told(filled, column, value):
    table = "id,nama,kode,jenis,lembaga,mutu lokasi,wilayah_kerja\na,Unit A,74.71.01.1005,IBM,KM,disurvei,74.71\n"
    filled.save_units(read_units(table.encode(), "unit.csv"))
    edit(filled, f'UPDATE units SET "{column}" = ?', value)  # noqa: S608 - names of ours
    with pytest.raises(InputError) as told:
        filled.units()
    assert column in told.value.text("id")


def test_a_tier_with_a_changed_letter_is_told(filled, square):
    save(filled, "16.73", square, tier=OFFICIAL, source="BIG", files=[SourceFile("a.geojson", "0" * 64, 1)])
    assert len(sources_held(filled)) == 1
    edit(filled, "UPDATE boundary_sources SET tier = 'resni'")
    with pytest.raises(InputError, match="resni"):
        sources_held(filled)


@pytest.fixture
def square():
    row = {"kode": [MEGANG], "name": ["Megang"], "mended": [0.0], "source_kode": [MEGANG]}
    return gpd.GeoDataFrame(row, geometry=[shapely.MultiPolygon([shapely.box(102, -4, 103, -3)])], crs=4326)
