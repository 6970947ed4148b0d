"""A year of a policy is evaluated; what comes next opens the year after and goes into its roadmap."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser
ACTION = "講師を2人増やし、同行訪問の受入先を広げる"


def test_the_next_action_of_a_year_opens_the_year_after_and_goes_into_the_roadmap(
    official: Page, page_problems: list[str], assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    page.goto("/plans/?prefecture=01")
    page.get_by_role("main").get_by_role("link", name=re.compile("デモ")).first.click()
    plan = page.url.partition("?")[0]

    # A policy of one's own: whatever the demo evaluates, nobody has written on it.
    page.goto(f"{plan}policies/new/")
    page.get_by_label("施策の名称").fill("評価の旅の研修")
    page.get_by_label("場面").select_option("日常の療養支援")
    page.get_by_label("ロードマップ").fill("2024 研修を設計する 済\n2024 研修を開く")
    page.get_by_role("button", name="保存する").click()

    page.goto(f"{plan}evaluation/")
    look_at("evaluation")
    page.get_by_role("link", name="評価の旅の研修、2024年度：まだ").click()
    expect(page.get_by_text("2024年度までの項目2のうち1が済みです。").first).to_be_visible()
    page.get_by_label("実績").fill("研修を1回開いた。")
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".error-summary")).to_contain_text("要因を入力してください")
    assert "422" in page_problems.pop()  # what was just provoked
    page.get_by_label("要因").fill("講師が足りない。")
    page.get_by_label("次の取組").fill(ACTION)
    look_at("evaluation-policy")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("row", name=re.compile("評価の旅の研修"))).to_contain_text(ACTION)
    look_at("evaluation-year")

    page.goto(f"{plan}evaluation/")
    page.get_by_role("link", name="評価の旅の研修、2025年度：まだ").click()
    expect(page.get_by_role("region", name="前の評価の「次の取組」")).to_contain_text(ACTION)
    page.goto(f"{plan}evaluation/2024/carry/")
    look_at("evaluation-carry")
    page.get_by_role("checkbox", name=re.compile("評価の旅の研修")).check()
    page.get_by_role("button", name="選んだものを加える").click()
    expect(page.get_by_role("row", name=re.compile("評価の旅の研修"))).to_contain_text(ACTION)
    for path in ("2025/designations/", "whole/final/"):
        page.goto(f"{plan}evaluation/{path}")
        look_at(f"evaluation-{path.strip('/').replace('/', '-')}")
