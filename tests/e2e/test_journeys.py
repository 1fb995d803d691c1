"""A planner's work in a browser without internet, from the first start to the paper, in both languages."""

import contextlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import docx
import gpxpy
import pytest
from playwright.sync_api import FrameLocator, Locator, Page, TimeoutError, expect  # noqa: A004 - the driver's own

from coverage.ground.texts import LANGUAGES, Language, say

OpenPage = Callable[..., Page]
TheMap = Callable[[Page], FrameLocator]
LONG_MS = 120_000
MAPS = 'iframe[title="streamlit_folium.st_folium"]'
KOTA = "Kota Lubuk Linggau"
UNITS = """nama;jenis;kode;lintang;bujur
{clinic};klinik BNNK;16.73.01.1016;{lat};102,87
{post};{kind};16.73.05.1002;-3,29;102,86
"""


class Walk:
    """One reader's way through the pages: says what the texts say, and keeps a picture of each step."""

    def __init__(self, page: Page, lang: Language, pictures: Path, name: str) -> None:
        self.page, self.lang, self.pictures, self.name, self.step = page, lang, pictures, name, 0

    def said(self, key: str, **values: object) -> str:
        return say(key, self.lang, **values)

    def settled(self) -> None:
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=LONG_MS)
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_text("Traceback")).to_have_count(0)

    def picture(self, what: str) -> None:
        self.settled()
        self.step += 1
        self.page.screenshot(path=self.pictures / f"{self.name}-{self.lang}-{self.step}-{what}.png", full_page=True)

    def go(self, key: str) -> None:
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=self.said(key), exact=True).click()
        self.settled()

    def press(self, key: str, **values: object) -> None:
        self.page.get_by_role("button", name=self.said(key, **values), exact=True).click()

    def choose(self, key: str, text: str, **values: object) -> None:
        box = self.page.get_by_role("combobox", name=self.said(key, **values), exact=True)
        # The map tells its first view some time after it is drawn, and the run that follows folds an open list.
        for _ in range(3):
            box.click()
            box.fill(text)
            try:
                self.page.get_by_role("option", name=text).first.click(timeout=5_000)
                break
            except TimeoutError:
                self.page.keyboard.press("Escape")
        self.settled()

    def upload(self, path: Path) -> None:
        self.settled()
        # Where the page is drawn again at that moment, the box that took the file is replaced by another.
        for _ in range(3):
            self.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)
            with contextlib.suppress(AssertionError):
                expect(self.page.get_by_role("button", name=f"Remove {path.name}")).to_be_visible(timeout=5_000)
                break
        self.settled()

    def download(self, button: Locator) -> bytes:
        with self.page.expect_download(timeout=LONG_MS) as waiting:
            button.click()
        return Path(waiting.value.path()).read_bytes()


@pytest.fixture(params=LANGUAGES)
def walk(
    request: pytest.FixtureRequest, dashboard: str, open_page: OpenPage, artifacts: Path
) -> Callable[[str, str], Walk]:
    """Begin a walk at an address; English is chosen as a reader would, with one click."""

    def begun(name: str, address: str) -> Walk:
        walk = Walk(open_page(f"{dashboard}/{address}", height=900), request.param, artifacts, name)
        walk.settled()
        if request.param == "en":
            walk.page.get_by_text(say("dashboard.own_name", "en"), exact=True).click()
            expect(walk.page.get_by_role("link", name=say("summary.page", "en"), exact=True)).to_be_visible()
            walk.settled()
        return walk

    return begun


def test_from_the_first_start_to_a_plan_on_paper_and_on_the_phone(
    walk: Callable[[str, str], Walk], the_map: TheMap
) -> None:
    mine = walk("a", "")
    page = mine.page
    expect(page.get_by_text(mine.said("summary.welcome"))).to_be_visible()
    mine.picture("welcome")
    mine.choose("summary.choose", KOTA)
    expect(page.get_by_role("heading", level=1)).to_contain_text(KOTA)
    mine.picture("summary")

    page.get_by_test_id("stMain").get_by_role("link", name=mine.said("summary.open_gaps")).click()
    frame = the_map(page)
    box = frame.get_by_role("searchbox", name=mine.said("maps.search"))
    box.fill("watervang")
    box.press("Enter")
    expect(frame.locator("path.jk-selected")).to_have_count(1)
    mine.choose("dashboard.village", "Watervang")
    nearest = mine.said("dashboard.fact_nearest", unit="", minutes="", km="", state="").partition(":")[0]
    expect(page.get_by_text(nearest).first).to_be_visible()
    mine.picture("gaps")

    mine.go("dashboard.next")
    the_map(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(KOTA)
    mine.choose("dashboard.why", "Watervang")
    mine.picture("next")

    mine.go("planning.page")
    mine.press("planning.send")
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=LONG_MS)
    the_map(page)
    mine.picture("plan")
    assert mine.download(page.get_by_role("button", name=mine.said("planning.file_pdf"), exact=True))[:4] == b"%PDF"
    gpx = gpxpy.parse(
        mine.download(page.get_by_role("button", name=mine.said("planning.file_gpx"), exact=True)).decode()
    )
    assert gpx.routes
    assert gpx.waypoints
    # Nothing is lost when the page is loaded again.
    stops = page.get_by_test_id("stMetric").first.inner_text()
    page.reload()
    expect(page.get_by_test_id("stMetric").first).to_have_text(re.compile(re.escape(stops.split("\n")[-1])))
    mine.settled()


def test_from_a_table_with_two_faults_to_units_on_the_map(
    walk: Callable[[str, str], Walk], the_map: TheMap, tmp_path: Path
) -> None:
    mine = walk("b", "data?region=16.73&tab=import")
    page = mine.page
    clinic, post = f"Klinik Uji {mine.lang}", f"Pos Uji {mine.lang}"
    faulty, sound = tmp_path / "unit.csv", tmp_path / "unit-betul.csv"
    faulty.write_text(UNITS.format(clinic=clinic, lat="-93,29", post=post, kind="warung ajaib"), encoding="utf-8")
    sound.write_text(UNITS.format(clinic=clinic, lat="-3,29", post=post, kind="IBM"), encoding="utf-8")
    mine.choose("imports.choose_kind", mine.said("imports.kind_units"))
    mine.upload(faulty)
    expect(page.get_by_text(mine.said("imports.read", file="unit.csv", rows=2, good=0, skipped=0))).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_contain_text("unit.csv")
    mine.picture("faults")
    marked = mine.download(page.get_by_role("button", name=mine.said("imports.marked"), exact=True))
    assert marked[:2] == b"PK"

    page.get_by_role("button", name="Remove unit.csv").click()
    mine.upload(sound)
    mine.press("imports.yes_all", rows=2, faults=0)
    expect(page.get_by_test_id("stAlert").first).to_contain_text("2")
    mine.picture("stored")

    mine.go("dashboard.gaps")
    frame = the_map(page)
    expect(frame.get_by_role("button", name=clinic)).to_have_count(1)
    expect(frame.get_by_role("button", name=post)).to_have_count(1)
    mine.picture("map")
    mine.go("summary.page")
    expect(page.get_by_text(mine.said("changes.layer_units")).first).to_be_visible()


def test_from_what_if_to_three_scenarios_side_by_side_and_a_report(
    walk: Callable[[str, str], Walk], the_map: TheMap
) -> None:
    mine = walk("c", "whatif?region=16.73&cutoff=20")
    page = mine.page
    main = page.get_by_test_id("stMain")
    for number, name in enumerate(("Satu", "Dua"), start=1):
        click_area(the_map(page), number)
        page.wait_for_url("**add=**" if number == 1 else "**add=*%3B**")
        mine.settled()
        main.get_by_role("textbox", name=mine.said("dashboard.compare_name"), exact=True).fill(name)
        mine.press("dashboard.compare_keep")
        expect(main.get_by_role("button", name=name).first).to_be_visible()
        mine.settled()
    mine.picture("whatif")
    expect(main.get_by_text(mine.said("dashboard.compare_two"))).to_have_count(0)
    mine.choose("dashboard.compare_map", "Dua", first=mine.said("dashboard.compare_now"))
    expect(page.locator(MAPS)).to_have_count(2)
    mine.picture("scenarios")
    csv = mine.download(page.get_by_role("button", name=mine.said("dashboard.csv"), exact=True).last).decode(
        "utf-8-sig"
    )
    assert all(name in csv.splitlines()[0] for name in (mine.said("dashboard.compare_now"), "Satu", "Dua"))

    page.get_by_test_id("stExpander").get_by_text(mine.said("report.title"), exact=True).click()
    main.get_by_text(mine.said("report.panel_site"), exact=True).click()
    for name in ("Satu", "Dua"):
        mine.choose("report.panel_scenarios", name)
        expect(page.get_by_test_id("stMultiSelect").last.get_by_text(name, exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    pdf = page.get_by_role("button", name=mine.said("report.panel_pdf"), exact=True)
    # A press while the map tells its first view would be lost, as a reader would notice.
    for _ in range(3):
        mine.press("report.panel_make")
        with contextlib.suppress(AssertionError):
            expect(pdf).to_be_visible(timeout=40_000)
            break
    expect(pdf).to_be_visible(timeout=LONG_MS)
    mine.picture("report")
    assert mine.download(pdf).startswith(b"%PDF-")
    word = mine.download(page.get_by_role("button", name=mine.said("report.panel_docx"), exact=True))
    told = " ".join(
        cell.text for table in docx.Document(io.BytesIO(word)).tables for row in table.rows for cell in row.cells
    )
    assert "Satu" in told
    assert "Dua" in told


def click_area(frame: FrameLocator, number: int) -> None:
    """Click the area that is the largest but `number`, in its middle, where that is its own."""
    at = frame.locator("body").evaluate(
        """(_, number) => [...document.querySelectorAll('path.leaflet-interactive:not(.jk-way)')].map((path, i) => {
            const box = path.getBoundingClientRect();
            const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return [i, middle === path ? box.width * box.height : 0];
        }).sort((a, b) => b[1] - a[1])[number - 1][0]""",
        number,
    )
    frame.locator("path.leaflet-interactive:not(.jk-way)").nth(at).click()
