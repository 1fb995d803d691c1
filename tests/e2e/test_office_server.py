"""The shipped example for an office's server: nothing without the proxy's word, and pages whole under the policy."""

import contextlib
import socket
import socketserver
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from coverage.ground.texts import say
from coverage.places.workspace import Workspace

from .conftest import REPO, serve

OpenPage = Callable[..., Page]
SECRET = "0123456789abcdef" * 2
REVIEWER, PLANNER = "periksa@contoh.invalid", "rencana@contoh.invalid"
PAGES = ("", "celah", "pokling", "rencana", "whatif", "data", "metode")
MAPS = ("celah", "pokling", "whatif", "data")
ROLES = f'sign_in = "proxy"\n[people]\n"{REVIEWER}" = "pemeriksa"\n"{PLANNER}" = "perencana"\n'


def told_by_the_proxy(account: str) -> dict[str, str]:
    return {"X-Jangkau-Proxy": SECRET, "X-Forwarded-Email": account}


class Proxy(socketserver.StreamRequestHandler):
    """Passes one request on in the name of an account, as a proxy does that has let a person in."""

    def handle(self) -> None:
        told = told_by_the_proxy(self.server.account)
        head = []
        while (line := self.rfile.readline()) != b"\r\n":
            if not line:
                # A browser opens connections ahead and may hang up without a word.
                return
            head.append(line)
        own = {name.lower().encode() for name in told}
        upgraded = any(line.lower().startswith(b"upgrade:") for line in head)
        if not upgraded:
            own.add(b"connection")
            told["Connection"] = "close"
        kept = [line for line in head if line.partition(b":")[0].lower() not in own]
        with socket.create_connection(self.server.behind) as server:
            added = [f"{name}: {value}\r\n".encode() for name, value in told.items()]
            server.sendall(b"".join([*kept, *added, b"\r\n"]))
            threading.Thread(target=self.to_server, args=(server,), daemon=True).start()
            with contextlib.suppress(OSError):
                while content := server.recv(65536):
                    self.wfile.write(content)

    def to_server(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while content := self.rfile.read1():
                server.sendall(content)


class Front(socketserver.ThreadingTCPServer):
    """A proxy at the door of one account."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, url: str, account: str) -> None:
        parts = urlsplit(url)
        self.behind, self.account = (parts.hostname, parts.port), account
        super().__init__(("127.0.0.1", 0), Proxy)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up is no fault."""


@contextlib.contextmanager
def proxy(url: str, account: str) -> Iterator[str]:
    with Front(url, account) as front:
        threading.Thread(target=front.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{front.server_address[1]}"
        front.shutdown()


class Office(NamedTuple):
    """The server itself, and its address as two people find it."""

    url: str
    reviewer: str
    planner: str
    workspace: Workspace


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    roles, held = folder / "roles.toml", folder / "kantor.gpkg"
    roles.write_text(ROLES)
    settings = {"JANGKAU_ROLES": str(roles), "JANGKAU_PROXY_SECRET": SECRET, "JANGKAU_WORKSPACE": str(held)}
    with (
        serve(
            ["streamlit", "run", str(REPO / "server" / "office.py")], folder, settings, told_by_the_proxy(REVIEWER)
        ) as url,
        proxy(url, REVIEWER) as reviewer,
        proxy(url, PLANNER) as planner,
    ):
        yield Office(url, reviewer, planner, Workspace.open(held))


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def asked(url: str, headers: dict[str, str]) -> Answer:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            return Answer(answer.status, dict(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, dict(error.headers.items()), error.read())


def settled(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/data", "/media/0.csv", "/_stcore/stream", "/_stcore/health", "/app/static/x"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Forwarded-Email": PLANNER}, told_by_the_proxy(PLANNER) | {"X-Jangkau-Proxy": SECRET[::-1]}],
    ids=["nobody", "forged", "guessed"],
)
def test_nothing_is_served_without_the_proxy_s_word(path: str, headers: dict[str, str], office: Office) -> None:
    answer = asked(office.url + path, headers)
    assert (answer.status, b"Anda belum masuk" in answer.body) == (401, True)


def test_the_web_socket_is_not_opened_without_the_proxy_s_word(office: Office) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    assert asked(f"{office.url}/_stcore/stream", upgrade | {"X-Forwarded-Email": PLANNER}).status == 401


def test_who_has_no_role_gets_no_page(office: Office) -> None:
    answer = asked(office.url, told_by_the_proxy("siapa@contoh.invalid"))
    assert (answer.status, b"belum mendapat akses" in answer.body) == (403, True)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_whole_under_the_policy(
    name: str, office: Office, open_page: OpenPage, the_map: Callable[[Page], FrameLocator]
) -> None:
    page = open_page(f"{office.reviewer}/{name}?region=74.71")
    settled(page)
    expect(page.get_by_test_id("stSidebar").get_by_text("(pemeriksa)")).to_be_visible()
    if name in MAPS:
        the_map(page)
    told = asked(f"{office.reviewer}/{name}", {}).headers
    assert told["content-security-policy"].startswith("default-src 'self'; ")
    assert (told["cache-control"], told["x-frame-options"]) == ("no-store", "SAMEORIGIN")


def test_a_reviewer_finds_no_form_in_any_tab_and_takes_a_file_along(
    office: Office, open_page: OpenPage, the_map: Callable[[Page], FrameLocator]
) -> None:
    page = open_page(f"{office.reviewer}/data?region=74.71")
    settled(page)
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        for key in ("save_units", "visit_save", "ferry_save", "speeds_reset"):
            expect(page.get_by_role("button", name=say(f"dashboard.{key}", "id"), exact=True)).to_have_count(0)
    # Opened anew: a click while the page is drawn again after that many tabs would be lost.
    page.goto(f"{office.reviewer}/data?region=74.71")
    the_map(page)
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_test_id("stDownloadButton").filter(visible=True).first.get_by_role("button").click()
    path = urlsplit(waiting.value.url).path
    assert path.startswith("/media/")
    assert waiting.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    assert asked(office.reviewer + path, {}).headers["cache-control"] == "no-store"
    assert asked(office.url + path, {"X-Forwarded-Email": REVIEWER}).status == 401


def test_a_planner_s_visit_is_kept_and_the_log_names_them(office: Office, open_page: OpenPage) -> None:
    page = open_page(f"{office.planner}/data?region=74.71")
    settled(page)
    page.get_by_role("tab", name="Kunjungan").click()
    village = page.get_by_role("combobox", name=say("dashboard.village", "id"))
    village.click()
    village.press_sequentially("Mandonga")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name=say("dashboard.visit_save", "id")).click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_be_visible()
    entry = office.workspace.contents().log[0]
    assert (entry.command, entry.layers, entry.role) == ("dasbor data", "visits", f"perencana: {PLANNER}")
