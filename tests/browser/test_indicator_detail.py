"""指標詳細 in a real browser: chart, counts, table, keyboard path, no error, nothing from elsewhere, no barrier."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bootstrap.places import CHECKOUT

pytestmark = pytest.mark.browser
# 在支診 (計). 366 is the number of institutions in the list of 北海道 as of 2025-10-01, counted by hand.
ADDRESS = "/indicators/DAY_S22/?prefecture=01"
README_PICTURE = CHECKOUT / "docs" / "images" / "indicator-detail.png"


def drawn_chart(page: Page) -> Locator:
    """The chart, once Plotly has drawn it."""
    chart = page.locator("[data-chart][data-drawn]")
    expect(chart).to_be_visible()
    return chart


def test_home_support_clinics_of_hokkaido_are_drawn_and_counted(
    page: Page, assert_accessible: Callable[[], None]
) -> None:
    page.goto(ADDRESS)
    chart = drawn_chart(page)
    expect(chart.locator(".bars .point")).to_have_count(47)
    expect(page.get_by_test_id("finding")).to_contain_text("北海道の在宅療養支援診療所数（計）は75歳以上10万人あたり")
    page.get_by_text("表で見る").click()
    own = page.get_by_role("row", name=re.compile("^北海道"))
    expect(own).to_contain_text("366")
    expect(page.get_by_role("row", name=re.compile("^東京都"))).to_contain_text("未取込")
    assert_accessible()
    assert len(page.screenshot(full_page=True)) > 20_000


def test_a_narrow_page_has_lying_bars_and_never_scrolls_sideways(page: Page, shoot: Callable[[str], Path]) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(ADDRESS)
    expect(page.locator('[data-drawn="narrow"]')).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 375
    shoot("indicator-detail-375")


@pytest.mark.parametrize(
    "address",
    [
        "/indicators/ACU_P01/?prefecture=01&tab=trend",
        "/indicators/DAY_S22/?prefecture=01&tab=map",
        "/indicators/DAY_S22/?level=municipality&prefecture=01&tab=map",
        "/indicators/DAY_S22/?level=area&prefecture=01&tab=table",
        "/indicators/DAY_S22/figures/prefecture/01/2025/",
        "/indicators/X_O03/?prefecture=01",
        "/indicators/",
        "/indicators/?words=おうしん",
    ],
)
def test_every_presentation_is_clean_and_without_barriers(
    page: Page, assert_accessible: Callable[[], None], address: str
) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if "trend" in address:
        drawn_chart(page)
    assert_accessible()


def test_the_definition_opens_and_closes_by_keyboard(page: Page) -> None:
    page.goto(ADDRESS)
    opener = page.get_by_role("link", name="指標の説明")
    opener.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("75歳以上人口")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_csv_link_gives_what_is_shown(page: Page) -> None:
    page.goto(ADDRESS)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "DAY_S22,在宅療養支援診療所数（計）,2025,都道府県,,01,北海道" in content.decode("utf-8-sig")


@pytest.mark.skipif(not os.environ.get("ZAITAKU_README_PICTURE"), reason="only when the picture is asked for")
def test_the_picture_of_the_readme_is_taken(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 960})
    page.goto(ADDRESS)
    drawn_chart(page)
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=README_PICTURE)


def test_another_measure_recolours_the_map_and_everything_beside_it_follows(page: Page) -> None:
    page.goto("/indicators/DAY_S22/?level=municipality&prefecture=24&tab=map")
    shape = page.locator("[data-map] [data-code='24201']")
    shape.evaluate("element => { element.dataset.stays = 'yes'; }")
    rate = shape.locator("title").text_content()
    page.locator("#view-measure").select_option("count")
    expect(page.locator("[data-map-status]")).to_contain_text("塗り替えました")
    assert shape.locator("title").text_content() != rate
    assert shape.get_attribute("data-stays") == "yes"
    assert "measure=count" in page.url
    assert "measure=count" in (page.locator("[data-part=links] a").first.get_attribute("href") or "")
    page.go_back()
    expect(page.locator("#view-measure")).to_have_value("rate")
    expect(shape.locator("title")).to_have_text(rate or "")
