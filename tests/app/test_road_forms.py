"""Roads on the page Data: imported or fetched in the background, stopped, looked at, removed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import networkx as nx
import pytest

from coverage.faces.dashboard.shell.frame import plain
from coverage.ground.quantities import format_number
from coverage.ground.texts import LANGUAGES, say
from coverage.places.workspace import Workspace
from coverage.travel.roads.importing import SAME_END_M
from coverage.travel.roads.road_store import stored_roads

REGION = "35.74"
HEAD = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2024-06-25T19:37:40Z"}}
NODES = [{"type": "node", "id": at, "lon": 113.20 + at / 1000, "lat": -7.76} for at in range(6)]
WAY = {"type": "way", "id": 10, "nodes": [0, 1, 2, 3, 4, 5], "tags": {"highway": "residential", "name": "Jl. Mawar"}}
ROADS = json.dumps({**HEAD, "elements": [*NODES, WAY]}).encode()
EMPTY = json.dumps({**HEAD, "elements": []}).encode()


@pytest.fixture
def server(monkeypatch):
    """An Overpass server that can be told to wait before it answers."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    held = SimpleNamespace(go=threading.Event(), asked=0, url="")
    held.go.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            held.go.wait(20)
            held.asked += 1
            body = EMPTY if "ferry" in asked else ROADS
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        held.url = f"http://127.0.0.1:{running.server_port}/api"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield held
        held.go.set()
        running.shutdown()
        thread.join()


def texts(app):
    return "\n".join(str(one.value) for one in (*app.markdown, *app.success, *app.error, *app.warning))


@pytest.fixture
def imported(finished):
    """Upload a file, press the button, and wait."""

    def done(app, name, content):
        app.file_uploader(key="roads-upload").set_value((name, content, "application/octet-stream")).run()
        return finished(app.button(key="roads-import").click().run())

    return done


def held():
    return [roads.source.region for roads in stored_roads(Workspace.open())]


def test_without_roads_the_page_says_what_travel_stands_on(open_app):
    app = open_app("data", region=REGION)
    assert plain(say("roads.form_none", "id", region="Kota Probolinggo")) in texts(app)


def test_a_road_file_is_imported_listed_and_removed(open_app, imported):
    app = imported(open_app("data", region=REGION), "../../Jalan <b>.json", ROADS)
    assert held() == [REGION]
    assert plain(say("roads.form_done", "id", source="Jalan-b-.json")) in texts(app)
    assert "PERHATIAN" in texts(app)
    classes = [table.value.get("Kelas jalan") for table in app.dataframe if "Kelas jalan" in table.value]
    assert [column.tolist() for column in classes] == [["jalan permukiman (residential)"]]
    app.button(key="roads-remove").click().run()
    assert held() == []
    assert "dihapus" in texts(app)


M = 1 / 110_300
LINES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"REMARK": "Jalan Lokal"},
                "geometry": {"type": "LineString", "coordinates": [[113.2 + start, -7.76], [113.2 + end, -7.76]]},
            }
            for start, end in ((0.0, 0.03), (0.03 + 0.3 * M, 0.04), (0.04 + 1.5 * M, 0.05))
        ],
    }
).encode()
"""Three lines end to end, 0,3 m and 1,5 m apart."""


@pytest.mark.parametrize(
    ("name", "content", "chosen", "snap_m", "parts"),
    [
        ("garis.geojson", LINES, None, 0.5, 2),
        ("garis.geojson", LINES, 0.0, 0.0, 3),
        ("garis.geojson", LINES, 2.0, 2.0, 1),
        ("jalan.json", ROADS, None, 0.0, 1),
        ("jalan.json", ROADS, 1.0, 1.0, 1),
    ],
)
def test_ends_are_joined_as_the_page_offers(open_app, imported, name, content, chosen, snap_m, parts):
    app = open_app("data", region=REGION)
    assert app.selectbox(key="roads-snap").value is None
    app.selectbox(key="roads-snap").set_value(chosen).run()
    app = imported(app, name, content)
    assert [error.value for error in app.error] == []
    (roads,) = stored_roads(Workspace.open())
    assert roads.source.snap_m == snap_m
    joins = nx.Graph(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    assert nx.number_connected_components(joins) == parts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_choices_say_what_happens_to_lines_and_to_openstreetmap(open_app, lang):
    choice = open_app("data", region=REGION, lang=lang).selectbox(key="roads-snap")
    usual = format_number(SAME_END_M, lang, decimals=1)
    assert choice.options[:2] == [say("roads.form_snap_usual", lang), say("roads.form_snap_none", lang)]
    assert choice.options[2:] == ["1 m", "2 m", "5 m", "10 m"]
    for told in (choice.options[0], choice.help):
        assert f"{usual} m" in told
        assert "OpenStreetMap" in told
    assert say("roads.form_snap_none", lang) in choice.help


def test_a_file_that_is_none_is_told_in_a_sentence_and_nothing_is_stored(open_app, imported):
    app = imported(open_app("data", region=REGION), "jalan.json", b'{"elements": [')
    assert len(app.error) == 1
    assert "jalan.json" in app.error[0].value
    assert held() == []


def test_roads_are_fetched_from_a_server(open_app, server, finished):
    app = open_app("data", region=REGION)
    app.text_input(key="roads-server").set_value(server.url).run()
    app = finished(app.button(key="roads-fetch").click().run())
    assert [error.value for error in app.error] == []
    assert held() == [REGION]


def test_a_fetch_is_stopped_while_the_server_says_nothing(open_app, server, finished):
    server.go.clear()
    app = open_app("data", region=REGION)
    app.text_input(key="roads-server").set_value(server.url).run()
    app.button(key="roads-fetch").click().run()
    assert not [button for button in app.button if button.key == "roads-fetch"]
    app.button(key="roads-stop").click().run()
    app = finished(app)
    server.go.set()
    assert plain(say("roads.fetch_stopped", "id")) in texts(app)
    assert held() == []
    assert app.button(key="roads-fetch")


def test_an_address_that_is_none_is_one_sentence(open_app, finished):
    app = open_app("data", region=REGION)
    app.text_input(key="roads-server").set_value("bukan alamat").run()
    app = finished(app.button(key="roads-fetch").click().run())
    assert [error.value for error in app.error] == [plain(say("roads.server_url", "id", url="bukan alamat"))]
