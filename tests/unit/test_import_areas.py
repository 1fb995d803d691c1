"""Which village a row means: codes of totals, names alone, codes and names that contradict, and what a press mends."""

import os
from pathlib import Path

import pytest

from coverage.ground.errors import InputError
from coverage.places.importing import Asked, commit, costs, preview
from coverage.places.tables.faults import FIXES, together
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

CASES = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data/cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases that failed are not beside the repository")
MANDONGA, LABIBIA, ALOLAMA = "74.71.01.1005", "74.71.01.1007", "74.71.01.1009"
MORE = {
    "population": ("penduduk", "5"),
    "visits": ("tanggal", "04-10-2024"),
    "units": ("nama", "Klinik"),
    "vulnerability": ("kelas", "Aman"),
    "clients": ("jumlah", "9"),
}
TOTALS = (
    "74", "7471", "747101", "7471010", "74.71", "74.71.01", "'74.71", "74-71-01", "74 71 01", "74.71.", "7471.0",
    "74.71.00.0000", "74.71.01.0000", "7471000000", "7471010000", "74.71.010", "ID74", "ID7471", "ID7471010", "ID",
    "74.7", "7.471E+03",
)  # fmt: skip


def read(kind, text, **asked):
    return preview(kind, text.encode(), "berkas.csv", Asked(**{"year": 2024} | asked))


def keys(found):
    return [fault.problem.key.split(".")[1] for fault in found.faults]


def said(found):
    return [fault.message.text("id") for fault in found.faults]


@pytest.mark.parametrize("kind", MORE)
@pytest.mark.parametrize("code", TOTALS)
def test_the_code_of_a_total_is_no_village_whatever_stands_beside_it(kind, code):
    header, value = MORE[kind]
    names = ("KOTA KENDARI", "Mandonga", "Alolama", "Kec. Mandonga")
    rows = "".join(f"{code};{name};Mandonga;Kota Kendari;{value}\n" for name in names)
    found = read(kind, f"kode;desa;kecamatan;kab;{header}\n{rows}")
    assert found.imported == 0
    assert {fault.row for fault in found.faults} == {2, 3, 4, 5}
    assert found.unsure == ()


@pytest.mark.parametrize("kind", MORE)
def test_a_name_alone_is_only_offered_and_taken_inside_a_kabupaten_asked_for(kind):
    header, value = MORE[kind]
    text = f"desa;{header}\nAlolama;{value}\n"
    for region, good in (("ID", 0), ("74", 0), ("74.71", 1), ("74.71.01", 1), ("74.72", 0), ("16.73", 0)):
        found = read(kind, text, region=region)
        assert found.imported == good, region
        if region == "ID" and kind != "clients":
            assert [one.kode for one in found.unsure] == [ALOLAMA]


@pytest.mark.parametrize("kind", MORE)
def test_a_kecamatan_of_the_same_name_is_not_the_village(kind):
    header, value = MORE[kind]
    for name, good in (("Mandonga", 0), ("Kec. Mandonga", 0), ("KECAMATAN MANDONGA", 0), ("Kel. Mandonga", 1)):
        found = read(kind, f"desa;kab;{header}\n{name};Kota Kendari;{value}\n")
        assert (found.imported, len(found.faults)) == (good, 1 - good), name


def test_a_kecamatan_written_once_above_does_not_bear_out_a_village_of_its_name():
    text = "kecamatan;desa;kab;penduduk\nMandonga;Alolama;Kota Kendari;1\n;Mandonga;Kota Kendari;2\n"
    found = read("population", text)
    assert found.good["kode"].tolist() == [ALOLAMA]
    assert keys(found) == ["name_of_both"]
    own = read("population", text.replace(";Mandonga;Kota", "Mandonga;Mandonga;Kota"))
    assert own.good["kode"].tolist() == [MANDONGA, ALOLAMA]


def test_a_name_is_not_looked_for_outside_what_the_code_says():
    # 74.71.01.1099 is not listed: the name must lie in 74.71.01 all the same.
    head = "kode;desa;kecamatan;kab;penduduk\n"
    inside = read("population", f"{head}74.71.01.1099;Alolama;Mandonga;Kota Kendari;5\n")
    outside = read("population", f"{head}74.72.01.1099;Alolama;Mandonga;Kota Kendari;5\n")
    assert (inside.good["kode"].tolist(), outside.imported) == ([ALOLAMA], 0)


@pytest.mark.parametrize(
    ("code", "name", "district", "regency", "good"),
    [
        (MANDONGA, "Mandonga", "", "", True),
        (MANDONGA, "Kel. MANDONGA", "Kec. Mandonga", "Kendari", True),
        (MANDONGA, "Mandongga", "", "", True),
        (MANDONGA, "Mandonga", "Kecamatan Baru", "", True),
        (MANDONGA, "x", "", "", True),
        (MANDONGA, "Labibia", "", "", False),
        (MANDONGA, "Alolama", "Mandonga", "Kota Kendari", False),
        (MANDONGA, "Gotham", "", "", False),
        (MANDONGA, "Kec. Mandonga", "", "", False),
        (MANDONGA, "Kota Kendari", "", "", False),
        (MANDONGA, "Mandonga", "", "Kabupaten Muna", False),
        (MANDONGA, "", "Poasia", "", False),
        (MANDONGA, "", "Mandonga", "Kota Kendari", True),
        (MANDONGA, "", "", "Kabupaten Muna", False),
    ],
)
def test_code_and_name_agree_or_are_a_fault(code, name, district, regency, good):
    found = read("population", f"kode;desa;kecamatan;kab;penduduk\n{code};{name};{district};{regency};5\n")
    assert found.good["kode"].tolist() == [code] * good
    assert all("kode dan nama tidak cocok" in line for line in said(found))
    assert len(found.faults) == 1 - good


@pytest.mark.parametrize("steps", [1, -1, 2])
@pytest.mark.parametrize("shape", [str, lambda kode: kode.replace(".", "")])
def test_codes_shifted_against_names_are_found(steps, shape):
    villages = load_villages().loc["74.71.01.1005":"74.71.10.1004"]
    names, kode = villages["name"].tolist(), villages.index.tolist()
    turned = kode[-steps:] + kode[:-steps]
    rows = [f"{shape(code)};{name};5" for code, name in zip(turned, names, strict=True)]
    found = read("population", "kode;desa;penduduk\n" + "\n".join(rows))
    assert found.imported == 0
    assert any("tergeser" in told.text("id") for told in found.detected)
    straight = [f"{shape(code)};{name};5" for code, name in zip(kode, names, strict=True)]
    assert read("population", "kode;desa;penduduk\n" + "\n".join(straight)).imported == len(kode)


def test_two_codes_exchanged_leave_the_rows_between_them_alone():
    villages = load_villages().loc["74.71.01.1005":"74.71.10.1004"]
    names, kode = villages["name"].tolist(), villages.index.tolist()
    for at in (3, 30):
        kode[at], kode[at + 1] = kode[at + 1], kode[at]
    rows = [f"{code};{name};5" for code, name in zip(kode, names, strict=True)]
    found = read("population", "kode;desa;penduduk\n" + "\n".join(rows))
    assert [fault.row for fault in found.faults] == [5, 6, 32, 33]
    assert found.imported == len(kode) - 4


def test_an_own_point_bears_a_name_out():
    text = "nama;kelurahan;lintang;bujur\nA;Alolama;-3,97;122,51\nB;Alolama;-6,9;112,5\n"
    found = read("units", text)
    assert found.good["kode"].tolist() == [ALOLAMA]
    assert [fault.row for fault in found.faults] == [3]


def test_ports_by_name_are_taken_inside_the_region_asked_for_only():
    text = "dari;ke;menit\nRaha I;74.07.01.1003;60\n"
    found = read("ferries", text)
    assert (found.imported, [one.kode for one in found.unsure]) == (0, ["74.03.16.1008"])
    assert read("ferries", text, region="74.03").good["from_kode"].tolist() == ["74.03.16.1008"]
    assert read("ferries", text, region="74.71").imported == 0


def test_costs_of_a_total_are_refused():
    for line in ("74.71;KOTA KENDARI", "74.71.01;Mandonga", f"{MANDONGA};Labibia"):
        with pytest.raises(InputError, match=r"bukan kode kelurahan/desa|kode dan nama tidak cocok"):
            costs.read_costs(f"kode;desa;biaya\n{line};5000\n".encode(), "biaya.csv", "74.71")


@needs_cases
@pytest.mark.shared
def test_the_cases_that_failed_are_refused():
    total = (CASES / "pop_kab_total_to_village.csv").read_text()
    found = read("population", total)
    assert (found.imported, keys(found)) == (0, ["code_of_regency"])
    mixed = read("population", (CASES / "pop_code_name_disagree.csv").read_text())
    assert (mixed.imported, [fault.row for fault in mixed.faults]) == (0, [2, 3, 4])
    assert all("kode dan nama tidak cocok" in line for line in said(mixed))


MENDABLE = {
    "swap-latlon": ("units", "nama;lintang;bujur\nA;122,51;-3,97\nB;-3,98;122,52\n"),
    "lookalike": ("population", "desa;kecamatan;kab;penduduk\nPuwatu;Puuwatu;Kota Kendari;5\n"),
    "synonym": ("vulnerability", f"kode;kelas\n{MANDONGA};Kawasan Bahya\n"),
}


def test_every_fix_has_a_case():
    assert set(MENDABLE) == set(FIXES)


@pytest.mark.parametrize("fix", FIXES)
def test_a_fault_is_mended_only_when_that_is_asked_for_and_is_told(fix, tmp_path):
    kind, text = MENDABLE[fix]
    found = read(kind, text)
    assert {fault.fix for fault in found.faults} == {fix}
    assert found.mended == ()
    for other in set(FIXES) - {fix}:
        assert read(kind, text, fixes=frozenset({other})).faults == found.faults
    mended = read(kind, text, fixes=frozenset({fix}))
    assert mended.faults == ()
    assert {(one.fix, one.row, one.became) for one in mended.mended} == {
        (fault.fix, fault.row, fault.becomes) for fault in found.faults
    }
    assert mended.imported == found.imported + 1
    commit(mended, Workspace.open(tmp_path / "kantor.gpkg"))


def test_only_rows_that_are_swapped_change_places():
    kind, text = MENDABLE["swap-latlon"]
    good = read(kind, text, fixes=frozenset({"swap-latlon"})).good
    assert good[["lat", "lon"]].to_numpy().tolist() == [[-3.97, 122.51], [-3.98, 122.52]]
    # Neither way round is this a point: nothing can be mended.
    hopeless = read(kind, "nama;lintang;bujur\nA;122,51;88\n", fixes=frozenset(FIXES))
    assert (hopeless.imported, hopeless.mended) == (0, ())


def test_a_lookalike_of_a_client_is_mended_without_telling_it():
    text = "desa;kecamatan;kab;jumlah\nPuwatu;Puuwatu;Kota Kendari;15\n"
    found = read("clients", text)
    mended = read("clients", text, fixes=frozenset(FIXES))
    assert (found.imported, mended.imported) == (0, 1)
    assert {(one.value, one.became) for one in mended.mended} == {("***", "***")}
    assert "Puuwatu" not in str(found.faults) + str(mended.mended)


def test_equal_faults_are_one_line_with_their_rows():
    rows = "".join(f"{MANDONGA};-{number}\n" for number in range(1, 130))
    (one,) = together(read("population", f"kode;penduduk\n{rows}").faults)
    line = one.message.text("id")
    assert "baris 2, 3, 4, dan 126 lagi" in line
    assert len(one.rows) == 129
    assert '"-1", "-2", "-3", dan 126 lagi' in line


@pytest.mark.parametrize("code", ["74.71.01.1999", "74.71.01.0003"])
def test_a_code_of_nowhere_beside_a_good_name_is_told(code):
    """The name was taken without a word, and whoever compared codes later found a village that was never named."""
    text = f"kode;desa;kecamatan;kabupaten;jumlah;tahun\n{code};Alolama;Mandonga;Kota Kendari;10;2023\n"
    found = preview("population", text.encode(), "x.csv", Asked())
    assert found.good["kode"].tolist() == ["74.71.01.1009"]
    (told,) = [one for one in found.detected if one.key == "tables.detected_code_astray"]
    assert "baris 2 " in told.text("id")
    listed = preview("population", text.replace(code, "74.71.01.1009").encode(), "x.csv", Asked())
    assert "tables.detected_code_astray" not in [one.key for one in listed.detected]
