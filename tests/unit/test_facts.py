import hashlib
import importlib
import itertools
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.ground import codes, registry

ROOT = Path(__file__).resolve().parents[2]
FACTS = ["units", "client_totals", "visits", "vulnerability", "population", "ferries", "ntb_2024_s1"]
SMALL_CELL = 5


def table(name):
    return pd.read_csv(registry.data_file(name), dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def villages():
    return pd.read_parquet(registry.data_file("villages")).set_index("kode")


@pytest.fixture(scope="module")
def areas(villages):
    return {kode[:length] for kode in villages.index for length in (2, 5, 8, 13)}


@pytest.mark.parametrize("name", FACTS)
def test_every_kode_of_a_fact_stands_in_the_village_list(name, areas):
    facts = table(name)
    columns = [column for column in facts if "kode" in column or column == "wilayah_kerja"]
    assert columns
    stated = {kode for column in columns for cell in facts[column] for kode in cell.split(";") if kode}
    assert stated <= areas
    assert all(codes.is_code(kode) for kode in stated)


@pytest.mark.parametrize(("name", "column"), [("units", "kode"), ("visits", "kode"), ("vulnerability", "kode")])
def test_what_stands_on_a_village_names_a_village(name, column, villages):
    assert table(name)[column].isin(villages.index).all()


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_tells_its_source_and_names_no_address_of_the_web(name):
    facts = table(name)
    assert (facts["source"] != "").all()
    assert not facts["source"].str.contains("://|www", regex=True).any()


@pytest.mark.parametrize("name", FACTS)
def test_tables_are_plain_utf8_with_lf(name):
    raw = registry.data_file(name).read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8").endswith("\n")


@pytest.mark.parametrize("entry", registry.entries().values(), ids=lambda entry: entry.name)
def test_registered_sha256_is_that_of_the_committed_bytes(entry):
    assert hashlib.sha256((ROOT / "data" / entry.path).read_bytes()).hexdigest() == entry.sha256


def test_every_data_file_is_registered_once():
    listed = [table["path"] for table in tomllib.loads((ROOT / "data/registry.toml").read_text("utf-8")).values()]
    shipped = {path.relative_to(ROOT / "data").as_posix() for path in (ROOT / "data").glob("*/*") if path.is_file()}
    assert sorted(path for path in listed if not path.startswith("../static/")) == sorted(shipped)


@pytest.mark.parametrize("script", ["build_facilities", "build_ferries", "build_population"])
def test_scripts_write_the_committed_bytes_again(script, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    module = importlib.import_module(script)
    monkeypatch.setattr(module, "DATA", tmp_path)
    module.main()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    for path in written:
        assert path.read_bytes() == (ROOT / "data" / path.relative_to(tmp_path)).read_bytes()


def test_sultra_has_seven_units_in_exactly_four_regencies():
    sultra = table("units").query("kode.str.startswith('74.')")
    assert len(sultra) == 7
    assert set(sultra["kode"].str[:5]) == {"74.01", "74.03", "74.71", "74.72"}


def test_units_of_the_other_places_are_shipped():
    assert table("units")["kode"].str[:5].value_counts().to_dict() == {
        "74.71": 4, "74.01": 1, "74.03": 1, "74.72": 1, "16.73": 1, "35.08": 1, "52.71": 1, "11.73": 6,
    }  # fmt: skip


def test_no_unit_claims_a_verified_location_or_an_unpublished_fact():
    units = table("units")
    assert (units["location_quality"] == "belum diverifikasi").all()
    unknown = ["lat", "lon", "services", "capacity", "agents", "counsellors", "contact", "open_from", "open_to"]
    assert (units[unknown] == "").all(axis=None)
    assert units["id"].is_unique
    assert set(units["institution"]) == {"IP", "KM"}


def test_working_areas_do_not_overlap_at_one_level_and_hold_their_office():
    units = table("units").query("wilayah_kerja != ''")
    served = [kode for cell in units["wilayah_kerja"] for kode in cell.split(";")]
    assert len(served) == len(set(served))
    for unit in units.itertuples():
        assert any(codes.contains(area, unit.kode) for area in unit.wilayah_kerja.split(";"))


def test_working_areas_of_muna_and_baubau_are_the_published_ones():
    area = table("units").set_index("id")["wilayah_kerja"].str.split(";").map(set)
    assert area["bnnk-muna"] == {"74.03", "74.13", "74.10"}
    assert area["bnn-kota-baubau"] == {"74.72", "74.04", "74.14", "74.15", "74.07"}
    assert area["klinik-bnnp-sultra"] == {"74"}


def test_no_client_total_is_a_small_cell():
    clients = table("client_totals")
    assert (clients["count_min"].astype(int) >= SMALL_CELL).all()
    assert (clients["count_max"].astype(int) >= clients["count_min"].astype(int)).all()


def test_no_small_cell_follows_from_the_difference_of_two_totals():
    rows = list(table("client_totals").itertuples())
    for a, b in itertools.permutations(rows, 2):
        nested = all(any(codes.contains(x, y) for x in a.area_kode.split(";")) for y in b.area_kode.split(";"))
        if nested and (a.period, a.service) == (b.period, b.service):
            assert int(a.count_min) - int(b.count_max) >= SMALL_CELL


def test_the_ends_of_a_ferry_are_two_islands_or_two_shores_of_a_gulf(villages):
    for leg in table("ferries").itertuples():
        start, end = villages.loc[leg.from_kode], villages.loc[leg.to_kode]
        north = 111.2 * (start["lat"] - end["lat"])
        east = 111.2 * (start["lon"] - end["lon"]) * np.cos(np.radians(start["lat"]))
        assert 3 < np.hypot(north, east) < 160, leg.id
        assert start["island"] != end["island"] or leg.id in {"kolaka-bajoe", "siwa-lasusua"}


def test_ferry_times_are_ranges_and_speeds_are_those_of_ships(villages):
    for leg in table("ferries").query("sailing_min != ''").itertuples():
        start, end = villages.loc[leg.from_kode], villages.loc[leg.to_kode]
        km = 111.2 * np.hypot(start["lat"] - end["lat"], start["lon"] - end["lon"])
        assert int(leg.sailing_min) <= int(leg.sailing_max_min)
        assert 5 < km / int(leg.sailing_max_min) * 60 < 45, leg.id


def test_ferry_departures_agree_with_trips_and_first_and_last():
    for leg in table("ferries").query("departures != ''").itertuples():
        times = leg.departures.split(";")
        assert times == sorted(times)
        assert len(times) == int(leg.trips_per_day)
        assert (times[0], times[-1]) == (leg.first_departure, leg.last_departure)


def test_legs_of_one_line_join_end_to_start_and_share_the_whole_time():
    legs = table("ferries").query("line != ''")
    for line, of_line in legs.groupby("line"):
        assert len(set(of_line["whole_line_min"])) == 1, line
        assert list(of_line["to_kode"])[:-1] == list(of_line["from_kode"])[1:]


def test_the_published_lines_of_sultra_are_all_there():
    assert set(table("ferries")["id"]) == {
        "torobulu-tampo", "amolengo-labuan", "kendari-langara", "labuan-sawaea", "waara-baubau", "baubau-kadatua",
        "kadatua-siompu", "kendari-raha", "raha-baubau", "kolaka-bajoe", "siwa-lasusua", "kamaru-wanci",
        "dongkala-mawasangka",
    }  # fmt: skip


def test_kendari_has_16_bahaya_5_waspada_and_3_siaga_on_24_different_kelurahan():
    classes = table("vulnerability")
    assert classes["class"].value_counts().to_dict() == {"Bahaya": 16, "Waspada": 5, "Siaga": 3}
    assert classes["kode"].is_unique
    assert classes["kode"].str.startswith("74.71.").all()


def test_the_visited_kelurahan_are_watervang_and_jawa_kanan_ss(villages):
    visits = table("visits")
    assert set(villages.loc[visits["kode"], "name"]) == {"Watervang", "Jawa Kanan SS"}
    assert (visits["date_precision"] == "paling lambat").all()


def test_ntb_percentages_are_the_published_ones():
    published = {"rehabilitasi": 82.18, "SKHPN": 32.45, "rawat lanjut": 68.18, "IBM": 100.0, "SIL": 37.2}
    rows = table("ntb_2024_s1").set_index("indicator")
    assert rows.loc["IKM", "target"] == ""
    for name, percent in published.items():
        computed = 100 * float(rows.loc[name, "achieved"]) / float(rows.loc[name, "target"])
        assert 0 <= computed - percent < 0.01, name


def test_population_covers_every_regency_of_the_places_the_project_started_from(villages):
    people = table("population")
    regencies = set(villages.index.str[:5])
    wanted = {kode for kode in regencies if kode[:2] in {"74", "52"}} | {"16.73", "35.08", "11.73"}
    assert set(people["kode"]) == wanted
    assert people["kode"].is_unique
    assert (people["population"].astype(int) > 40_000).all()
