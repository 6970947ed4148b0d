"""From an empty plan to a target, a policy on the roadmap and a logic model, by an official at a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser
NODES = (
    ("施策", "訪問診療の研修", ""),
    ("中間アウトカム", "訪問診療を受けられる人が増える", "DAY_P13"),
    ("分野アウトカム", "望む場所で療養し、最期を迎えられる", "EOL_P04"),
)


def begin(page: Page) -> str:
    """A plan of 北海道 for 2030, which no other journey touches; its address."""
    page.goto("/plans/new/?prefecture=01")
    page.get_by_label("計画期間").select_option("2030")
    page.get_by_label("計画の名称").fill("デモの計画")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("デモの計画")
    return page.url.partition("?")[0]


def test_a_target_a_policy_and_a_logic_model_are_made(
    official: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    plan = begin(page)

    page.goto(f"{plan}targets/new/")
    page.get_by_label("指標", exact=False).first.select_option("DAY_P13")
    page.get_by_label("地域").first.select_option(label="北海道")
    page.get_by_role("button", name="現状値をみる").click()
    page.get_by_label("目標値※必須").fill("99000")
    look_at("target-new")
    page.get_by_role("button", name="目標を加える").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("北海道の目標")
    expect(page.locator(".findings")).to_contain_text("分布で")
    look_at("target")
    page.goto(f"{plan}targets/")
    look_at("targets")

    page.goto(f"{plan}policies/new/")
    page.get_by_label("施策の名称").fill("訪問診療の研修")
    page.get_by_label("場面").select_option("日常の療養支援")
    page.get_by_label("ロードマップ").fill("2030 研修を設計する 済\n2031 研修を始める")
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("link", name="ロードマップ").click()
    expect(page.get_by_role("row", name="訪問診療の研修")).to_contain_text("済 研修を設計する")
    look_at("roadmap")

    page.get_by_role("link", name="ロジックモデル", exact=True).click()
    for kind, title, indicator in NODES:
        page.get_by_label("段階").select_option(kind)
        page.get_by_label("内容").fill(title)
        page.get_by_label("指標", exact=True).select_option(indicator)
        page.get_by_role("button", name="項目を加える").press("Enter")
        expect(page.get_by_text(f"「{title}」を加えました。")).to_be_visible()
    for (_, start, _), (_, end, _) in pairwise(NODES):
        page.get_by_label("から").select_option(start)
        page.get_by_label("へ", exact=False).last.select_option(end)
        page.get_by_label("つながる理由").fill("研修を受けた医師が始めるため")
        page.get_by_role("button", name="つながりを加える").press("Enter")
        expect(page.get_by_text("つながりを加えました。")).to_be_visible()
    expect(page.locator(".logic-drawing svg a")).to_have_count(3)
    expect(page.locator(".findings")).to_contain_text("数値目標がありません")
    look_at("logic-model")
    page.get_by_role("link", name=NODES[0][1], exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"/logic/#node-\d+$"))
