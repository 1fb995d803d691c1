"""What is edited, uploaded and escaped on the page Data & metode."""

import numpy as np
import pandas as pd
import pytest

from coverage.faces.dashboard.frame import plain
from coverage.faces.dashboard.workspace_forms import _as_rows, changes
from coverage.ground.errors import InputError
from coverage.places.units import embedded_units


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
