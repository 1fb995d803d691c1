"""Boundaries on the page Data: fetched in the background, stopped, or brought as a file with its report."""

import hashlib
import http.server
import threading
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely

from coverage.faces.dashboard.pages import boundary_forms
from coverage.places.boundaries import boundary_store, official
from coverage.places.boundaries.boundary_upstream import UpstreamFile, commit
from coverage.places.villages import load_villages, mask_in_region
from coverage.places.workspace import Workspace

KOTA = "16.73"
VILLAGES = load_villages()[mask_in_region(load_villages().index, KOTA)]
BUTTON, STOP = "boundary-fetch-button", "boundary-fetch-stop"


def dump():
    rows = []
    for kode, name, lon, lat in zip(VILLAGES.index, VILLAGES["name"], VILLAGES["lon"], VILLAGES["lat"], strict=True):
        box = shapely.box(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)
        ring = ",".join(f"[{y!r},{x!r}]" for x, y in shapely.get_coordinates(box).tolist())
        rows.append(f"('{kode}','{name}',0,0,'[[{ring}]]')")
    return ("INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES " + ",".join(rows) + ";").encode()  # noqa: S608 - text of a dump, asked of no database


@pytest.fixture
def server(monkeypatch):
    """A mirror that can be told to wait before it answers."""
    content = dump()
    path = f"db/kel/16/wilayah_boundaries_kel_{KOTA}.sql"
    file = UpstreamFile(KOTA, path, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(official, "files_of", lambda _: (file,))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    held = SimpleNamespace(go=threading.Event(), url="")
    held.go.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            held.go.wait(20)
            known = self.path == f"/cahyadsn/wilayah_boundaries/{commit()}/{path}"
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(content) if known else 0))
            self.end_headers()
            self.wfile.write(content if known else b"")

        def log_message(self, *_):
            """Stay quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        held.url = f"http://127.0.0.1:{running.server_port}"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield held
        held.go.set()
        running.shutdown()
        thread.join()


def begin(open_app, url):
    app = open_app("data", region=KOTA)
    app.text_input(key="boundary-server").set_value(url).run()
    return app.button(key=BUTTON).click().run()


def texts(app):
    return "\n".join(str(one.value) for one in (*app.markdown, *app.success, *app.error, *app.caption))


def test_the_button_fetches_and_the_page_stands_on_the_polygons(server, open_app, finished):
    app = finished(begin(open_app, server.url))
    assert list(app.error) == []
    assert "72 batas resmi" in texts(app)
    assert "72 dari 72" in texts(app)
    assert set(boundary_store.held(Workspace.open(), KOTA)["tier"]) == {"resmi"}


def test_while_it_runs_the_page_shows_progress_and_stops_when_asked(server, open_app, finished):
    server.go.clear()
    app = begin(open_app, server.url)
    assert [button.key for button in app.button if button.key in (BUTTON, STOP)] == [STOP]
    app.button(key=STOP).click().run()
    app = finished(app)
    server.go.set()
    assert "dihentikan" in texts(app)
    assert boundary_store.held(Workspace.open(), KOTA).empty
    assert any(button.key == BUTTON for button in app.button)


def test_a_server_that_has_nothing_is_one_sentence(server, open_app, finished):
    app = finished(begin(open_app, server.url + "/lain"))
    assert len(app.error) == 1
    assert "tidak ada di server" in app.error[0].value


def test_an_address_that_is_none_is_one_sentence(server, open_app, finished):
    assert "tidak dapat dipakai" in finished(begin(open_app, "file:///etc/passwd")).error[0].value


def test_a_fault_of_the_program_is_not_hidden(server, open_app, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(boundary_forms, "fetch_boundaries", broken)
    app = begin(open_app, server.url)
    for _ in range(200):
        if "boundary-fetch" not in app.session_state or app.exception:
            break
        app.run()
    assert [fault.message for fault in app.exception] != []


@pytest.fixture
def upload(tmp_path):
    names = ["Hutan" if kode == "16.73.08.1006" else name for kode, name in VILLAGES["name"].items()]
    kodes = ["" if kode == "16.73.08.1006" else kode for kode in VILLAGES.index]
    shapes = shapely.buffer(shapely.points(VILLAGES["lon"], VILLAGES["lat"]), 0.002, cap_style="square")
    gpd.GeoDataFrame({"kode": kodes, "nama": names}, geometry=shapes, crs=4326).to_file(tmp_path / "batas.gpkg")
    return (tmp_path / "batas.gpkg").read_bytes()


def test_an_upload_is_reported_before_it_is_stored(upload, open_app, monkeypatch):
    app = open_app("data", region=KOTA)
    app.file_uploader(key="boundary-upload-0").upload("../../batas.gpkg", upload, "application/octet-stream").run()
    said = texts(app)
    assert "71 cocok lewat kode" in said
    assert "1 belum pasti" in said
    assert boundary_store.held(Workspace.open(), KOTA).empty
    save = next(button for button in app.button if "71 batas" in button.label)
    save.click().run()
    assert list(app.error) == []
    held = boundary_store.held(Workspace.open(), KOTA)
    assert (len(held), set(held["tier"])) == (71, {"kantor"})


def test_an_upload_that_cannot_be_read_is_one_sentence(open_app):
    app = open_app("data", region=KOTA)
    content = b"<OGRVRTDataSource/>"
    app.file_uploader(key="boundary-upload-0").upload("batas.geojson", content, "application/json").run()
    assert [fault.message for fault in app.exception] == []
    assert "isinya bukan" in app.error[0].value
