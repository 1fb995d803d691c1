"""An office's own file: its kind is recognised and said, faults are told, what is unsure waits for a decision."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from coverage.ground.errors import InputError
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.boundary_formats import WANTED, code_system, named_columns, recognise
from coverage.places.boundaries.decisions import read_decisions
from coverage.places.boundaries.matching import area_key
from coverage.places.boundaries.own_file import ToldOfFile, keep, read_own_file
from coverage.places.villages import load_villages, mask_in_region

KOTA = "16.73"
VILLAGES = load_villages()[mask_in_region(load_villages().index, KOTA)]
MEGANG = "16.73.08.1006"


def squares(size=0.002):
    return shapely.buffer(shapely.points(VILLAGES["lon"], VILLAGES["lat"]), size, cap_style="square")


def frame(crs=4326, geometry=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=squares() if geometry is None else geometry, crs=crs)


def as_file(tmp_path, table, ending="gpkg"):
    path = tmp_path / f"batas.{ending}"
    table.to_file(path)
    return path


def read(tmp_path, table, **more):
    path = as_file(tmp_path, table)
    return read_own_file(path, path.name, KOTA, **more)


PLAIN = {"kode": list(VILLAGES.index), "nama": list(VILLAGES["name"])}
BPS = [f"1673{number:06d}" for number in range(len(VILLAGES))]
UNDOTTED = [kode.replace(".", "") for kode in VILLAGES.index]
KINDS = {
    "big": {"WADMKD": PLAIN["nama"], "WADMKC": list(VILLAGES["district"]), "KDEPUM": PLAIN["kode"]},
    "hdx": {
        "ADM4_EN": PLAIN["nama"],
        "ADM4_PCODE": [f"ID{code}" for code in BPS],
        "ADM3_EN": list(VILLAGES["district"]),
        "ADM2_EN": ["Kota Lubuklinggau"] * len(VILLAGES),
    },
    "dukcapil": {"KODE_DESA": UNDOTTED, "DESA_KELUR": PLAIN["nama"], "KECAMATAN": list(VILLAGES["district"])},
    "gadm": {
        "NAME_4": PLAIN["nama"],
        "CC_4": BPS,
        "NAME_3": list(VILLAGES["district"]),
        "NAME_2": ["Lubuklinggau"] * 72,
    },
    "plain": PLAIN,
}


@pytest.mark.parametrize(
    ("kind", "system", "how"),
    [
        ("big", "kemendagri", "matched_by_code"),
        ("hdx", "bps", "matched_by_name"),
        ("dukcapil", "kemendagri", "matched_by_code"),
        ("gadm", "bps", "matched_by_name"),
        ("plain", "kemendagri", "matched_by_code"),
    ],
)
def test_each_kind_of_file_is_recognised_said_and_matched(kind, system, how, tmp_path):
    own = read(tmp_path, frame(**KINDS[kind]))
    assert (own.schema, own.code_system) == (kind, system)
    assert own.counts()[how] == len(VILLAGES)
    assert own.without_polygon.empty
    assert own.matched()["kode"].tolist() == PLAIN["kode"]
    for lang in ("id", "en"):
        assert all(note.text(lang) for note in own.notes())


def test_codes_of_bps_with_ten_digits_are_never_taken_as_they_are():
    """The digits of a BPS code are often those of another village's Kemendagri code."""
    others = load_villages()
    others = others[others.index.str.startswith("74.01.")].head(40)
    schema = recognise(("kode", "nama"))
    table = pd.DataFrame({"kode": [kode.replace(".", "") for kode in others.index], "nama": "Desa di Buton"})
    assert code_system(named_columns(table, schema), schema) == "bps"
    table["nama"] = others["name"].to_numpy()
    assert code_system(named_columns(table, schema), schema) == "kemendagri"


@pytest.mark.parametrize("fields", [(), ("fid", "luas"), ("geom",)])
def test_columns_that_nobody_knows_are_not_guessed(fields):
    assert recognise(fields) is None


def test_every_wanted_column_is_lower_case():
    assert all(column == column.casefold() for column in WANTED)


def test_a_file_of_unknown_columns_names_them(tmp_path):
    with pytest.raises(InputError, match="luas_ha"):
        read(tmp_path, frame(luas_ha=[1.0] * len(VILLAGES)))


def test_what_is_kept_replaces_what_was_there_and_is_called_kantor(tmp_path, door):
    own = read(tmp_path, frame(**PLAIN))
    assert keep(own, door) == keep(own, door) == 72
    held = boundary_store.held(door, KOTA)
    assert len(held) == 72
    assert set(held["tier"]) == {"kantor"}
    assert boundary_store.sources_held(door)["sha256"].tolist() == [own.sha256]


def test_a_file_of_another_region_stores_nothing(tmp_path, door):
    path = as_file(tmp_path, frame(**PLAIN))
    own = read_own_file(path, path.name, "35.74")
    assert own.counts()["unmatched"] == 72
    with pytest.raises(InputError, match=r"35\.74"):
        keep(own, door)
    assert not door.path.exists()


def test_without_a_crs_it_is_asked_for_and_then_used(tmp_path):
    path = as_file(tmp_path, frame(**PLAIN).to_crs(32748), "shp")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match="--crs"):
        read_own_file(path, path.name, KOTA)
    own = read_own_file(path, path.name, KOTA, ToldOfFile(crs="epsg:32748"))
    assert own.counts()["matched_by_code"] == 72
    assert own.crs == "EPSG:32748"


@pytest.mark.parametrize("crs", ["", "EPSG:", "EPSG:999999", "4326", "+proj=longlat", "/etc/passwd", "http://a/b"])
def test_a_crs_that_is_none_is_refused(crs, tmp_path):
    with pytest.raises(InputError, match="EPSG:4326"):
        read_own_file(b"", "batas.gpkg", KOTA, ToldOfFile(crs=crs))


def test_swapped_axes_are_swapped_back_and_said(tmp_path):
    shapes = shapely.transform(squares(), lambda at: at[:, ::-1])
    own = read(tmp_path, frame(geometry=shapes, **PLAIN))
    assert own.swapped
    assert own.counts()["matched_by_code"] == 72
    assert any("tertukar" in note.text("id") for note in own.notes())


def test_closed_lines_become_areas_and_open_ones_are_told(tmp_path):
    lines = shapely.boundary(squares())
    lines[0] = shapely.LineString(shapely.get_coordinates(lines[0])[:3])
    own = read(tmp_path, frame(geometry=lines, **PLAIN))
    assert own.counts()["matched_by_code"] == 71
    assert own.rows["state"].value_counts().to_dict() == {"closed": 71, "no_area": 1}
    assert own.rows.loc[0, "how"] == "left_out"


@pytest.mark.parametrize(
    "shapes",
    [
        lambda: shapely.points(VILLAGES["lon"], VILLAGES["lat"]),
        lambda: shapely.linestrings([[[102.8, -3.3], [102.9, -3.3]]] * 72),
    ],
)
def test_a_file_of_points_or_open_lines_is_refused(shapes, tmp_path):
    with pytest.raises(InputError, match="tidak berisi bidang"):
        read(tmp_path, frame(geometry=shapes(), **PLAIN))


def test_invalid_and_empty_shapes_are_mended_or_left_out_and_told(tmp_path):
    shapes = squares()
    x, y = VILLAGES["lon"].iloc[0], VILLAGES["lat"].iloc[0]
    shapes[0] = shapely.Polygon([(x, y), (x + 0.01, y + 0.01), (x + 0.01, y), (x, y + 0.01)])
    shapes[1], shapes[2] = shapely.Polygon(), None
    own = read(tmp_path, frame(geometry=shapes, **PLAIN))
    assert own.rows["state"].value_counts().to_dict() == {"whole": 69, "empty": 2, "mended": 1}
    assert own.rows.loc[0, "geometry"].is_valid
    assert own.rows.loc[0, "area_change"] > 0
    assert set(own.without_polygon["kode"]) == set(PLAIN["kode"][1:3])


def test_overlaps_are_counted(tmp_path):
    shapes = squares()
    shapes[1] = shapely.union(shapes[0], shapes[1])
    assert len(read(tmp_path, frame(geometry=shapes, **PLAIN)).overlapping) >= 1


def test_a_village_drawn_in_two_rows_is_joined(tmp_path):
    shapes = squares()
    beside = frame(geometry=shapely.transform(shapes, lambda at: at + 0.01), **PLAIN).head(1)
    table = pd.concat([frame(geometry=shapes, **PLAIN), beside])
    own = read(tmp_path, table)
    assert len(own.rows) == 72
    assert shapely.get_num_geometries(own.rows.loc[0, "geometry"]) == 2


def test_blank_codes_fall_back_on_the_name(tmp_path):
    table = frame(**KINDS["big"])
    table.loc[:9, "KDEPUM"] = None
    counts = read(tmp_path, table).counts()
    assert (counts["matched_by_code"], counts["matched_by_name"]) == (62, 10)


@pytest.fixture
def doubtful(tmp_path):
    """One polygon around a village's point under a name of its own."""
    return as_file(
        tmp_path,
        frame(
            kode=PLAIN["kode"],
            nama=["Hutan Lindung" if kode == MEGANG else name for kode, name in zip(*PLAIN.values(), strict=True)],
        ).assign(kode=lambda t: t["kode"].where(t["kode"] != MEGANG, "")),
    )


def test_what_is_unsure_is_listed_and_not_stored(doubtful, door):
    own = read_own_file(doubtful, doubtful.name, KOTA)
    unsure = own.rows[own.rows["how"] == "unsure"]
    assert unsure[["proposal", "reason", "kode"]].to_numpy().tolist() == [[MEGANG, "point_only", ""]]
    assert keep(own, door) == 71
    assert MEGANG not in boundary_store.held(door).index


def test_a_decision_takes_the_place_of_doubt(doubtful, door):
    row = PLAIN["kode"].index(MEGANG) + 1
    decisions = read_decisions(f"baris;kode\n{row};{MEGANG}\n".encode(), "pilih.csv")
    own = read_own_file(doubtful, doubtful.name, KOTA, decisions=decisions)
    assert own.counts() | {"decided": 1, "unsure": 0} == own.counts()
    assert keep(own, door) == 72
    none = read_own_file(doubtful, doubtful.name, KOTA, decisions={row: "-"})
    assert (none.counts()["unsure"], none.counts()["unmatched"]) == (0, 1)


def test_decisions_that_cannot_be_are_all_told(doubtful):
    with pytest.raises(InputError) as caught:
        read_own_file(doubtful, doubtful.name, KOTA, decisions={1: PLAIN["kode"][1], 999: MEGANG, 3: "74.71.01.1005"})
    said = caught.value.text("id")
    assert len(caught.value.messages) == 3
    assert "999" in said
    assert "74.71.01.1005" in said
    assert PLAIN["kode"][1] in said


def test_faults_of_a_table_of_decisions_are_all_told():
    with pytest.raises(InputError) as caught:
        read_decisions(f"baris,kode\nx,{MEGANG}\n2,Megang\n3,\n4,{MEGANG}\n4,{MEGANG}\n".encode(), "pilih.csv")
    assert len(caught.value.messages) == 3
    assert read_decisions(b"row,kode\n3,\n", "pilih.csv") == {}


def test_attributes_of_a_geojson_may_be_anything(tmp_path):
    features = json.loads(frame(**PLAIN).to_json())
    for number, feature in enumerate(features["features"]):
        feature["properties"] |= {
            "lain": [1, {"a": None}],
            "nama": ["x"] if number == 0 else feature["properties"]["nama"],
        }
    own = read_own_file(json.dumps(features).encode(), "batas.geojson", KOTA)
    assert own.counts()["matched_by_code"] >= 71


@pytest.mark.shared
def test_the_big_file_of_bantul_matches_all_75(shared):
    own = read_own_file(shared / "data/boundaries_big/bantul_desa_big.geojson", "bantul.geojson", "34.02")
    counts = own.counts()
    assert (own.schema, counts["matched_by_code"], counts["matched_by_name"], len(own.rows)) == ("big", 73, 2, 75)
    # The file changes the codes of these two; kecamatan, name and place say which is which.
    exchanged = own.rows[own.rows["reason"] == "name_place"].set_index("name")["kode"].to_dict()
    assert exchanged == {"Bangunjiwo": "34.02.16.2001", "Bangunharjo": "34.02.15.2003"}


@pytest.mark.shared
def test_a_file_that_names_its_kabupaten_needs_no_region(shared):
    path = shared / "data/boundaries_big/bantul_desa_big.geojson"
    own = read_own_file(path, path.name, None)
    assert (own.region, own.proposed, len(own.matched())) == ("34.02", "code", 75)
    features = json.loads(path.read_text(encoding="utf-8"))
    for number, feature in enumerate(features["features"]):
        feature["properties"] |= {"KDEPUM": None, "WADMKD": None if number % 2 else feature["properties"]["WADMKD"]}
    blank = read_own_file(json.dumps(features).encode(), "x.geojson", None)
    assert (blank.schema, blank.region, blank.proposed) == ("big", "34.02", "name")
    assert blank.matched()["kode"].tolist() == own.matched()["kode"].tolist()
    for feature in features["features"]:
        feature["properties"]["WADMKK"] = " "
    for name, evidence in (("desa_bantul.geojson", "file"), ("x.geojson", "place")):
        placed = read_own_file(json.dumps(features).encode(), name, None)
        assert (placed.region, placed.proposed) == ("34.02", evidence)


def test_a_file_that_names_one_region_and_lies_in_another_asks_for_it(tmp_path):
    elsewhere = shapely.transform(squares(), lambda at: at + np.array([4.0, -1.5]))
    path = as_file(tmp_path, frame(geometry=elsewhere, **PLAIN))
    with pytest.raises(InputError, match="--region"):
        read_own_file(path, path.name, None)


@pytest.mark.shared
def test_all_folders_of_a_kml_are_read_or_the_one_asked_for(shared):
    path = shared / "data/cases/bounds_kml_folders.kml"
    own = read_own_file(path, path.name, None)
    assert (own.layers, own.other_layers, own.counts()["matched_by_code"]) == (("Kec A", "Kec B"), (), 6)
    one = read_own_file(path, path.name, KOTA, ToldOfFile(layer="Kec B"))
    assert (one.layers, one.other_layers, len(one.rows)) == (("Kec B",), ("Kec A",), 3)
    with pytest.raises(InputError, match="Kec A, Kec B"):
        read_own_file(path, path.name, KOTA, ToldOfFile(layer="Kec C"))


def test_layers_of_one_form_are_read_together_and_others_named(tmp_path):
    path = tmp_path / "batas.gpkg"
    whole = frame(**PLAIN)
    whole.head(30).to_file(path, layer="timur")
    whole.tail(42).to_file(path, layer="barat")
    frame(kec=["A"] * 72).to_file(path, layer="kecamatan")
    own = read_own_file(path, path.name, KOTA)
    assert (own.layers, own.other_layers, own.counts()["matched_by_code"]) == (("timur", "barat"), ("kecamatan",), 72)
    whole.tail(42).to_crs(32748).to_file(path, layer="barat")
    with pytest.raises(InputError, match="--layer"):
        read_own_file(path, path.name, KOTA)


@pytest.mark.shared
def test_a_second_file_leaves_the_villages_of_the_first(shared, door):
    for name in ("bounds_kecA.geojson", "bounds_kecB.geojson"):
        own = read_own_file(shared / "data/cases" / name, name, KOTA)
        assert boundary_store.replaced(door, own.matched()["kode"]).empty
        keep(own, door)
    held = boundary_store.held(door, KOTA)
    assert len(held) == 19
    assert held["source"].value_counts().to_dict() == {"bounds_kecB.geojson": 11, "bounds_kecA.geojson": 8}


def test_a_village_has_the_polygon_of_the_last_file_and_every_source_its_tier(tmp_path, door):
    whole = frame(**PLAIN)
    keep(read(tmp_path, whole), door)
    part = whole.iloc[10:20]
    path = tmp_path / "sebagian.gpkg"
    part.to_file(path)
    own = read_own_file(path, path.name, KOTA)
    replaced = boundary_store.replaced(door, own.matched()["kode"])
    assert replaced["source"].value_counts().to_dict() == {"batas.gpkg": 10}
    keep(own, door)
    held = boundary_store.held(door, KOTA)
    assert held["source"].value_counts().to_dict() == {"batas.gpkg": 62, "sebagian.gpkg": 10}
    assert set(held.index[held["source"] == "sebagian.gpkg"]) == set(part["kode"])
    assert sorted(boundary_store.sources_held(door)["file"]) == ["batas.gpkg", "sebagian.gpkg"]
    areas = held.reset_index()[["kode", "name", "mended", "source_kode", "geometry"]]
    files = [boundary_store.SourceFile("f.sql", "0" * 64, 5)]
    boundary_store.save(door, KOTA, areas.head(5), tier=boundary_store.OFFICIAL, source="resmi@1", files=files)
    assert boundary_store.held(door, KOTA)["tier"].value_counts().to_dict() == {"kantor": 67, "resmi": 5}
    boundary_store.save(door, KOTA, areas.head(3), tier=boundary_store.OFFICIAL, source="resmi@2", files=files)
    assert boundary_store.held(door, KOTA)["tier"].value_counts().to_dict() == {"kantor": 67, "resmi": 3}
    keep(read(tmp_path, whole), door)
    assert boundary_store.sources_held(door)["file"].tolist() == ["batas.gpkg"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "region", "rows", "least"),
    [
        ("idn_adm4_lubuklinggau_bps1674.gpkg", "16.73", 72, 72),
        ("idn_adm4_lumajang_3508.gpkg", "35.08", 205, 203),
        ("idn_adm4_sultra_74.gpkg", "74", 2340, 2052),
    ],
)
def test_the_files_of_hdx_match_by_name_and_no_code_of_bps_is_taken(file, region, rows, least, shared):
    own = read_own_file(shared / "data/boundaries_hdx" / file, file, region)
    counts = own.counts()
    assert (own.schema, own.code_system, len(own.rows)) == ("hdx", "bps", rows)
    assert counts["matched_by_code"] == 0
    assert counts["matched_by_name"] >= least
    assert sum(counts.values()) == rows
    matched = own.matched()
    listed = load_villages()["regency"].reindex(matched["kode"]).map(area_key)
    assert matched["regency"].map(area_key).tolist() == listed.tolist()


@pytest.mark.shared
def test_bps_7401_is_never_taken_for_kemendagri_74_01(shared):
    """BPS 7401 is Buton (Kemendagri 74.04), and BPS 7404 is Kolaka (Kemendagri 74.01)."""
    own = read_own_file(shared / "data/boundaries_hdx/idn_adm4_sultra_74.gpkg", "sultra.gpkg", "74")
    matched = own.matched()
    of_bps = matched["code"].str[2:6]
    assert set(matched.loc[of_bps == "7401", "kode"].str[:5]) == {"74.04"}
    assert set(matched.loc[matched["kode"].str.startswith("74.01."), "code"].str[2:6]) == {"7404"}
    unsure = own.rows[(own.rows["how"] == "unsure") & own.rows["code"].str.startswith("ID7401")]
    assert not unsure["proposal"].str.startswith("74.01.").any()


def texts_of(own):
    return " ".join(note.text("id") for note in own.notes())


@pytest.mark.parametrize("kind", ["plain", "dukcapil", "hdx", "gadm"])
def test_what_lies_in_other_regions_lacks_no_match(kind, tmp_path):
    path = as_file(tmp_path, frame(**KINDS[kind]))
    other = read_own_file(path, path.name, "35.74")
    assert (other.counts()["unmatched"], other.counts()["outside"]) == (72, 72)
    assert "0 tidak cocok, 72 di luar wilayah" in texts_of(other)
    district = MEGANG[:8]
    members = VILLAGES.index.str.startswith(district).sum()
    part = read_own_file(path, path.name, district)
    assert part.counts()["outside"] == 72 - members
    assert f"0 tidak cocok, {72 - members} di luar wilayah" in texts_of(part)


def test_what_fits_nothing_inside_the_region_stays_unmatched(tmp_path):
    west, south = VILLAGES["lon"].iloc[0] + 0.004, VILLAGES["lat"].iloc[0]
    shapes = [*squares(0.0005), shapely.buffer(shapely.Point(west, south), 0.0005)]
    own = read(tmp_path, frame(geometry=shapes, kode=[*PLAIN["kode"], ""], nama=[*PLAIN["nama"], "Zzzzz"]))
    assert (own.counts()["unmatched"], own.counts()["outside"]) == (1, 0)


@pytest.mark.parametrize(("kind", "said"), [("hdx", "nama dan kecamatannya sama"), ("big", "kode dan namanya sama")])
def test_a_code_that_was_not_used_is_no_reason(kind, said, tmp_path):
    row = PLAIN["kode"].index(MEGANG)
    shapes = squares()
    shapes[row] = shapely.transform(shapes[row], lambda at: at + np.array([0.02, 0.0]))
    told = texts_of(read(tmp_path, frame(geometry=shapes, **KINDS[kind])))
    assert said in told
    other = {"nama dan kecamatannya sama", "kode dan namanya sama"} - {said}
    assert not any(one in told for one in other)
