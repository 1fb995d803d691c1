"""Plan, change by hand, record and download in a browser without internet."""

import re
from collections.abc import Callable
from pathlib import Path

import gpxpy
from playwright.sync_api import FrameLocator, Page, TimeoutError, expect  # noqa: A004 - the driver's own

OpenPage = Callable[..., Page]
TheMap = Callable[[Page], FrameLocator]
LONG_MS = 120_000


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=LONG_MS)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def no_fault(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert").filter(has_text="Traceback")).to_have_count(0)


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("combobox", name=label)
    option = page.get_by_role("option", name=text).last
    # The map tells its first view some time after it is drawn, and the run that follows folds an open list.
    for _ in range(3):
        box.click()
        box.fill(text)
        try:
            option.click(timeout=5_000)
            break
        except TimeoutError:
            page.keyboard.press("Escape")
    settled(page)
    expect(box).to_have_value(re.compile(text))


def test_plan_move_no_record_ahead_and_download(
    dashboard: str, open_page: OpenPage, the_map: TheMap, artifacts: Path
) -> None:
    page = open_page(f"{dashboard}/rencana?region=16.73", height=1000)
    settled(page)
    page.get_by_role("button", name="Susun rencana").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kunjungan", timeout=LONG_MS)
    settled(page)
    frame = the_map(page)
    expect(frame.locator("path.jk-way").first).to_be_attached()
    no_fault(page)
    page.screenshot(path=artifacts / "rencana.png", full_page=True)

    kilometres = page.get_by_test_id("stMetric").nth(2)
    before = kilometres.inner_text()
    page.get_by_text("Pindahkan satu kunjungan").click()
    choose(page, "Ke hari", "Rabu")
    page.get_by_role("button", name="Pindahkan", exact=True).click()
    expect(page.get_by_text("dipindahkan.")).to_be_visible()
    settled(page)
    assert kilometres.inner_text() != before

    page.get_by_text("Catat hari yang sudah berlangsung").click()
    page.get_by_role("button", name="Catat dan susun ulang").click()
    # The plan is of days to come, and only what was held can be recorded; tests/app plans again after a day that was.
    expect(page.get_by_text("belum tiba").first).to_be_visible(timeout=LONG_MS)
    settled(page)
    no_fault(page)

    with page.expect_download(timeout=LONG_MS) as gpx:
        page.get_by_role("button", name="GPX").click()
    assert gpxpy.parse(Path(gpx.value.path()).read_text(encoding="utf-8")).routes
    with page.expect_download(timeout=LONG_MS) as pdf:
        page.get_by_role("button", name="PDF").click()
    assert Path(pdf.value.path()).read_bytes().startswith(b"%PDF")
