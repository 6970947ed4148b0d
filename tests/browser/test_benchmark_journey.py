"""A member of the working group reads a benchmark by keyboard alone, from bars to citation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ADDRESS = "/indicators/DAY_S22/?prefecture=24"


def follow(page: Page, name: str) -> None:
    """Open a link by keyboard: it must be reachable and take the focus."""
    link = page.get_by_role("main").get_by_role("link", name=name).first
    link.focus()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_a_benchmark_is_read_from_bars_to_citation_by_keyboard(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page.goto(ADDRESS)
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    expect(page.get_by_role("heading", name="三重県の位置")).to_be_visible()

    follow(page, "ばらつき（ファンネル）")
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    expect(page.get_by_test_id("finding")).to_contain_text("三重県は")
    page.get_by_text("表で見る").press("Enter")
    expect(page.get_by_role("row", name="三重県")).to_contain_text("限界")
    assert_accessible()
    shoot("journey-funnel")

    follow(page, "地図")
    expect(page.locator("svg.map-sheet")).to_be_visible()

    follow(page, "県内・似た県")
    expect(page.get_by_role("heading", name="三重県と似た都道府県")).to_be_visible()
    assert_accessible()
    shoot("journey-around")

    follow(page, "表")
    follow(page, "比較かごに入れる")
    expect(page.get_by_role("heading", name="比較かご（1／12指標）")).to_be_visible()
    assert_accessible()

    follow(page, "計画の根拠に引用")
    expect(page.get_by_test_id("citation")).to_contain_text("三重県の在宅療養支援診療所数（計）（2025年度）は")
    expect(page.get_by_test_id("citation")).to_contain_text("定義第")
    assert_accessible()
    shoot("journey-citation")


def test_the_picture_of_a_chart_is_downloaded_with_what_is_shown(page: Page) -> None:
    page.goto(f"{ADDRESS}&tab=funnel")
    with page.expect_download() as download:
        page.locator(".figure-source").get_by_role("link", name="SVG").click()
    assert "出典：" in Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "DAY_S22_prefecture_24_rate_2025_funnel.svg"


def test_the_trend_stands_over_the_deciles_of_its_peers(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/indicators/ACU_P02/?prefecture=24&tab=trend")
    expect(page.locator('[data-chart][data-drawn="narrow"]')).to_contain_text("中央値")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert_accessible()
    shoot("journey-trend-375")
