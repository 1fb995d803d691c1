"""Attacks on an office's server: forged writes over the web socket, half-open connections, a database that is away."""

import contextlib
import getpass
import http.server
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import connect

from coverage.ground.texts import say
from coverage.places.workspace import Workspace

from .conftest import REPO, _free_port, serve
from .test_office_server import PLANNER, REVIEWER, ROLES, SECRET, asked, told_by_the_proxy

VILLAGE = "74.71.01.1005"
ANSWER_S = 60
HALVES = (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
"""What is never finished: nothing, half a head, a head whose body does not come."""


class Visitor:
    """A page run over the web socket as Streamlit's own script in a browser does it."""

    def __init__(self, url: str, account: str, page: str, query: str) -> None:
        address = url.replace("http://", "ws://") + "/_stcore/stream"
        self.open = contextlib.ExitStack()
        headers = told_by_the_proxy(account)
        self.socket = self.open.enter_context(
            connect(
                address,
                additional_headers=headers,
                subprotocols=["streamlit"],
                max_size=None,
                open_timeout=ANSWER_S,
            )
        )
        self.page, self.query = calc_hash(page), query
        self.seen: list[ForwardMsg] = []

    def run(self, *states: tuple[str, str, object]) -> list[ForwardMsg]:
        """Run the page with states of widgets (id, field, value), and give what the server sends."""
        asked_for = BackMsg()
        asked_for.rerun_script.query_string = self.query
        asked_for.rerun_script.page_script_hash = self.page
        for id_, field, value in states:
            state = asked_for.rerun_script.widget_states.widgets.add(id=id_)
            setattr(state, field, value)
        self.socket.send(asked_for.SerializeToString())
        answer = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=ANSWER_S))
            answer.append(message)
            if message.WhichOneof("type") == "script_finished":
                self.seen += answer
                return answer

    def widgets(self, kind: str) -> dict[str, str]:
        """Give label and id of the widgets of a kind that were drawn so far."""
        elements = [message.delta.new_element for message in self.seen if message.WhichOneof("type") == "delta"]
        drawn = [getattr(one, kind) for one in elements if one.WhichOneof("type") == kind]
        return {one.label: one.id for one in drawn}

    def text(self) -> str:
        return " ".join(str(message) for message in self.seen)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Workspace]]:
    folder = tmp_path_factory.mktemp("serangan")
    roles, held = folder / "roles.toml", folder / "kantor.gpkg"
    roles.write_text(ROLES)
    settings = {"JANGKAU_ROLES": str(roles), "JANGKAU_PROXY_SECRET": SECRET, "JANGKAU_WORKSPACE": str(held)}
    command = ["streamlit", "run", str(REPO / "server" / "office.py")]
    with serve(command, folder, settings, told_by_the_proxy(REVIEWER)) as url:
        yield url, Workspace.open(held)


def test_states_of_widgets_that_a_reviewer_never_saw_write_nothing(office: tuple[str, Workspace]) -> None:
    url, held = office
    planner = Visitor(url, PLANNER, "data", "region=74.71&tab=visits")
    planner.run()
    save = planner.widgets("button")[say("dashboard.visit_save", "id")]
    village = planner.widgets("selectbox")[say("dashboard.village", "id")]
    reviewer = Visitor(url, REVIEWER, "data", "region=74.71&tab=visits")
    reviewer.run()
    assert save not in reviewer.widgets("button").values()
    boxes = [message.delta.new_element.selectbox for message in planner.seen]
    options = next(box.options for box in boxes if box.id == village)
    option = next(option for option in options if VILLAGE in option)
    forged = [(village, "string_value", option), (save, "trigger_value", True)]
    reviewer.run(*forged)
    assert held.contents().log == ()
    # The same words do write where they come from who may: so they were the right ones.
    planner.run(*forged)
    (entry,) = held.contents().log
    assert (entry.layers, entry.role) == ("visits", f"perencana: {PLANNER}")


def test_words_that_are_none_do_not_stop_the_server(office: tuple[str, Workspace]) -> None:
    url, _ = office
    for noise in (b"", b"\xff" * 64, b"\x00", b"{}" * 5000):
        visitor = Visitor(url, PLANNER, "metode", "")
        with contextlib.suppress(Exception):
            visitor.socket.send(noise)
        visitor.open.close()
    assert Visitor(url, PLANNER, "metode", "").run()


def test_with_the_database_away_the_server_starts_and_everybody_is_told_alone_that(tmp_path: Path) -> None:
    roles = tmp_path / "roles.toml"
    roles.write_text(ROLES)
    settings = {
        "JANGKAU_ROLES": str(roles),
        "JANGKAU_PROXY_SECRET": SECRET,
        "JANGKAU_WORKSPACE": "postgresql://jangkau:rahasia@127.0.0.1:1/jangkau",
    }
    command = ["streamlit", "run", str(REPO / "server" / "office.py")]
    with serve(command, tmp_path, settings, told_by_the_proxy(REVIEWER)) as url:
        for query in ("", "region=16.73"):
            visitor = Visitor(url, REVIEWER, "ringkasan", query)
            visitor.run()
            said = visitor.text()
            assert "tidak dapat dihubungi" in said
            assert say("summary.welcome", "id") not in said
            assert say("summary.guide", "id") not in said
            assert "rahasia" not in said
            assert "Traceback" not in said


class Behind(http.server.BaseHTTPRequestHandler):
    """Stands for oauth2-proxy, which names an account, and for Jangkau, which tells whom it was told."""

    def do_GET(self) -> None:
        body = str(self.headers.get_all("X-Forwarded-Email")).encode()
        self.send_response(202 if self.path == "/oauth2/auth" else 200)
        self.send_header("X-Auth-Request-Email", PLANNER)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[int]:
    """The shipped example, without TLS and ten times as fast."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx; on Debian: apt-get install -y nginx-light")
    port = _free_port()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Behind) as behind:
        threading.Thread(target=behind.serve_forever, args=(0.01,), daemon=True).start()
        example = (REPO / "server" / "nginx.conf.example").read_text()
        for shipped, here in {
            "443 ssl": f"127.0.0.1:{port}",
            "127.0.0.1:4180": f"127.0.0.1:{behind.server_port}",
            "127.0.0.1:8501": f"127.0.0.1:{behind.server_port}",
            "include /etc/jangkau/proxy-secret.conf;": f'proxy_set_header X-Jangkau-Proxy "{SECRET}";',
            "timeout 10s": "timeout 1s",
            "timeout 15s": "timeout 1s",
            "limit_conn jangkau 100": "limit_conn jangkau 20",
        }.items():
            assert shipped in example
            example = example.replace(shipped, here)
        example = "\n".join(line for line in example.splitlines() if "ssl_certificate" not in line)
        folders = "".join(
            f"{kind}_temp_path {tmp_path / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        settings = tmp_path / "nginx.conf"
        settings.write_text(
            f"daemon off;\nuser {getpass.getuser()};\npid {tmp_path / 'pid'};\nerror_log {tmp_path / 'error.log'};\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{folders}{example}\n}}\n"
        )
        with subprocess.Popen([program, "-c", settings, "-e", tmp_path / "start.log"]) as running:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield port
            running.terminate()
        behind.shutdown()


def test_half_open_connections_are_hung_up_on_and_nobody_is_who_he_says(nginx: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", nginx), timeout=20) for _ in range(15)]
    for number, one in enumerate(slow):
        one.sendall(
            [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"][
                number % 3
            ]
        )
    answer = asked(f"http://127.0.0.1:{nginx}/", {"X-Forwarded-Email": "pengelola@contoh.invalid"})
    assert (answer.status, answer.body) == (200, str([PLANNER]).encode())
    for one in slow:
        with contextlib.suppress(ConnectionResetError):
            while one.recv(4096):
                pass
        one.close()


def test_one_address_cannot_hold_all_connections(nginx: int) -> None:
    url = urllib.parse.urlsplit(f"http://127.0.0.1:{nginx}/")
    held = [socket.create_connection((url.hostname, url.port), timeout=20) for _ in range(40)]
    for one in held:
        one.sendall(HALVES[-1])
    refused = 0
    for one in held:
        with contextlib.suppress(ConnectionResetError):
            refused += one.recv(4096).startswith(b"HTTP/1.1 503")
        one.close()
    assert refused >= 15
