"""An official's morning: sign in, the own prefecture, its profile, one of its areas, two pages of paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import assert_one_page
from tests.live import LiveSite

pytestmark = pytest.mark.browser
WIDTHS = (1280, 375)


def look_at(page: Page, name: str, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_one_page(page)
        assert_accessible()
        shoot(f"profile-{name}-{width}")


def test_an_official_goes_from_the_home_page_to_an_area_and_prints_the_profile(
    page: Page, live_site: LiveSite, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    password = re.search(r"demo-pref\s+(\S+)", live_site.demo_accounts())
    assert password is not None
    page.goto("/accounts/sign-in/")
    page.get_by_label("利用者名").fill("demo-pref")
    page.get_by_label("パスワード").fill(password[1])
    page.get_by_role("button", name="ログイン").click()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("北海道の在宅医療")
    expect(page.get_by_role("heading", name="気になる指標")).to_be_visible()
    page.get_by_role("link", name=re.compile("北海道のプロファイル")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("北海道のプロファイル")
    expect(page.locator(".spine-table svg").first).to_be_visible()
    look_at(page, "prefecture", assert_accessible, shoot)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("navigation", name="ほかの地域のプロファイル").get_by_role("link", name="南渡島").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("南渡島のプロファイル")
    look_at(page, "area", assert_accessible, shoot)


@pytest.mark.parametrize("prefecture", ["24", "28"])
def test_a_profile_is_two_pages_of_a4(page: Page, prefecture: str) -> None:
    page.goto(f"/profile/?prefecture={prefecture}")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(printed) == 2
    # The second page begins with what lies inside.
    assert "圏別の指標" in printed[1].extract_text()


def test_on_a_narrow_screen_the_menu_opens_without_javascript_and_shows_where_one_is(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/sources/quality/")
    menu = page.locator(".site-nav__menu")
    expect(menu.locator("summary")).to_contain_text("データ › 鮮度と品質")
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link", name="鮮度と品質")).to_have_attribute("aria-current", "page")
    menu.get_by_role("link", name="県・圏域").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("県・圏域プロファイル")
