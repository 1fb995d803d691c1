"""Scripts, markup and templates typed into every field of every page stay text, and no page fails over them."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

OpenPage = Callable[..., Page]
PAYLOAD = (
    "O'Neil \\ `A` ${x}</script><img src=x onerror=alert(1)> ![b](http://outside.invalid/b.png) :red[c] {{7*7}} "
    "[d](javascript:alert(2)) =1+1"
)
PAGES = re.findall(r'url_path="(\w+)"', (Path(__file__).resolve().parents[2] / "app.py").read_text(encoding="utf-8"))
ADDRESS = {
    "": ("region", "lang"),
    "celah": ("cutoff", "season", "without", "wait", "day", "boats"),
    "pokling": ("base", "date"),
    "whatif": ("add", "close"),
    "data": ("tab",),
}
FIELDS = {"ringkasan": 3, "celah": 2, "pokling": 2, "rencana": 3, "whatif": 4, "target": 1, "data": 10}
"""Fields a page has at least, so that none is passed by for not having been found."""
LONG_MS = 60_000


def settled(page: Page) -> None:
    said = page.get_by_test_id("stMain").locator("h1, [data-testid=stAlert]")
    expect(said.first).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=LONG_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=LONG_MS)


def harmless(page: Page) -> None:
    """Nothing typed has become a picture, a link or a fault of the program; scripts and requests are watched apart."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    assert page.locator("img[src*=outside], img[src=x], a[href^='javascript']").count() == 0
    for frame in page.frames[1:]:
        assert frame.locator("img[src*=outside], img[src=x], a[href^='javascript']").count() == 0


def open_all(part: Locator) -> None:
    closed = part.get_by_test_id("stExpander").locator("details:not([open]) > summary").locator("visible=true")
    while closed.count():
        closed.first.click()
    settled(part.page)


def type_everywhere(part: Locator) -> int:
    kinds = "input[type=text], input:not([type]), textarea, [role=combobox]"
    fields = part.locator(kinds).locator("visible=true")
    typed = number = 0
    while number < fields.count():
        field = fields.nth(number)
        number += 1
        if not field.is_editable():
            continue
        field.fill(PAYLOAD)
        field.press("Enter")
        settled(part.page)
        harmless(part.page)
        part.page.keyboard.press("Escape")
        typed += 1
    return typed


@pytest.mark.parametrize("name", PAGES)
def test_what_is_typed_stays_text(dashboard: str, open_page: OpenPage, name: str) -> None:
    # The first page has no address of its own.
    page = open_page(f"{dashboard}/{'' if name == PAGES[0] else name}?region=16.73")
    settled(page)
    typed = 0
    if name == PAGES[0]:
        # Region and travel are the same on every page.
        page.get_by_test_id("stSidebar").get_by_text("Perjalanan", exact=True).click()
        settled(page)
        typed += type_everywhere(page.get_by_test_id("stSidebar"))
    main = page.get_by_test_id("stMain")
    tabs = main.get_by_role("tab").count()
    for tab in range(max(tabs, 1)):
        if tabs:
            main.get_by_role("tab").nth(tab).click()
            settled(page)
        open_all(main)
        typed += type_everywhere(main)
    assert typed >= FIELDS.get(name, 0)


def test_what_stands_in_the_address_stays_text(dashboard: str, open_page: OpenPage) -> None:
    page = open_page(dashboard)
    settled(page)
    for name, keys in ADDRESS.items():
        for key in keys:
            page.goto(f"{dashboard}/{name}?region=16.73&{key}={quote(PAYLOAD)}")
            settled(page)
            harmless(page)
