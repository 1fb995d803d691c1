"""What is edited, uploaded and escaped on the page Data."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from coverage.faces.dashboard.pages.workspace_forms import _as_rows, _units_saved, changes, placed_anew
from coverage.faces.dashboard.shell.frame import plain
from coverage.ground.errors import InputError
from coverage.ground.texts import say
from coverage.places.ferries import embedded_ferries
from coverage.places.published import client_totals
from coverage.places.units import embedded_units
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]


@pytest.fixture
def rows() -> pd.DataFrame:
    return _as_rows(embedded_units())


def test_an_untouched_table_changes_nothing(rows: pd.DataFrame) -> None:
    changed, removed = changes(rows, rows.copy())
    assert changed.empty
    assert removed == ()


def test_only_rows_that_changed_are_saved(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[1, "name"] = "RS Bhayangkara (baru)"
    changed, removed = changes(rows, edited)
    assert changed["name"].to_dict() == {"rs-bhayangkara-kendari": "RS Bhayangkara (baru)"}
    assert removed == ()


def test_a_unit_that_gets_another_village_stands_on_its_point(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, "kode"] = "74.01.04.1007"
    moved = changes(rows, edited)[0].iloc[0]
    assert (moved["lat"], moved["lon"]) == (rows.loc[4, "lat"], rows.loc[4, "lon"])


def test_rows_taken_out_are_hidden_and_new_rows_are_checked(rows: pd.DataFrame) -> None:
    new = {**dict.fromkeys(rows.columns, None), "name": "KM Baru", "kode": "74.71.01.1005", "lat": np.nan}
    edited = pd.concat([rows.drop(index=0), pd.DataFrame([new])], ignore_index=True)
    changed, removed = changes(rows, edited)
    assert list(changed.index) == ["km-baru"]
    assert removed == ("rs-jiwa-kendari",)


def test_every_fault_of_an_edited_table_is_told(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, "lat"], edited.loc[1, "kode"] = 91.0, "99.99.99.9999"
    with pytest.raises(InputError) as caught:
        changes(rows, edited)
    assert len(caught.value.messages) >= 2


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("![x](http://a/b.png)", r"!\[x\](http\://a/b.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        (":red[x] $y$ `z`", r"\:red\[x\] \$y\$ \`z\`"),
        ("# a", r"\# a"),
        ("12. a", r"12\. a"),
    ],
)
def test_markup_in_a_name_stays_text(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


def test_numbers_of_a_title_stay_as_they_are() -> None:
    assert plain("1.862 dari 2.285 (4 %)") == "1.862 dari 2.285 (4 %)"


def test_a_point_that_was_typed_counts_as_surveyed(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, ["lat", "lon", "kode"]] = [-3.99, 122.52, "74.71.01.1005"]
    changed = changes(rows, edited)[0]
    unit = changed.iloc[0]
    assert (unit["lat"], unit["lon"], unit["location_quality"], unit["note"]) == (-3.99, 122.52, "disurvei", "")
    said = [message.text("id") for message in placed_anew(rows, edited, changed)]
    assert len(said) == 2
    assert "disurvei" in said[0]
    assert "catatan" in said[1]


def test_a_village_that_was_corrected_counts_as_its_point(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, "kode"] = "74.01.04.1007"
    unit = changes(rows, edited)[0].iloc[0]
    assert (unit["location_quality"], unit["note"]) == ("titik kelurahan", "")


def test_a_point_taken_out_counts_as_the_village(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, ["lat", "lon"]] = np.nan
    unit = changes(rows, edited)[0].iloc[0]
    assert (unit["location_quality"], unit["note"]) == ("titik kelurahan", "")


def test_what_the_planner_says_of_the_place_stays(rows: pd.DataFrame) -> None:
    edited = rows.copy()
    edited.loc[0, ["lat", "location_quality"]] = [-3.99, "titik kelurahan"]
    edited.loc[1, ["lat", "note"]] = [-3.99, "Di belakang pasar"]
    edited.loc[2, "name"] = "Klinik BNNP"
    changed = changes(rows, edited)[0]
    assert changed["location_quality"].tolist() == ["titik kelurahan", "disurvei", "belum diverifikasi"]
    assert changed["note"].tolist() == ["", "Di belakang pasar", rows.loc[2, "note"]]
    assert len(placed_anew(rows, edited, changed)) == 2


@pytest.mark.parametrize(
    ("saved", "removed", "said"),
    [(1, 0, "1 unit."), (0, 2, "2 unit disembunyikan."), (1, 2, "1 unit, 2 unit disembunyikan.")],
)
def test_the_saved_message_leaves_out_what_is_none(saved: int, removed: int, said: str) -> None:
    assert _units_saved(saved, removed, "kerja.gpkg", "id") == f"Tersimpan di kerja.gpkg: {said}"


def test_lists_that_are_kept_follow_what_another_program_writes(open_app: OpenApp) -> None:
    def units_and_ferries(shown: AppTest) -> tuple[list[str], set[tuple[str, str]], set[str]]:
        editor = next(table.value for table in shown.dataframe if "wilayah_kerja" in table.value)
        lines = next(table.value for table in shown.dataframe if say("columns.vehicles") in table.value)
        named = set(zip(editor["id"], editor["name"], strict=True))
        return [one.value for one in shown.metric], named, set(lines[say("columns.name")])

    app = open_app("data", region="74")
    figures, units, lines = units_and_ferries(app)
    ferries = embedded_ferries()
    ours = ferries[ferries["from_kode"].str.startswith("74") & ferries["name"].isin(lines)].iloc[0]
    door = Workspace.open()
    renamed = door.units().loc[["rs-bhayangkara-kendari"]]
    before = renamed["name"].item()
    door.save_units(renamed.assign(name="RS Bhayangkara Baru"), remove=("rs-jiwa-kendari",))
    door.remove_ferry(ours["id"])
    figures_after, units_after, lines_after = units_and_ferries(app.run())
    assert {id_ for id_, _ in units - units_after} == {"rs-jiwa-kendari", "rs-bhayangkara-kendari"}
    assert ("rs-bhayangkara-kendari", before) in units
    assert units_after - units == {("rs-bhayangkara-kendari", "RS Bhayangkara Baru")}
    assert lines - lines_after == {ours["name"]}
    changed = [int(before) - int(after) for before, after in zip(figures, figures_after, strict=True)]
    assert changed == [1, 0, 0, 1]


def test_a_caller_may_write_into_what_the_program_ships_without_changing_it() -> None:
    for load in (embedded_units, embedded_visits, client_totals):
        ours = load()
        before = ours.copy()
        ours.iloc[:, 0] = ours.iloc[0, 0]
        ours["extra"] = 1
        pd.testing.assert_frame_equal(load(), before)
