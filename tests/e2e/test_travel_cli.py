"""``jangkau od`` and ``jangkau route`` as a planner calls them."""

import csv
import datetime as dt
import io
import json
import shlex

import numpy as np
import pytest
import shapely

from coverage.faces.cli import main
from coverage.ground.geometry import geodesic_km
from coverage.places.workspace import Workspace
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.roads.road_store import save_roads

COLUMNS = ["origin", "destination", "minutes", "km", "snap_origin_m", "snap_destination_m", "ferry_legs"]
HERE, THERE, ISLAND = "35.74.01.1001", "35.74.05.1001", "74.07.01.1003"


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def answer(capfdbinary):
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        assert code == 0, err.decode()
        return out.decode()

    return asked


@pytest.fixture
def refuse(capfdbinary):
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        assert (code, out) == (2, b"")
        return err.decode().splitlines()[0]

    return asked


@pytest.fixture
def with_roads(tmp_path):
    """Keep two roads of Kota Probolinggo that do not meet, west to east through the city."""
    at = [(113.16, -7.77), (113.205, -7.77), (113.21, -7.77), (113.26, -7.77)]
    lon, lat = np.array(at).T
    words = {"road_class": "primary", "surface": "paved", "name": "", "ferry_id": "", "vehicles": ""}
    texts = {name: np.array([word, word], dtype=object) for name, word in words.items()}
    roads = Roads(
        lon, lat, np.array([0, 2]), np.array([1, 3]), geodesic_km(lon[[0, 2]], lat[[0, 2]], lon[[1, 3]], lat[[1, 3]]),
        both_ways=np.array([True, True]),
        line=shapely.linestrings([at[:2], at[2:]]),
        ferry_min=np.full(2, np.nan),
        source=RoadSource("35.74", "vector", "jalan.geojson", dt.date(2025, 3, 1), dt.date(2026, 1, 1)),
        **texts,
    )  # fmt: skip
    path = tmp_path / "kerja.gpkg"
    save_roads(Workspace.open(path), roads)
    return path


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_od_lists_every_pair_once_with_these_columns(answer):
    out = answer("od --region 74.07.01 --format csv")
    rows = rows_of(out)
    assert out.split("\r\n")[0].split(",") == COLUMNS
    villages = {row["kode"] for row in rows_of(answer("villages --region 74.07.01 --format csv"))}
    pairs = [(row["origin"], row["destination"]) for row in rows]
    assert len(set(pairs)) == len(pairs) == len(villages) ** 2
    assert {origin for origin, _ in pairs} == villages
    assert all((row["minutes"] == "") == (row["km"] == "") for row in rows)
    assert {row["minutes"] for row in rows if row["origin"] == row["destination"]} == {"0.000000"}


def test_od_within_a_cutoff_is_the_part_of_the_table_within_it(answer):
    every, near = (rows_of(answer(f"od --region 74.07 --format csv {cutoff}")) for cutoff in ("", "--cutoff 30"))
    assert near == [row for row in every if row["minutes"] and float(row["minutes"]) <= 30]
    assert 0 < len(near) < len(every)
    assert any(not row["minutes"] for row in every)


def test_od_to_units_says_in_json_what_it_says_in_csv(answer, tmp_path):
    answer("od --region 74.72 --to units --format csv -o od.csv")
    answer("od --region 74.72 --to units -o od.json")
    table = rows_of((tmp_path / "od.csv").read_text(encoding="utf-8"))
    told = json.loads((tmp_path / "od.json").read_text(encoding="utf-8"))
    assert [(row["origin"], row["destination"]) for row in told] == [
        (row["origin"], row["destination"]) for row in table
    ]
    for one, other in zip(told, table, strict=True):
        assert one["minutes"] == (float(other["minutes"]) if other["minutes"] else None)
        assert one["ferry_legs"] == int(other["ferry_legs"])


def test_od_leaves_the_file_of_before_when_it_cannot_be_computed(refuse, tmp_path):
    (tmp_path / "od.csv").write_text("lama")
    assert "tidak-ada" in refuse("od --region 74.07 --without-ferry tidak-ada --format csv -o od.csv")
    assert (tmp_path / "od.csv").read_text() == "lama"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".jangkau")] == []
    assert "xlsx" in refuse("od --region 74.07 -o od.xlsx")


def test_real_roads_of_the_workspace_are_what_answers_stand_on(answer, with_roads):
    plain = answer("gaps --region 35.74")
    told = answer(f"gaps --region 35.74 -w {with_roads}")
    assert "jalan.geojson" not in plain
    assert "jalan.geojson" in told
    assert "1 Mar 2025" in told
    assert "jalan nyata" in told.splitlines()[-1]
    summary = json.loads(answer(f"gaps --region 35.74 -w {with_roads} --format json"))
    assert summary["travel_tier"] == "nyata"
    assert summary["provenance"]["roads"][0]["name"] == "jalan.geojson"
    assert json.loads(answer(f"gaps --region 35 -w {with_roads} --format json"))["travel_tier"] == "campuran"
    beside = json.loads(answer(f"gaps --region 35.13 -w {with_roads} --format json"))
    assert beside["travel_tier"] == "indikatif"
    assert beside["provenance"]["roads"][0]["name"] == "jalan.geojson"
    assert any("jalan.geojson" in note for note in beside["notes"])
    assert json.loads(answer(f"gaps --region 74.07 -w {with_roads} --format json"))["travel_tier"] == "indikatif"


def test_pairs_across_two_roads_that_do_not_meet_are_empty_and_route_says_why(answer, with_roads):
    rows = {
        (row["origin"], row["destination"]): row
        for row in rows_of(answer(f"od --region 35.74 -w {with_roads} --format csv"))
    }
    finite = [pair for pair, row in rows.items() if row["minutes"] and pair[0] != pair[1]]
    assert finite
    joined = sorted({origin for origin, _ in finite})
    first = joined[0]
    other = next(kode for kode in joined if not rows[first, kode]["minutes"])
    said = answer(f"route --region 35.74 -w {with_roads} --from {first} --to {other}")
    assert "tidak bertemu" in said.splitlines()[0]
    answered = json.loads(answer(f"route --region 35.74 -w {with_roads} --from {first} --to {other} --format json"))
    assert (answered["connected"], answered["minutes"], answered["legs"]) == (False, None, [])
    assert rows_of(answer(f"route --region 35.74 -w {with_roads} --from {first} --to {other} --format csv")) == []


def test_the_legs_of_a_route_are_those_of_the_od_pair(answer, with_roads):
    rows = rows_of(answer(f"od --region 35.74 -w {with_roads} --format csv"))
    pair = next(row for row in rows if row["minutes"] and row["origin"] != row["destination"])
    line = f"route --region 35.74 -w {with_roads} --from {pair['origin']} --to {pair['destination']}"
    answered = json.loads(answer(f"{line} --format json"))
    assert [leg["leg_kind"] for leg in answered["legs"]] == ["access", "road", "access"]
    assert answered["minutes"] == pytest.approx(float(pair["minutes"]), abs=1e-3)
    assert sum(leg["length_km"] for leg in answered["legs"]) == pytest.approx(float(pair["km"]), abs=3e-3)
    drawn = json.loads(answer(f"{line} --format geojson"))
    assert [one["geometry"]["type"] for one in drawn["features"]] == ["LineString"] * 3
    assert "3. " in answer(line)


def test_a_route_by_ferry_tells_sailing_and_waiting(answer):
    answered = json.loads(answer("route --region 74 --from 74.03.16.1005 --to bnn-kota-kendari --format json"))
    boats = [leg for leg in answered["legs"] if leg["leg_kind"] == "ferry"]
    assert boats
    for leg in boats:
        assert leg["ferry_id"]
        assert leg["minutes_min"] == pytest.approx(leg["sailing_min"] + leg["wait_min"], abs=2e-3)
        assert leg["wait_min"] > 0
    assert answered["destination"] == "bnn-kota-kendari"
    assert answered["minutes"] == pytest.approx(sum(leg["minutes_min"] for leg in answered["legs"]), abs=1e-2)


def test_an_unknown_place_is_refused_by_name(refuse):
    assert "Tidakada" in refuse("route --region 74 --from Tidakada --to bnn-kota-kendari")
    assert "--to" in refuse("route --region 74 --from Raha")
