"""The visits every official makes: choose a prefecture, look where figures come from, sign in by mouse or keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.live import LiveSite

pytestmark = pytest.mark.browser
PAGES = {
    "home-choose": "/",
    "home": "/?prefecture=01",
    "home-not-imported": "/?prefecture=13",
    "sources": "/sources/",
    "sources-coverage": "/sources/coverage/",
    "help": "/help/",
    "help-figures": "/help/figures/",
    "sign-in": "/accounts/sign-in/?next=/sources/",
    "jobs": "/jobs/",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_wide_narrow_and_zoomed_screens(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path], name: str
) -> None:
    # 640 CSS pixels are what is left of a 1280 px screen at 200 % zoom.
    page.goto(PAGES[name])
    for width in (1280, 640, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert_accessible()
        shoot(f"{name}-{width}")


def test_a_visitor_switches_the_prefecture_and_the_address_says_so(page: Page) -> None:
    page.goto("/sources/")
    page.get_by_label("都道府県", exact=True).first.select_option("01")
    page.get_by_role("button", name="切替").click()
    expect(page).to_have_url(re.compile(r"/sources/\?prefecture=01$"))
    page.get_by_role("link", name="ホーム").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("北海道の在宅医療")
    expect(page.locator(".tile__value").first).to_be_visible()


def test_the_keyboard_reaches_the_page_past_the_header(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_an_official_signs_in_from_the_page_in_use_and_returns_to_it(
    page: Page, live_site: LiveSite, assert_accessible: Callable[[], None]
) -> None:
    printed = live_site.demo_accounts()
    password = re.search(r"demo-pref\s+(\S+)", printed)
    assert password is not None
    page.goto("/sources/coverage/")
    page.get_by_role("link", name="ログイン").click()
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("alert")).to_contain_text("利用者名を入力してください")
    assert_accessible()
    page.get_by_label("利用者名").fill("demo-pref")
    page.get_by_label("パスワード").fill(password[1])
    page.get_by_role("button", name="ログイン").click()
    expect(page).to_have_url(re.compile(r"/sources/coverage/"))
    page.get_by_role("link", name="デモ北海道").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("所属・権限")
    assert_accessible()
    page.get_by_role("button", name="ログアウト").click()
    expect(page.locator(".messages")).to_contain_text("ログアウトしました")


def test_without_javascript_the_pages_work_as_well(context: BrowserContext, live_site: LiveSite) -> None:
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(base_url=live_site.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/")
    page.get_by_label("都道府県", exact=True).first.select_option("47")
    page.get_by_role("button", name="切替").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("沖縄県の在宅医療")
    expect(page.get_by_role("button", name="印刷")).to_have_count(0)
    plain.close()


def test_the_printed_page_names_its_address_and_leaves_the_furniture_out(page: Page) -> None:
    page.goto("/?prefecture=01")
    page.emulate_media(media="print")
    expect(page.locator(".printed-from")).to_contain_text("/?prefecture=01")
    expect(page.locator(".printed-from")).to_contain_text("印刷日")
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".prefecture-switcher")).to_be_hidden()
