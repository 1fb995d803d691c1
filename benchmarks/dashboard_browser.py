"""The dashboard in headless Chromium with the internet cut off; for ``dashboard.py``."""

import contextlib
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from dashboard_server import HOST, Server
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, WebSocket, sync_playwright

MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'
WAIT_MS = 120_000
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A filled path, data told to be painted more often than before, and two frames later they are on the screen.
PAINTED = """before => {
    const map = document.querySelector('#map_div');
    return document.querySelector('path.leaflet-interactive[fill^="#"]') && Number(map.dataset.painted || 0) > before;
}"""
ON_SCREEN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Visit:
    """A page that is open, what it received over its websocket, and what it asked of others in vain."""

    page: Page
    received_bytes: int = 0
    asked_outside: int = 0

    @property
    def map_frame(self) -> Frame:
        """The frame of the map, once it is there."""
        # A frame that has not loaded its page yet would be waited for in vain.
        loaded = self.page.frame_locator(MAP_FRAME).locator("#map_div")
        loaded.wait_for(state="attached", timeout=WAIT_MS)
        handle = self.page.query_selector(MAP_FRAME)
        frame = None if handle is None else handle.content_frame()
        if frame is None:
            raise RuntimeError("the map has no frame")
        return frame

    def painted(self) -> int:
        """Tell how often the map was painted."""
        return int(self.map_frame.evaluate("() => Number(document.querySelector('#map_div').dataset.painted || 0)"))

    def wait_for_map(self, before: int = 0) -> None:
        """Wait until the map was painted more often than `before` and shows it."""
        frame = self.map_frame
        frame.wait_for_function(PAINTED, arg=before, timeout=WAIT_MS)
        frame.evaluate(ON_SCREEN)


def chromium() -> str | None:
    """Give the browser's path, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextlib.contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """Start the browser, and end it."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=ARGS)
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser) -> BrowserContext:
    """Open a window whose caches are empty."""
    return browser.new_context(locale="id-ID", timezone_id="Asia/Makassar", viewport={"width": 1366, "height": 768})


def open_page(context: BrowserContext, server: Server, query: str, name: str) -> tuple[Visit, float]:
    """Open a page, "" for the first one, and give the seconds until its map, or else its figures, are on the screen."""
    visit = Visit(context.new_page())

    def judge(route: Route) -> None:
        if urlsplit(route.request.url).hostname == HOST:
            route.continue_()
        else:
            visit.asked_outside += 1
            route.abort()

    def heard(frame: str | bytes) -> None:
        visit.received_bytes += len(frame)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", heard)

    # Only requests to others are looked at: looking at one's own keeps the browser from its cache.
    context.route(lambda url: urlsplit(url).hostname != HOST, judge)
    visit.page.on("websocket", listen)
    start = time.perf_counter()
    visit.page.goto(f"{server.url}/{name}?{query}")
    if name:
        visit.wait_for_map()
    else:
        visit.page.get_by_test_id("stMetric").first.wait_for(timeout=WAIT_MS)
    return visit, time.perf_counter() - start


def spent(visit: Visit, act: Callable[[Page], None]) -> tuple[float, int]:
    """Give the seconds from an act to the map that shows it, and the bytes that came for it."""
    before, received = visit.painted(), visit.received_bytes
    start = time.perf_counter()
    act(visit.page)
    visit.wait_for_map(before)
    took = time.perf_counter() - start
    # What stands below the map comes after it.
    settle(visit)
    return took, visit.received_bytes - received


def settle(visit: Visit) -> None:
    """Wait until nothing runs and nothing more comes."""
    visit.page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')", timeout=WAIT_MS)
    known = -1
    while known != visit.received_bytes:
        known = visit.received_bytes
        visit.page.wait_for_timeout(300)


def type_cutoff(minutes: float) -> Callable[[Page], None]:
    """Give the act of typing another cutoff."""

    def act(page: Page) -> None:
        box = page.locator(".st-key-cutoff input")
        box.fill(f"{minutes:g}")
        box.press("Enter")

    return act


def click_village(visit: Visit, number: int) -> Callable[[Page], None]:
    """Give the act of clicking a village on the map."""
    area = visit.map_frame.locator("path.leaflet-interactive").nth(number)
    return lambda _page: area.click(force=True)
