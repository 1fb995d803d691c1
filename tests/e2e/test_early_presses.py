"""The address decides: whatever is pressed while a page is drawn, and however early, nothing of it is lost."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from coverage.ground.texts import say

OpenPage = Callable[..., Page]
ADDRESS = {"region": "74.72", "cutoff": "45", "lang": "en", "season": "hujan", "wait": "worst", "day": "jum"}
MENU = {
    "celah": "dashboard.gaps",
    "pokling": "dashboard.next",
    "rencana": "planning.page",
    "whatif": "dashboard.whatif",
    "target": "targets.page",
    "data": "dashboard.data",
    "metode": "dashboard.method",
}
# As the sidebar is drawn, and while the page itself is computed.
MOMENTS_MS = (0, 120)


def address(url: str) -> dict[str, str]:
    return {key: texts[0] for key, texts in parse_qs(urlsplit(url).query).items() if key in ADDRESS}


def press(page: Page, path: str, lang: str = "en") -> None:
    page.get_by_role("link", name=say(MENU[path], lang), exact=True).click()


def all_there(page: Page, path: str, wanted: dict[str, str]) -> None:
    """Wait for the page to be drawn; the address, the widgets and the language must be those asked for."""
    page.wait_for_function(
        """([path, wanted]) => location.pathname.endsWith(path)
            && Object.entries(wanted).every(([k, v]) => new URLSearchParams(location.search).get(k) === v)""",
        arg=[path, wanted],
    )
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    side = page.get_by_test_id("stSidebar")
    box = side.get_by_role("combobox", name=say("dashboard.region", wanted["lang"]))
    expect(box).to_have_value(f"Kota Bau Bau, {wanted['region']}")
    expect(side.get_by_role("spinbutton")).to_have_value(wanted["cutoff"])
    for label, said in (("dashboard.season", "dashboard.season_hujan"), ("dashboard.weekday", "travel.day_jum")):
        chosen = side.get_by_role("combobox", name=say(label, wanted["lang"]))
        expect(chosen).to_have_value(say(said, wanted["lang"]))
    assert address(page.url) == wanted


def opened(open_page: OpenPage, dashboard: str, path: str = "", **more: str) -> Page:
    query = "&".join(f"{key}={text}" for key, text in (ADDRESS | more).items())
    return open_page(f"{dashboard}/{path}?{query}")


@pytest.mark.parametrize("moment_ms", MOMENTS_MS)
def test_a_menu_press_while_the_first_page_loads_loses_nothing(
    dashboard: str, open_page: OpenPage, moment_ms: int
) -> None:
    for path, name in MENU.items():
        page = opened(open_page, dashboard)
        page.get_by_role("link", name=say(name, "en"), exact=True).wait_for()
        page.wait_for_timeout(moment_ms)
        press(page, path)
        all_there(page, path, ADDRESS)
        page.context.close()


def test_presses_one_upon_the_other_lose_nothing_either(dashboard: str, open_page: OpenPage) -> None:
    page = opened(open_page, dashboard)
    for path in MENU:
        press(page, path)
    all_there(page, "metode", ADDRESS)
    # What a browser shows empty it reports empty at the next press.
    press(page, "celah")
    all_there(page, "celah", ADDRESS)


def test_a_choice_made_while_a_page_loads_keeps_what_its_own_widgets_were_asked_for(
    dashboard: str, open_page: OpenPage
) -> None:
    page = opened(open_page, dashboard, "pokling", date="2024-10-05")
    cutoff = page.get_by_test_id("stSidebar").get_by_role("spinbutton")
    cutoff.fill("50")
    cutoff.press("Enter")
    all_there(page, "pokling", ADDRESS | {"cutoff": "50"})
    assert parse_qs(urlsplit(page.url).query)["date"] == ["2024-10-05"]


def test_going_back_shows_what_the_address_then_held(dashboard: str, open_page: OpenPage) -> None:
    page = opened(open_page, dashboard, "celah")
    all_there(page, "celah", ADDRESS)
    cutoff = page.get_by_test_id("stSidebar").get_by_role("spinbutton")
    cutoff.fill("50")
    cutoff.press("Enter")
    all_there(page, "celah", ADDRESS | {"cutoff": "50"})
    page.go_back()
    all_there(page, "celah", ADDRESS)
