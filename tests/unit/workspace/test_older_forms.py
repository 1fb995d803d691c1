"""A workspace of every earlier form is read like the present one, and not a byte of it changes.

Each form is made by the program's own steps up to it, so that a step added later is walked without a new test.
"""

import shutil

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace, older, schema

FIRST_FORM_HAS_NO_SHAPES = ("visits", "ferries")
REQUIRED = {
    1: {
        "boundaries": "kode, mended, name, region, source, source_kode",
        "boundary_sources": "file, region, sha256, source, stored_at, tier, villages",
        "client_areas": "area, clients, k, level, origin, period, reason, replaces, version",
        "client_releases": "first, last, mark",
        "ferries": "days, departures, first_departure, from_kode, from_port, id, last_departure, line, name, note_en, "
        "note_id, sailing_max_min, sailing_min, season_extra_max_min, season_extra_min, source, to_kode, to_port, "
        "trips_per_day, vehicles, whole_line_min",
        "hidden_ferries": "id",
        "hidden_targets": "area_kode, indicator, period, unit",
        "hidden_visits": "date, kode",
        "population": "kode, persons, source, year",
        "roads": "both_ways, ferry_id, ferry_min, head, km, name, region, road_class, surface, tail",
        "road_sources": "date, dropped, imported, joined_ends, kind, name, region, snap_m",
        "scenarios": "name, toml",
        "speeds": "key, value",
        "targets": "achieved, area_kode, indicator, period, source, target, unit",
        "units": "active, id, institution, kind, kode, location_quality, name, note, wilayah_kerja",
        "visits": "date, date_precision, kode, source, team",
        "vulnerability": "class, kode, year",
    }
}
"""What each form must hold to be read. A column that is new here needs a step in ``schema.MIGRATIONS``, and a form."""


@pytest.fixture(scope="module")
def first_form(all_layers, tmp_path_factory):
    """All layers as the version wrote them that said no version of its form."""
    path = tmp_path_factory.mktemp("bentuk") / "bentuk-0.gpkg"
    for name, kind in pyogrio.list_layers(all_layers):
        table = (
            pyogrio.read_dataframe(all_layers, layer=name)
            if kind
            else pyogrio.read_dataframe(all_layers, layer=name, read_geometry=False)
        )
        if name == "jangkau_log":
            continue
        if name == "units":
            table = table.assign(lat=table.geometry.y, lon=table.geometry.x)
        if name in FIRST_FORM_HAS_NO_SHAPES:
            table = pd.DataFrame(table.drop(columns="geometry"))
        if name == "visits":
            table["date"] = table["date"].astype("str").str[:10]
        pyogrio.write_dataframe(table, path, layer=name, driver="GPKG")
    return path


@pytest.fixture(params=range(schema.version() + 1))
def of_form(request, first_form, tmp_path, monkeypatch):
    """A workspace as the program left it when it knew so many steps."""
    path = tmp_path / "lama" / "kerja.gpkg"
    path.parent.mkdir()
    shutil.copy(first_form, path)
    if request.param:
        with monkeypatch.context() as patch:
            patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[: request.param])
            with Workspace.open(path)._store.change():
                pass
        for copy in path.parent.glob("*.versi-*"):
            copy.unlink()
    assert Workspace.open(path).contents().version == request.param
    return path


def asked(door, everything):
    """Ask everything but the log, which files of the first form have not."""
    return {name: value for name, value in everything(door).items() if name != "log"}


def test_every_earlier_form_is_read_as_the_present_one(of_form, all_layers, everything):
    before = of_form.read_bytes()
    expected = asked(Workspace.open(all_layers), everything)
    assert asked(Workspace.open(of_form), everything) == expected
    assert of_form.read_bytes() == before
    assert [one.name for one in of_form.parent.iterdir()] == [of_form.name]
    Workspace.open(of_form).record_visit("16.73.08.1005", pd.Timestamp("2024-12-01").date())
    written = asked(Workspace.open(of_form), everything)
    assert Workspace.open(of_form).contents().version == schema.version()
    assert {name for name in expected if written[name] != expected[name]} == {"visits"}


def test_every_earlier_form_is_read_where_nothing_can_be_written(of_form, all_layers, everything, mounted):
    disk = mounted("1M")
    shutil.copy(of_form, disk.folder / "kerja.gpkg")
    disk.close()
    door = Workspace.open(disk.folder / "kerja.gpkg")
    assert asked(door, everything) == asked(Workspace.open(all_layers), everything)
    with pytest.raises(InputError, match="hanya dapat dibaca") as caught:
        door.record_visit("16.73.08.1005", pd.Timestamp("2024-12-01").date())
    assert "rusak" not in str(caught.value)


def test_what_each_form_must_hold_is_written_down(all_layers, everything, monkeypatch):
    """A column newly asked for would make every older workspace unreadable: it needs a step of its own."""
    found = {}
    real = schema.require

    def noted(layer, columns, place):
        found.setdefault(layer.name, set()).update(columns)
        real(layer, columns, place)

    monkeypatch.setattr(schema, "require", noted)
    everything(Workspace.open(all_layers))
    held = {one.layer.name for one in Workspace.open(all_layers).contents().layers}
    assert found.keys() == held, "a layer that is written is read by one of the readers, or its form is not tested"
    assert {name: ", ".join(sorted(columns)) for name, columns in found.items()} == REQUIRED[schema.version()]


def _with_length(change, _place):
    held = change.layer("visits")
    if held is None:
        return
    table = change.read(held)
    change.drop("visits")
    schema.put_rows(change, "visits", table.assign(lama_min=120))


def _notes_apart(change, _place):
    """Make a layer of another, and take rows out of it."""
    held = change.layer("visits")
    if held is None:
        return
    table = pd.DataFrame(change.read(held))
    schema.put_rows(change, "teams", table.loc[table["team"] != "", ["kode", "team"]].head(2))
    change.delete(held, {"team": "B"})
    change.delete(held, {"team": ["C", "D"], "kode": table["kode"].iloc[0]})
    change.delete(held, {"fid": [int(table.index[-1])]})


def _refuses(change, place):
    held = change.layer("population")
    if held is not None and len(change.read(held)):
        schema.require(held, ("usia",), place)


def _visits(door):
    rows = [
        {"kode": f"16.73.08.100{n}", "date": pd.Timestamp(f"2024-10-0{n}").date(), "date_precision": "", "team": team,
         "source": "workspace"}
        for n, team in enumerate("ABCDE", start=4)
    ]  # fmt: skip
    door.record_visits(pd.DataFrame(rows))
    door.put({"population": pd.DataFrame({"kode": ["16.73.08.1006"], "persons": [10]})}, replacing={})


def _seen(door, names=("visits", "teams", "population")):
    return {name: (found.to_dict("list") if (found := door.layer(name, ())) is not None else None) for name in names}


def test_steps_to_come_are_taken_in_memory_until_the_first_write(open_door, monkeypatch):
    door = open_door()
    _visits(door)
    lies = _seen(door)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, _with_length, _notes_apart])
    read = _seen(open_door())
    assert read["visits"]["lama_min"] == [120] * len(read["visits"]["kode"])
    assert len(read["visits"]["kode"]) < len(lies["visits"]["kode"])
    assert len(read["teams"]["kode"]) == 2
    assert open_door().contents().version == schema.version() - 2, "reading writes nothing"
    assert isinstance(open_door().shapes("visits", ("lama_min",)), gpd.GeoDataFrame)
    open_door().put({"more": pd.DataFrame({"a": [1]})}, replacing={})
    assert open_door().contents().version == schema.version()
    assert _seen(open_door()) == read, "what was shown before the first write is what it made"


def test_rows_that_cannot_be_brought_over_hinder_only_their_own_layer(open_door, monkeypatch):
    door = open_door()
    _visits(door)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, _with_length, _refuses])
    assert set(open_door().layer("visits", ())["lama_min"]) == {120}
    with pytest.raises(InputError, match="usia"):
        open_door().layer("population", ())


def test_a_layer_that_a_step_makes_is_there_also_where_another_cannot_be_brought_over(open_door, monkeypatch):
    door = open_door()
    _visits(door)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, _notes_apart, _refuses])
    assert len(open_door().layer("teams", ())) == 2
    assert open_door().layer("hidden_visits", ()) is None


def test_a_store_of_the_present_form_is_read_without_a_detour(all_layers, monkeypatch):
    monkeypatch.setattr(older, "InMemory", None)
    assert Workspace.open(all_layers).layer("visits", ()) is not None
