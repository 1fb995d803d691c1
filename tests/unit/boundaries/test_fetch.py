"""The download: checked, resumed, stopped when asked; a fault is one sentence and the workspace stays as it was."""

import errno
import hashlib
import io

import pyogrio
import pytest

from coverage.ground.downloads.addresses import check_address
from coverage.ground.errors import InputError
from coverage.places.boundaries import boundary_fetch, boundary_store, official
from coverage.places.boundaries.boundary_fetch import download
from coverage.places.boundaries.boundary_upstream import files_of, regencies_without_file
from coverage.places.villages import load_villages, mask_in_region
from coverage.places.workspace import Workspace, cache_folder

KOTA = "16.73"


def square(lat, lon, size=0.02):
    h = size / 2
    ring = [(lat - h, lon - h), (lat - h, lon + h), (lat + h, lon + h), (lat + h, lon - h), (lat - h, lon - h)]
    return "[[" + ",".join(f"[{a!r},{b!r}]" for a, b in ring) + "]]"


def rows_of(region, *, without=(), size=0.002):
    villages = load_villages()
    inside = villages[mask_in_region(villages.index, region)].drop(index=list(without))
    return [
        f"('{kode}','{row['name']}',0,0,'{square(row['lat'], row['lon'], size)}')" for kode, row in inside.iterrows()
    ]


@pytest.fixture
def kota(server, make_dump, monkeypatch):
    """Offer one kota, the last of its villages missing, and let the registry know it."""
    content = make_dump(*rows_of(KOTA, without=["16.73.08.1006"]))
    file = server.offer(KOTA, content)
    monkeypatch.setattr(official, "files_of", lambda _: (file,))
    return file


def test_the_registry_names_598_files_and_those_of_a_province_are_its_regencies():
    files = files_of("74")
    assert len(files) == 17
    assert {file.regency for file in files} == set(load_villages().loc[lambda t: t.index.str[:2] == "74"].index.str[:5])
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in files)
    assert files[0].url().startswith("https://raw.githubusercontent.com/cahyadsn/wilayah_boundaries/3c5a7960")
    assert files_of("74.71.01") == files_of("74.71")
    assert regencies_without_file("74") == ()


def test_a_fetched_region_says_who_has_a_polygon_and_who_has_none(kota, server, door):
    report = official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert (report.polygons, report.villages, report.files) == (71, 71, 1)
    assert report.without_polygon.to_numpy().tolist() == [["16.73.08.1006", "Megang"]]
    held = boundary_store.held(door, KOTA)
    assert len(held) == 71
    assert set(held["tier"]) == {"resmi"}
    assert boundary_store.sources_held(door)[["file", "sha256"]].to_numpy().tolist() == [[kota.path, kota.sha256]]


def test_the_layers_have_sensible_names_types_and_crs(kota, server, door):
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert dict(pyogrio.list_layers(door.path)) == {
        "boundaries": "MultiPolygon",
        "boundary_sources": None,
        "jangkau_log": None,
    }
    assert pyogrio.read_info(door.path, layer="boundaries")["crs"] == "EPSG:4326"


def test_a_second_fetch_replaces_and_asks_the_server_for_nothing(kota, server, door):
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    asked = len(server.asked)
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert len(server.asked) == asked
    assert pyogrio.read_info(door.path, layer="boundaries")["features"] == 71


def test_a_damaged_file_of_the_cache_is_fetched_again(kota, server, door):
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    (held,) = cache_folder().rglob("*.sql")
    held.write_bytes(b"x")
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert hashlib.sha256(held.read_bytes()).hexdigest() == kota.sha256


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (["cut"] * 3, "terputus"),
        (["fault"] * 3, "terputus"),
        (["short"], "sha256"),
        (["changed"], "sha256"),
        (["page"], "halaman web"),
        (["gone"], "tidak ada di server"),
        (["forbidden"], "403"),
    ],
)
def test_whatever_the_server_does_is_one_sentence_and_the_earlier_state_stays(manner, words, kota, server, door):
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    before = door.path.read_bytes()
    for held in cache_folder().rglob("*.sql"):
        held.unlink()
    server.manner = list(manner)
    with pytest.raises(InputError, match=words) as caught:
        official.fetch_boundaries(KOTA, door, base_url=server.url)
    for lang in ("id", "en"):
        assert "\n" not in caught.value.text(lang)
    assert "wilayah_boundaries_kel_16.73" in caught.value.text("id")
    assert door.path.read_bytes() == before
    assert list(cache_folder().rglob("*.sql")) == []


def test_a_download_that_broke_off_goes_on_where_it_stopped(kota, server):
    server.manner = ["cut"]
    (path,) = download([kota], base_url=server.url)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kota.sha256
    half = len(path.read_bytes()) // 2
    assert [asked for _, asked in server.asked] == [None, f"bytes={half}-"]


def test_a_server_that_cannot_continue_begins_anew(kota, server):
    server.manner = ["cut", "no range"]
    (path,) = download([kota], base_url=server.url)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kota.sha256


@pytest.mark.parametrize("left", [b"something else", b"x" * 10_000_000])
def test_what_another_download_left_behind_is_thrown_away(left, kota, server):
    part = cache_folder() / "boundaries" / "3c5a7960f4d2" / "wilayah_boundaries_kel_16.73.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(left)
    (path,) = download([kota], base_url=server.url)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kota.sha256
    assert not part.exists()


def test_no_server_at_all_is_one_sentence(kota, server):
    with pytest.raises(InputError, match=r"tidak ada sambungan ke 127\.0\.0\.1\. Periksa internet atau --base-url"):
        download([kota], base_url="http://127.0.0.1:9")


def test_a_full_disk_is_one_sentence_and_the_workspace_stays(kota, server, door, monkeypatch):
    official.fetch_boundaries(KOTA, door, base_url=server.url)
    before = door.path.read_bytes()
    for held in cache_folder().rglob("*.sql"):
        held.unlink()

    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

    real = boundary_fetch.Path.open
    # The sentence itself is read from a file.
    monkeypatch.setattr(
        boundary_fetch.Path,
        "open",
        lambda path, *given, **named: real(path, *given, **named) if path.suffix == ".toml" else Full(),
    )
    with pytest.raises(InputError, match=r"ruang disk.* habis"):
        download([kota], base_url=server.url)
    monkeypatch.undo()
    assert door.path.read_bytes() == before


def test_a_stopped_download_says_so_and_goes_on_later(kota, server, door):
    with pytest.raises(InputError, match="dihentikan"):
        official.fetch_boundaries(KOTA, door, base_url=server.url, stopped=lambda: len(server.asked) > 0)
    assert not door.path.exists()
    assert official.fetch_boundaries(KOTA, door, base_url=server.url).polygons == 71


def test_progress_is_told_from_the_first_to_the_last_file(server, make_dump):
    files = [server.offer(kode, make_dump(f"('{kode}.01.1001','x',0,0,'')")) for kode in ("16.71", "16.72")]
    told = []
    download(files, base_url=server.url, watch=told.append)
    assert [(one.done, one.files) for one in told][:1] == [(0, 2)]
    assert (told[-1].done, told[-1].name) == (2, "")
    assert [one.done for one in told] == sorted(one.done for one in told)


def test_a_second_download_at_the_same_time_waits_or_says_so(kota, server, monkeypatch):
    monkeypatch.setattr(boundary_fetch, "_LOCK_SECONDS", 0.01)
    seen = []

    def watch(_):
        if not seen:
            seen.append(True)
            with pytest.raises(InputError, match="sedang diunduh"):
                download([kota], base_url=server.url)

    download([kota], base_url=server.url, watch=watch)
    assert seen


@pytest.mark.parametrize(
    "text", ["", "ftp://a/b", "file:///etc/passwd", "/etc", "http://", "http://a:99999", "http://a b", "http://[x"]
)
def test_an_address_that_is_none_is_refused(text):
    with pytest.raises(InputError, match="https://"):
        check_address(text)


def test_a_file_larger_than_any_of_these_is_not_taken(kota, server, monkeypatch):
    monkeypatch.setattr(boundary_fetch, "MAX_BYTES", 1024)
    with pytest.raises(InputError, match="lebih besar"):
        download([kota], base_url=server.url)


def test_a_village_under_a_new_code_is_found_by_name_and_place(server, make_dump, monkeypatch, door):
    rows = [one.replace("16.73.08.1006", "16.73.09.1001") for one in rows_of(KOTA)]
    file = server.offer(KOTA, make_dump(*rows, f"('16.73.09.1002','Baru',0,0,'{square(-3.3, 103.5)}')"))
    monkeypatch.setattr(official, "files_of", lambda _: (file,))
    report = official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert report.recoded.to_numpy().tolist() == [["16.73.08.1006", "16.73.09.1001", "Megang"]]
    assert report.without_polygon.empty
    assert report.not_in_list.to_numpy().tolist() == [["16.73.09.1002", "Baru"]]
    assert "16.73.09.1002" in boundary_store.held(door).index


def test_rows_that_cannot_be_used_are_named(server, make_dump, monkeypatch, door):
    rows = rows_of(KOTA, without=["16.73.08.1006", "16.73.01.1016"])
    file = server.offer(
        KOTA,
        make_dump(
            *rows,
            "('16.73.08.1006','Megang',0,0,'')",
            f"('16.73.01.1016','Jauh Sekali',0,0,'{square(-2.5, 103.5)}')",
        ),
    )
    monkeypatch.setattr(official, "files_of", lambda _: (file,))
    report = official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert {one.kode: one.problem.key for one in report.unreadable} == {
        "16.73.08.1006": "boundaries.row_empty",
        "16.73.01.1016": "boundaries.row_elsewhere",
    }
    assert set(report.without_polygon["kode"]) == {"16.73.08.1006", "16.73.01.1016"}
    for lang in ("id", "en"):
        assert all(note.text(lang) for note in report.notes())


def test_an_invalid_polygon_is_mended_and_told(server, make_dump, monkeypatch, door):
    lat, lon = load_villages().loc["16.73.08.1006", ["lat", "lon"]]
    bow = [(lat, lon), (lat + 0.01, lon + 0.01), (lat, lon + 0.01), (lat + 0.01, lon), (lat, lon)]
    path = "[[" + ",".join(f"[{a!r},{b!r}]" for a, b in bow) + "]]"
    file = server.offer(KOTA, make_dump(f"('16.73.08.1006','Megang',0,0,'{path}')"))
    monkeypatch.setattr(official, "files_of", lambda _: (file,))
    report = official.fetch_boundaries(KOTA, door, base_url=server.url)
    assert report.mended["kode"].tolist() == ["16.73.08.1006"]
    assert boundary_store.held(door).geometry.is_valid.all()


@pytest.mark.shared
def test_the_official_polygons_of_sultra_are_2283(shared, door, monkeypatch):
    monkeypatch.setattr(official, "download", lambda files, **_: [shared / "mirror" / one.url("")[1:] for one in files])
    report = official.fetch_boundaries("74", door)
    assert report.files == 17
    assert report.polygons == report.villages == 2283
    assert report.without_polygon["kode"].tolist() == ["74.02.36.1009", "74.07.07.1011"]
    assert len(report.recoded) == 18
    assert report.unreadable == ()
    assert Workspace.open(door.path).layer("boundary_sources", ["region"])["region"].tolist() == ["74"] * 17
