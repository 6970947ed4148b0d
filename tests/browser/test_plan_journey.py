"""From an empty plan to a public version, with two officials writing the same chapter at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import LiveSite

pytestmark = pytest.mark.browser
WIDTHS = (1280, 375)
PASSWORD = "a-password-for-one-journey"
ANOTHER_OFFICIAL = f"""
from zaitaku.accounts.models import Scope, User
other = User.objects.create_user("journey-otsu", password="{PASSWORD}", role="prefecture")
Scope.objects.create(user=other, code="01")
"""


@pytest.fixture(scope="module")
def passwords(live_site: LiveSite) -> dict[str, str]:
    """New passwords of the demo accounts."""
    said = live_site.demo_accounts()
    return dict(re.findall(r"(demo-(?:pref|approver))\s+(\S+)", said))


def sign_in(page: Page, name: str, password: str, *, to: str) -> None:
    page.goto(f"/accounts/sign-in/?next={to}")
    page.get_by_label("利用者名").fill(name)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    page.wait_for_url(f"**{to.partition('%3F')[0]}**")


def begin_plan(page: Page) -> None:
    """An empty plan of 北海道 for the last period on offer, which nobody else uses."""
    page.get_by_label("計画期間").select_option(index=4)
    page.get_by_label("計画の名称").fill("試しの計画")
    page.get_by_role("button", name="計画をつくる").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("試しの計画")


def test_two_people_write_a_plan_and_it_is_approved_and_published(
    page: Page,
    browser: Browser,
    live_site: LiveSite,
    passwords: dict[str, str],
    assert_accessible: Callable[[], None],
    shoot: Callable[[str], Path],
) -> None:
    def look(name: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert_accessible()
            assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0, name
            shoot(f"plan-{name}-{width}")
        page.set_viewport_size({"width": 1366, "height": 768})

    sign_in(page, "demo-pref", passwords["demo-pref"], to="/plans/new/%3Fprefecture%3D01")
    look("new")
    begin_plan(page)
    look("workspace")
    workspace = page.url

    # The first person types; what was typed is kept without a button.
    page.get_by_role("link", name="現状と課題を書く").click()
    editor = page.url
    page.get_by_label("本文", exact=True).fill("一行目\n\n二行目\n\n三行目")
    expect(page.locator("[data-state]")).to_contain_text("下書きを保存しました", timeout=15_000)
    page.reload()
    expect(page.get_by_label("本文", exact=True)).to_have_value("一行目\n\n二行目\n\n三行目")
    page.get_by_role("button", name="プレビュー").click()
    expect(page.locator("[data-preview]")).to_contain_text("三行目")
    look("edit")
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator(".plan-text")).to_contain_text("二行目")

    # Both have the first version open; the other one saves first.
    page.goto(editor)
    page.get_by_label("本文", exact=True).fill("一行目\n\n二行目\n\n三行目（甲）")
    live_site.manage("shell", "-c", ANOTHER_OFFICIAL)
    other = browser.new_context(base_url=live_site.url, locale="ja-JP").new_page()
    sign_in(other, "journey-otsu", PASSWORD, to=editor.removeprefix(live_site.url))
    other.get_by_label("本文", exact=True).fill("一行目（乙）\n\n二行目\n\n三行目")
    other.get_by_role("button", name="保存する", exact=True).click()
    expect(other.locator(".messages")).to_contain_text("第2版として保存しました")
    other.context.close()
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ほかの人も編集していました")
    look("conflict")
    page.get_by_role("button", name="まとめた文で保存する").click()
    expect(page.locator(".plan-text")).to_contain_text("三行目（甲）")
    expect(page.locator(".plan-text")).to_contain_text("一行目（乙）")
    page.get_by_label("意見").fill("@demo-approver 確認をお願いします。")
    page.get_by_role("button", name="意見を書き込む").click()
    look("chapter")
    page.get_by_role("link", name=re.compile("履歴")).click()
    look("history")

    page.goto(workspace)
    page.get_by_role("link", name="提出する…").click()
    look("submit")
    page.get_by_role("button", name="この内容で提出する").click()
    version = page.url

    boss = browser.new_context(base_url=live_site.url, locale="ja-JP").new_page()
    sign_in(boss, "demo-approver", passwords["demo-approver"], to=version.removeprefix(live_site.url))
    boss.get_by_label("承認", exact=True).check()
    boss.get_by_role("button", name="決定する").click()
    expect(boss.locator(".messages")).to_contain_text("承認しました")
    boss.context.close()

    page.goto(version)
    page.get_by_role("button", name="この版を公表する").click()
    expect(page.locator(".messages")).to_contain_text("公表しました")
    page.context.clear_cookies()
    page.goto(version)
    expect(page.locator(".plan-text")).to_contain_text("三行目（甲）")
    look("public")
    page.goto("/plans/")
    expect(page.get_by_role("link", name="試しの計画")).to_be_visible()
    look("list")
