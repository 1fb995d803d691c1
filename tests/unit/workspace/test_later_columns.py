"""Columns that came after a workspace was made: kept to the last bit, blank where a layer lacks them, and checked."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.places.schemas.all_tables import TABLES
from coverage.places.schemas.cell_kinds import KINDS, is_blank
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.units import embedded_units
from coverage.places.workspace import Workspace

LATER = [one.name for one in UNITS if one.later]
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20).map(str.strip)
DAYS = st.datetimes(pd.Timestamp("1950-01-01"), pd.Timestamp("2099-12-31")).map(
    lambda day: pd.Timestamp(day).normalize()
)
OF_KIND = {
    "words": lambda _: st.lists(st.sampled_from(["rawat jalan", "skrining", "Tes urine", "é"]), unique=True).map(tuple),
    "whole": lambda one: st.integers(int(one.low or 0), int(one.most)).map(float),
    "contact": lambda _: st.from_regex(r"(\+62|0)8[0-9]{2}-[0-9]{4}-[0-9]{3,4}", fullmatch=True),
    "weekdays": lambda _: st.sampled_from(["Senin-Jumat", "Senin, Rabu", "Sabtu, Minggu", "Senin-Minggu"]),
    "hours": lambda _: st.sampled_from(["08:00-16:00", "00:00-24:00", "08:05-12:00, 13:00-15:30"]),
    "choice": lambda one: st.sampled_from(one.choices),
    "date": lambda _: DAYS,
    "text": lambda _: TEXTS,
}
WRONG = {
    "words": lambda _: "'" + "x" * 90 + "'",
    "whole": lambda one: str(int(one.most) + 1),
    "contact": lambda _: "'81234567890'",
    "weekdays": lambda _: "'besok'",
    "hours": lambda _: "'16:00-08:00'",
    "choice": lambda _: "'lama'",
    "date": lambda _: "'1066-10-14'",
}
"""What a column of each kind may hold, and a value in SQL that it may not: a column added later is tried, too."""
VALUES = {one.name: OF_KIND[one.kind](one) for one in UNITS if one.later} | {"note": TEXTS}


def unit(**values):
    row = {"id": "a", "name": "Unit a", "kind": "IBM", "kode": "74.71.01.1005", "location_quality": "disurvei"}
    return UNITS.table([row | {"lat": -3.97, "lon": 122.52} | values]).set_index("id")


FILLED = {
    "services": ("skrining",), "capacity": 12.0, "agents": 0.0, "counsellors": 2.0, "contact": "184",
    "opening_days": "Senin-Jumat", "opening_hours": "08:00-16:00", "ibm_state": "baru",
    "open_from": pd.Timestamp("2021-03-01"), "open_to": pd.Timestamp("2030-12-31"),
}  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(st.fixed_dictionaries({}, optional=VALUES))
def test_every_column_of_a_unit_comes_back_bit_for_bit(door, values):
    first, last = values.get("open_from"), values.get("open_to")
    if first is not None and last is not None:
        values |= {"open_from": min(first, last), "open_to": max(first, last)}
    saved = unit(**values)
    door.save_units(saved)
    pd.testing.assert_frame_equal(door.units().loc[["a"]], saved)


def test_a_layer_without_the_later_columns_is_read_as_blank_and_gets_them_at_the_next_write(door, edit):
    door.save_units(unit(note="lama"))
    for name in LATER:
        edit(door, f"ALTER TABLE {{units}} DROP COLUMN {name}")
    held = door.units().loc["a"]
    assert all(is_blank(held[name]) for name in LATER)
    assert held["note"] == "lama"
    door.save_units(unit(name="Unit b", **FILLED).rename(index={"a": "b"}))
    together = door.units()
    assert all(is_blank(together.at["a", name]) for name in LATER), "blank never becomes a value"
    assert {name: together.at["b", name] for name in FILLED} == FILLED
    assert set(LATER) <= set(door.layer("units", ()).columns)
    pd.testing.assert_frame_equal(together.loc[embedded_units().index], embedded_units())


@pytest.mark.parametrize("one", [one for one in UNITS if one.later and one.kind != "text"], ids=lambda one: one.name)
def test_a_wrong_value_written_elsewhere_is_refused_with_its_column(one, door, edit):
    door.save_units(unit(**FILLED))
    edit(door, f"UPDATE {{units}} SET {one.name} = {WRONG[one.kind](one)} WHERE id = 'a'")  # noqa: S608 - names of ours
    with pytest.raises(InputError) as told:
        door.units()
    said = told.value.text("id")
    assert f'lapisan units, fid 1, kolom "{one.name}"' in said
    assert said.count("\n") <= 1


def test_a_column_kept_as_text_by_another_program_is_read_alike(tmp_path, edit):
    door = Workspace.open(tmp_path / "k.gpkg")
    door.save_units(unit())
    for name in ("capacity", "open_from"):
        edit(door, f"ALTER TABLE {{units}} DROP COLUMN {name}")
        edit(door, f"ALTER TABLE {{units}} ADD COLUMN {name} TEXT")
    edit(door, "UPDATE {units} SET capacity = '1.200', open_from = '3 Mei 2021'")
    assert (door.units().at["a", "capacity"], door.units().at["a", "open_from"]) == (1200.0, pd.Timestamp("2021-05-03"))
    edit(door, "UPDATE {units} SET capacity = 'banyak'")
    with pytest.raises(InputError, match="bukan angka"):
        door.units()


def test_a_column_that_nobody_fills_yet_is_kept_as_its_kind(door):
    """Made as text it would stay text: a number or a day entered in QGIS would be a word."""
    door.save_units(unit())
    layer, _ = door._store.read("units")
    kinds = {one.name: KINDS[one.kind].stored for one in UNITS if one.later}
    assert {name: layer.columns[name] for name in kinds} == kinds


def test_a_unit_stored_again_keeps_every_column(door):
    saved = unit(**FILLED)
    door.save_units(saved)
    door.save_units(door.units().loc[["a"]])
    pd.testing.assert_frame_equal(door.units().loc[["a"]], saved)


@pytest.mark.parametrize(
    "table", [table for name, table in TABLES.items() if name != "costs"], ids=lambda one: one.name
)
def test_a_table_that_lacks_later_columns_is_completed_with_blanks(table):
    short = pd.DataFrame({name: pd.Series(["x"], dtype="object") for name in table.must_hold})
    whole = table.completed(short)
    assert set(whole.columns) == set(table.held)
    assert all(is_blank(whole[one.name].iloc[0]) for one in table if one.held and one.later)
