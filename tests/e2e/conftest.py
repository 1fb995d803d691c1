"""The real dashboard in headless Chromium, with the internet cut off and every attempt written down."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Dialog,
    FrameLocator,
    Page,
    Route,
    WebSocket,
    expect,
    sync_playwright,
)

REPO = Path(__file__).resolve().parents[2]
APPS = Path(__file__).parent / "apps"
MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 60.0
# What the policy of a server forbids becomes a fault of the page.
VIOLATIONS = """document.addEventListener('securitypolicyviolation', event => {
    setTimeout(() => { throw new Error(`${event.violatedDirective} forbids ${event.blockedURI}`); });
});"""

# Scripts for Streamlit, not modules with doctests.
collect_ignore_glob = ["apps/*"]

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser; those of the command line need none."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def _healthy(url: str, headers: Mapping[str, str]) -> bool:
    request = urllib.request.Request(f"{url}/_stcore/health", headers=dict(headers))  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - our own server
            return answer.read() == b"ok"
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def serve(
    module: list[str],
    folder: Path,
    settings: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run a module that is or starts Streamlit on a free port; what it prints goes to `folder`/server.log.

    `settings` are added to the environment; `headers` are what the server wants of who asks whether it is up.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "JANGKAU_HOME": str(home), "PYTHONPATH": str(REPO), **(settings or {})}
    command = [sys.executable, "-m", *module, "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=REPO, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + START_S
            while not _healthy(url, headers or {}):
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"The dashboard did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
                time.sleep(0.1)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture(scope="session", autouse=True)
def _flags_known(flags_known: None) -> None:
    """Every test here calls commands, or none."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("No chromium on this machine: run `apt-get install chromium` to drive the dashboard in a browser")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def dashboard_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard")


@pytest.fixture(scope="session")
def dashboard_home(dashboard_folder: Path) -> Path:
    """Folder of the office's own data that the dashboard works with."""
    return dashboard_folder / "home"


@pytest.fixture(scope="session")
def dashboard(browser: Browser, dashboard_folder: Path) -> Iterator[str]:
    """Address of the real dashboard, started once."""
    with serve(["coverage.faces.dashboard"], dashboard_folder) as url:
        yield url


@pytest.fixture(scope="session")
def map_app(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page with one map of made-up villages; its geometry stays out of the repository."""
    folder = tmp_path_factory.mktemp("map-app")
    shutil.copytree(REPO / "static", folder / "static", ignore=shutil.ignore_patterns("geo"))
    with serve(["streamlit", "run", shutil.copy(APPS / "map_app.py", folder)], folder) as url:
        yield url


def _outside(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1"


class Offline:
    """A context that plays offline: what leaves this machine is refused and written down."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        context.add_init_script(VIOLATIONS)
        context.route("**/*", self._judge)
        context.on("page", self._watch)

    def _judge(self, route: Route) -> None:
        if _outside(route.request.url):
            self.asked.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def _watch(self, page: Page) -> None:
        page.on("websocket", self._judge_socket)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", self._refuse)

    def _refuse(self, dialog: Dialog) -> None:
        self.faults.append(f"alert: {dialog.message}")
        dialog.dismiss()

    def _judge_socket(self, socket_: WebSocket) -> None:
        if _outside(socket_.url):
            self.asked.append(socket_.url)


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open an address offline; at the end nothing may have been asked outside and no script may have failed."""
    contexts: list[BrowserContext] = []
    watchers: list[Offline] = []

    def opened(url: str, width: int = 1366, height: int = 768) -> Page:
        size = {"width": width, "height": height}
        context = browser.new_context(locale="id-ID", timezone_id="Asia/Makassar", viewport=size, accept_downloads=True)
        contexts.append(context)
        watchers.append(Offline(context))
        page = context.new_page()
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [address for watcher in watchers for address in watcher.asked] == []
    assert [fault for watcher in watchers for fault in watcher.faults] == []


@pytest.fixture
def the_map() -> Callable[[Page], FrameLocator]:
    """Wait until the page's map is drawn and answer its frame."""

    def wait(page: Page) -> FrameLocator:
        # The map of the page before may still stand beside it, and the first page waits for all that is imported.
        maps = page.locator(MAP_FRAME)
        expect(maps).to_have_count(1, timeout=START_S * 1000)
        frame = maps.last.content_frame
        expect(frame.locator("path.leaflet-interactive").first).to_be_attached()
        expect(frame.locator("#map_div[data-painted]")).to_be_attached()
        return frame

    return wait


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: `JANGKAU_ARTIFACTS`, or a folder that pytest throws away."""
    asked = os.environ.get("JANGKAU_ARTIFACTS")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
