"""The map in a real browser: drawn offline, fast, clickable, and deaf to hostile names."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

OpenPage = Callable[..., Page]
TheMap = Callable[[Page], FrameLocator]
VILLAGES = 2300
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE_START = "RS Dr. O'Neil \\ Klinik `A` ${x}</script><img src=x onerror=alert(1)>"


def view(frame: FrameLocator) -> object:
    return frame.locator("body").evaluate("() => [window.map.getZoom(), window.map.getCenter()]")


def painted(frame: FrameLocator, times: int) -> None:
    expect(frame.locator("#map_div")).to_have_attribute("data-painted", str(times))


def test_all_areas_are_drawn_without_the_internet(
    map_app: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    expect(frame.locator("path.leaflet-interactive")).to_have_count(VILLAGES)
    expect(frame.get_by_text("Batas dan waktu tempuh: indikatif")).to_be_visible()
    expect(frame.get_by_text("61–120 menit")).to_be_visible()
    expect(frame.locator("path[fill^='url(#jk-fill-5)']").first).to_be_attached()
    page.screenshot(path=artifacts / "map-1366.png")


def test_the_legend_folds_on_a_phone(map_app: str, open_page: OpenPage, the_map: TheMap, artifacts: Path) -> None:
    page = open_page(map_app, width=390, height=844)
    frame = the_map(page)
    expect(frame.get_by_text("61–120 menit")).to_be_hidden()
    frame.get_by_text("Waktu tempuh ke unit terdekat").click()
    expect(frame.get_by_text("61–120 menit")).to_be_visible()
    page.screenshot(path=artifacts / "map-390.png")


def test_a_click_tells_the_kode_and_selects(map_app: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    frame.locator("path.leaflet-interactive").nth(40).click(force=True)
    expect(page.get_by_text("Diklik: area 99.01.00.2040")).to_be_visible()
    expect(frame.locator("path.jk-selected")).to_have_count(1)
    frame.locator("path.leaflet-interactive").nth(41).click(force=True)
    expect(page.get_by_text("Diklik: area 99.01.00.2041")).to_be_visible()


def test_a_click_on_a_marker_tells_its_id_as_text(map_app: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(map_app)
    the_map(page).get_by_role("button", name="Klinik C").click()
    expect(page.get_by_text("Diklik: marker <img src=x onerror=alert(2)>")).to_be_visible()


def test_new_data_repaint_without_moving_the_map(map_app: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    frame.get_by_role("button", name="Perbesar").click()
    expect(frame.locator(".leaflet-zoom-anim")).to_have_count(0)
    before = view(frame)
    frame.locator("body").evaluate("() => { window.stayed = true; }")
    shown = frame.locator("path[fill='#fde725']").count()
    page.get_by_role("slider").press("ArrowRight")
    painted(frame, 2)
    assert frame.locator("path[fill='#fde725']").count() > shown
    assert view(frame) == before
    assert frame.locator("body").evaluate("() => window.stayed") is True


def test_a_hostile_name_is_shown_as_text(map_app: str, open_page: OpenPage, the_map: TheMap, artifacts: Path) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    frame.locator("path.leaflet-interactive").nth(0).hover(force=True)
    expect(frame.locator(".jk-tooltip strong")).to_contain_text(HOSTILE_START)
    expect(frame.locator(".jk-tooltip")).to_contain_text("{{ 7*7 }} {% if %} {# alert(coords);")
    page.screenshot(path=artifacts / "map-hostile.png")
    frame.get_by_role("button", name=HOSTILE_START).hover()
    expect(frame.locator(".jk-tooltip")).to_contain_text("belum diverifikasi")
    assert frame.locator("img").count() == 0


def test_a_way_tells_its_name_as_text_and_zones_let_the_pointer_through(
    map_app: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(f"{map_app}?n=300&extra=1")
    frame = the_map(page)
    expect(frame.locator("path.jk-zone")).to_have_count(2)
    expect(frame.locator("path.jk-zone.leaflet-interactive")).to_have_count(0)
    frame.locator("path.jk-way").hover(force=True)
    expect(frame.locator(".jk-tooltip strong")).to_contain_text(HOSTILE_START)
    page.screenshot(path=artifacts / "map-ways.png")


@pytest.mark.parametrize("edge", ["top", "bottom"])
def test_a_tooltip_stays_inside_the_map(map_app: str, open_page: OpenPage, the_map: TheMap, edge: str) -> None:
    frame = the_map(open_page(map_app))
    order = "a[1] - b[1]" if edge == "top" else "b[1] - a[1]"
    number = frame.locator("body").evaluate(
        f"""() => [...document.querySelectorAll('path.leaflet-interactive')]
              .map((path, i) => [i, path.getBoundingClientRect().y]).sort((a, b) => {order})[0][0]"""
    )
    frame.locator("path.leaflet-interactive").nth(number).hover(force=True)
    tooltip, board = frame.locator(".jk-tooltip").bounding_box(), frame.locator("#map_div").bounding_box()
    assert tooltip is not None
    assert board is not None
    assert board["y"] <= tooltip["y"]
    assert tooltip["y"] + tooltip["height"] <= board["y"] + board["height"]


def test_a_moved_slider_repaints_all_areas_without_a_new_map(
    map_app: str, open_page: OpenPage, the_map: TheMap
) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    page.get_by_role("slider").press("ArrowRight")
    painted(frame, 2)


def test_a_village_is_found_by_part_of_its_name_with_the_keyboard(
    map_app: str, open_page: OpenPage, the_map: TheMap
) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    zoom = frame.locator("body").evaluate("() => window.map.getZoom()")
    box = frame.get_by_role("searchbox", name="Cari kelurahan/desa")
    box.press_sequentially("esa-22 9")
    expect(frame.get_by_role("option")).to_have_count(8)
    box.fill("DESA 2240")
    expect(frame.get_by_role("option")).to_have_count(1)
    box.press("Enter")
    expect(frame.locator("path.jk-selected")).to_have_count(1)
    expect(frame.locator(".jk-tooltip strong")).to_have_text("Desa 2240")
    assert frame.locator("body").evaluate("() => window.map.getZoom()") > zoom
    expect(page.get_by_text("Diklik: -")).to_be_visible()
    # It stays in sight when data change.
    page.get_by_role("slider").press("ArrowRight")
    painted(frame, 2)
    expect(frame.locator("path.jk-selected")).to_have_count(1)
    expect(frame.locator(".jk-tooltip strong")).to_have_text("Desa 2240")
    box.fill("tidak ada")
    expect(frame.get_by_text("Tidak ada nama seperti itu")).to_be_visible()


def test_a_hostile_name_is_found_as_text(map_app: str, open_page: OpenPage, the_map: TheMap) -> None:
    frame = the_map(open_page(map_app))
    frame.get_by_role("searchbox").fill("onerror")
    expect(frame.get_by_role("option")).to_contain_text(HOSTILE_START)
    frame.get_by_role("searchbox").press("Enter")
    expect(frame.locator(".jk-tooltip strong")).to_contain_text(HOSTILE_START)


def test_a_layer_that_was_hidden_stays_hidden_when_data_change(
    map_app: str, open_page: OpenPage, the_map: TheMap
) -> None:
    page = open_page(map_app)
    frame = the_map(page)
    expect(frame.get_by_role("button", name="Klinik")).to_have_count(3)
    frame.get_by_role("checkbox", name="Unit rehabilitasi").uncheck()
    expect(frame.get_by_role("button", name="Klinik")).to_have_count(0)
    page.get_by_role("slider").press("ArrowRight")
    painted(frame, 2)
    expect(frame.get_by_role("button", name="Klinik")).to_have_count(0)
    frame.get_by_role("checkbox", name="Unit rehabilitasi").check()
    expect(frame.get_by_role("button", name="Klinik")).to_have_count(3)
    frame.get_by_role("button", name="Klinik C").click()
    expect(page.get_by_text("Diklik: marker <img src=x onerror=alert(2)>")).to_be_visible()


@pytest.mark.parametrize("network", ["on", "off"])
def test_road_tiles_are_fetched_only_where_the_reader_asks(
    map_app: str, open_page: OpenPage, the_map: TheMap, network: str
) -> None:
    page = open_page(f"{map_app}?n=300")
    frame = the_map(page)
    asked: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url)
        if network == "on":
            route.fulfill(content_type="image/png", body=PIXEL)
        else:
            route.abort()

    page.context.route("https://tile.openstreetmap.org/**", tile)
    assert asked == []
    frame.get_by_role("checkbox", name="Peta jalan OpenStreetMap").check()
    expect(frame.get_by_text("OpenStreetMap contributors")).to_be_visible()
    expect(frame.get_by_text("Peta jalan tidak dapat diambil")).to_have_count(0 if network == "on" else 1)
    if network == "on":
        expect(frame.locator("img.leaflet-tile-loaded").first).to_be_attached()
    assert asked
    frame.get_by_role("checkbox", name="Peta jalan OpenStreetMap").uncheck()
    expect(frame.locator("img.leaflet-tile")).to_have_count(0)
    expect(frame.get_by_text("OpenStreetMap contributors")).to_have_count(0)
