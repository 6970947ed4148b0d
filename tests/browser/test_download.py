"""データ入手 in a real browser: choosing, preview, files, a file made by a worker; without JavaScript too."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from indicators.definitions import official_definitions
from indicators.selections import Scope, Selection
from tests.live import LiveSite

pytestmark = pytest.mark.browser
# Every indicator at every level: more rows than are made at once.
LARGE = Selection(
    indicators=tuple(definition.code for definition in official_definitions()), scopes=tuple(Scope), scheme="iryoken2-8"
)


def test_an_analyst_chooses_looks_and_takes_the_data_away(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page.goto("/download/")
    assert_accessible()
    box = page.locator("#indicator-DAY_S22")
    page.locator("details", has=box).locator("summary").click()
    box.check()
    page.get_by_role("button", name="この条件で確かめる").click()
    expect(page.get_by_role("heading", name="行のデータ")).to_be_visible()
    expect(page.get_by_test_id("preview")).to_contain_text("北海道")
    assert_accessible()
    shoot("download")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV（UTF-8、BOM付き）").click()
    assert Path(download.value.path()).read_bytes().startswith("\ufeff指標コード,".encode())
    with page.expect_download() as download:
        page.get_by_role("link", name="一式（ZIP）").click()
    assert "codebook.csv" in zipfile.ZipFile(download.value.path()).namelist()


def test_a_large_file_is_made_by_a_worker_and_saved(page: Page, assert_accessible: Callable[[], None]) -> None:
    page.goto(f"/download/{LARGE.querystring()}")
    page.get_by_role("button", name="Parquetの作成を始める").click()
    link = page.get_by_role("link", name="を保存する")
    expect(link).to_be_visible(timeout=60_000)
    assert_accessible()
    with page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes()[:4] == b"PAR1"


def test_a_narrow_page_never_scrolls_sideways(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/download/?indicator=DAY_S22")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 375


def test_everything_works_without_javascript(browser: Browser, live_site: LiveSite) -> None:
    context = browser.new_context(base_url=live_site.url, java_script_enabled=False, locale="ja-JP")
    page = context.new_page()
    page.goto("/download/")
    box = page.locator("#indicator-DAY_S22")
    page.locator("details", has=box).locator("summary").click()
    box.check()
    page.get_by_role("button", name="この条件で確かめる").click()
    expect(page.get_by_test_id("preview")).to_contain_text("北海道")
    context.close()
