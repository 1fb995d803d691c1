"""The dashboard in a browser without internet: its pages, maps, a list to print, two languages, hostile names."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from coverage.places.unit_checks import read_units
from coverage.places.workspace import Workspace

OpenPage = Callable[..., Page]
TheMap = Callable[[Page], FrameLocator]
MAPS = ("celah", "pokling", "whatif", "data")
PAGES = {
    "": ("Ringkasan", 3),
    "celah": ("Celah layanan", 4),
    "pokling": ("Pokling berikutnya", 4),
    "rencana": ("Rencana & rute", 0),
    "whatif": ("What-if IBM", 4),
    "target": ("Target & capaian", 0),
    "data": ("Data", 4),
    "metode": ("Metode", 0),
}
HOSTILE = "RS O'Neil `A` ${x}</script><img src=x onerror=alert(1)> ![b](http://outside.invalid/b.png) :red[c] {{7*7}}"


@pytest.fixture(scope="module")
def office(dashboard: str, dashboard_home: Path) -> str:
    """Address of the dashboard whose workspace holds a unit with a hostile name in Lumajang."""
    table = io.StringIO()
    csv.writer(table).writerows([("id", "name", "kind", "kode"), ("jahat", HOSTILE, "klinik BNNK", "35.08.10.1009")])
    units = read_units(table.getvalue().encode(), "unit.csv")
    Workspace.open(dashboard_home / "kerja.gpkg").save_units(units)
    return dashboard


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(text)
    page.get_by_role("option", name=text).first.click()


def largest_area(frame: FrameLocator) -> Locator:
    """The village whose middle is surest to be its own."""
    number = frame.locator("body").evaluate(
        """() => [...document.querySelectorAll('path.leaflet-interactive:not(.jk-way)')].map((path, i) => {
            const box = path.getBoundingClientRect();
            const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return [i, middle === path ? box.width * box.height : 0];
        }).sort((a, b) => b[1] - a[1])[0][0]"""
    )
    return frame.locator("path.leaflet-interactive:not(.jk-way)").nth(number)


def no_fault(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_all_pages_open_with_title_figures_and_map(
    office: str, open_page: OpenPage, the_map: TheMap, artifacts: Path, width: int, height: int
) -> None:
    page = open_page(f"{office}/?region=74", width=width, height=height)
    for name, (link, figures) in PAGES.items():
        if name:
            menu = page.get_by_test_id("stExpandSidebarButton")
            if menu.is_visible():
                menu.click()
            page.get_by_role("link", name=link, exact=True).click()
            page.wait_for_url(f"**/{name}?**region=74**")
        if name in MAPS:
            the_map(page)
        settled(page)
        expect(page.get_by_test_id("stMetric")).to_have_count(figures)
        no_fault(page)
        page.screenshot(path=artifacts / f"{name or 'ringkasan'}-{width}.png")


def test_the_gap_page_says_the_finding_and_answers_a_click(office: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(f"{office}/celah?region=74&cutoff=60")
    frame = the_map(page)
    expect(frame.locator("path.leaflet-interactive:not(.jk-way)")).to_have_count(2285)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.862 dari 2.285 kelurahan/desa di Sulawesi Tenggara")
    largest_area(frame).click()
    expect(frame.locator("path.jk-selected")).to_have_count(1)
    expect(page.get_by_text("Unit terdekat:")).to_be_visible()
    expect(page.get_by_text("Penduduk:")).to_be_visible()


def test_a_filter_repaints_the_map_in_place(office: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(f"{office}/celah?region=74.71")
    frame = the_map(page)
    frame.locator("body").evaluate("() => { window.stayed = true; }")
    page.get_by_role("spinbutton", name="Ambang (menit)").fill("20")
    page.get_by_role("spinbutton", name="Ambang (menit)").press("Enter")
    page.wait_for_url("**cutoff=20**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20 mnt")
    assert frame.locator("body").evaluate("() => window.stayed") is True


def test_the_ranked_list_is_downloaded_and_prints(
    office: str, open_page: OpenPage, the_map: TheMap, tmp_path: Path
) -> None:
    page = open_page(f"{office}/pokling?region=16.73&date=2024-10-05")
    frame = the_map(page)
    expect(frame.get_by_role("button", name="1. ")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="XLSX siap cetak").click()
    waiting.value.save_as(tmp_path / "pokling.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "pokling.xlsx").worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert cells[0].startswith("Pokling berikutnya di Kota Lubuk Linggau")
    assert "Selesai" in cells
    assert "Watervang" not in cells
    with page.expect_download() as waiting:
        page.get_by_role("button", name="GeoJSON").click()
    waiting.value.save_as(tmp_path / "pokling.geojson")
    assert len(json.loads((tmp_path / "pokling.geojson").read_bytes())["features"]) == 10
    choose(page, "Mengapa (bukan) ...?", "Watervang")
    expect(page.get_by_text("tidak masuk daftar: dikunjungi")).to_be_visible()
    no_fault(page)


def test_a_whatif_unit_is_added_by_name_and_by_click(office: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(f"{office}/whatif?region=74")
    frame = the_map(page)
    choose(page, "Unit IBM baru di", "74.07.01.1003")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_contain_text("35 kelurahan/desa menjadi terjangkau")
    expect(frame.get_by_role("button", name="IBM Wanci")).to_be_visible()
    largest_area(frame).click()
    page.wait_for_url("**add=74.07.01.1003%3B**")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("35 kelurahan/desa menjadi terjangkau")
    no_fault(page)


def test_enter_on_a_name_tries_one_unit(office: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(f"{office}/whatif?region=74")
    the_map(page)
    settled(page)
    box = page.get_by_role("combobox", name="Unit IBM baru di")
    box.click()
    box.press_sequentially("Wanci")
    expect(page.get_by_role("option", name="Wanci").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**add=74.07.01.1003")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_contain_text("35 kelurahan/desa menjadi terjangkau")
    no_fault(page)


def test_the_open_tab_stays_in_another_region_and_its_map_is_drawn(
    office: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(f"{office}/data?region=74.71")
    the_map(page)
    settled(page)
    page.get_by_role("tab", name="Penyeberangan").click()
    expect(page.get_by_role("button", name="Nyatakan penyeberangan")).to_be_visible()
    choose(page, "Wilayah", "16.73")
    page.wait_for_url("**region=16.73**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lubuk Linggau")
    expect(page.get_by_role("tab", name="Penyeberangan")).to_have_attribute("aria-selected", "true")
    settled(page)
    page.get_by_role("link", name="Celah layanan").click()
    page.wait_for_url("**/celah**")
    settled(page)
    the_map(page)
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_role("tab", name="Penyeberangan")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Unit").click()
    frame = the_map(page)
    box = largest_area(frame).bounding_box()
    assert box is not None
    assert box["width"] * box["height"] > 400
    page.screenshot(path=artifacts / "data-back.png", full_page=True)
    no_fault(page)


def test_a_region_without_units_claims_no_finding(
    office: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(f"{office}/celah?region=81")
    frame = the_map(page)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Belum ada unit rehabilitasi di Maluku dalam data")
    expect(frame.get_by_text("belum ada unit")).to_be_visible()
    expect(frame.get_by_text("tidak terhubung")).to_have_count(0)
    no_fault(page)
    page.screenshot(path=artifacts / "no-units.png")


def test_english_is_one_click_away_and_the_choice_travels(office: str, open_page: OpenPage, the_map: TheMap) -> None:
    page = open_page(f"{office}/celah?region=52.71")
    the_map(page)
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kelurahan/desa in Kota Mataram")
    page.get_by_role("link", name="Next Pokling").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Next Pokling in Kota Mataram")
    page.wait_for_url("**lang=en**")
    no_fault(page)


def test_a_hostile_unit_name_is_text_everywhere(
    office: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(f"{office}/celah?region=35.08&base=jahat")
    for name in MAPS:
        page.goto(f"{office}/{name}?region=35.08&base=jahat")
        frame = the_map(page)
        settled(page)
        expect(frame.get_by_role("button", name="![b](http://outside.invalid/b.png)")).to_have_count(1)
        assert page.locator("img[src*=outside]").count() == 0
        assert frame.locator("img").count() == 0
        if name == "pokling":
            expect(page.get_by_text("![b](http://outside.invalid/b.png)").first).to_be_visible()
        no_fault(page)
        page.screenshot(path=artifacts / f"hostile-{name}.png")


def test_an_error_is_a_sentence(office: str, open_page: OpenPage) -> None:
    page = open_page(f"{office}/celah?region=Atlantis")
    expect(page.get_by_role("alert")).to_contain_text('Wilayah "Atlantis" tidak dikenal')
    no_fault(page)
