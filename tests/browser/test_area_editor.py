"""An official draws areas with the mouse and, in a second journey, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.live import LiveSite

pytestmark = pytest.mark.browser
WIDTHS = (1280, 375)


@pytest.fixture(scope="module")
def password(live_site: LiveSite) -> str:
    """A new password of the demo account of 北海道."""
    said = live_site.demo_accounts()
    found = re.search(r"demo-pref\s+(\S+)", said)
    assert found is not None, said
    return found[1]


@pytest.fixture
def editor(page: Page, password: str) -> Page:
    """The page, signed in as 都道府県担当 of 北海道, in a new draft made of the secondary medical areas."""
    page.goto("/accounts/sign-in/?next=/area-drafts/new/%3Fprefecture%3D01")
    page.get_by_label("利用者名").fill("demo-pref")
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    page.get_by_label("案の名称").fill("試しの案")
    page.get_by_label("二次医療圏（第8次医療計画）").check()
    page.get_by_role("button", name="案をつくる").click()
    page.wait_for_url(re.compile(r"/area-drafts/\d+/"), timeout=60_000)
    return page


def put_away(page: Page) -> None:
    """Take the draft out of the list, so that the next one may have its name."""
    page.get_by_text("案の名称・片付け").click()
    page.get_by_role("button", name="一覧から外す").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("北海道の圏域案")


def test_with_the_mouse_places_move_by_click_and_by_box_and_come_back(
    editor: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = editor
    area_of_otaru = page.locator('[data-area-of="01203"]')
    expect(area_of_otaru).to_have_text("後志")
    page.locator(".palette").get_by_text("札幌", exact=True).click()
    page.locator('path[data-code="01203"]').click()
    expect(area_of_otaru).to_have_text("札幌")
    expect(page.locator("[data-message]")).to_contain_text("保存しました")
    page.get_by_role("button", name="元に戻す").click()
    expect(area_of_otaru).to_have_text("後志")

    shape = page.locator('path[data-code="01203"]').bounding_box()
    assert shape is not None
    page.mouse.move(shape["x"] - 40, shape["y"] - 40)
    page.mouse.down()
    page.mouse.move(shape["x"] + shape["width"] + 10, shape["y"] + shape["height"] + 10, steps=4)
    page.mouse.up()
    expect(area_of_otaru).to_have_text("札幌")
    expect(page.locator("[data-steps]")).to_have_text("1")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible()
        assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        shoot(f"area-editor-{width}")
    page.set_viewport_size({"width": 1366, "height": 768})
    put_away(page)


def test_with_the_keyboard_alone_a_new_area_is_made_and_locked(editor: Page) -> None:
    page = editor
    page.locator("#pick-01203").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-selected]")).to_have_text("1")
    page.get_by_label("名称（新しい圏域・名称変更）").focus()
    page.keyboard.type("小樽")
    page.get_by_role("button", name="選んだ市区町村で新しい圏域").press("Enter")
    expect(page.locator('[data-area-of="01203"]')).to_have_text("小樽")
    page.locator(".palette").get_by_role("radio", name=re.compile("小樽")).focus()
    page.keyboard.press("Space")
    page.get_by_text("統合・固定・色・削除").press("Enter")
    page.get_by_role("button", name="固定する", exact=True).press("Enter")
    expect(page.locator(".palette li", has_text="小樽")).to_contain_text("固定")
    page.keyboard.press("Control+z")
    expect(page.locator(".palette li", has_text="小樽")).not_to_contain_text("固定")
    put_away(page)
