"""An official asks, a body answers through its link, the official confirms and sees who is still missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password
from tests.live import LiveSite

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser
AT = "?prefecture=01&period=2027"
ANSWERS = {
    "訪問診療を行った実患者数（人）": "40",
    "往診の件数（件）": "30",
    "在宅で看取った患者数（人）": "8",
    "往診に応じられる時間（平日1日あたり）（時間）": "24",
    "あと受け入れられる訪問診療の患者数（人）": "5",
    "報告者（部署・氏名）": "デモ 事務長",
}


def _designate_a_candidate(page: Page) -> str:
    """Take the first candidate through the steps; returns its name."""
    page.goto(f"/designations/candidates/{AT}")
    button = page.get_by_role("button", name="候補にする").first
    name = str(button.get_attribute("aria-label")).removesuffix("を候補にする")
    button.click()
    page.get_by_role("row", name=name).first.get_by_role("link", name="候補", exact=True).click()
    for status in ("協議中", "位置付け"):
        page.get_by_role("button", name="状態を変える").click()
        expect(page.get_by_text(f"状態を「{status}」にしました。")).to_be_visible()
    return name


def test_a_report_is_asked_for_handed_in_and_confirmed(
    official: Page,
    page_problems: list[str],
    live_site: LiveSite,
    assert_accessible: Callable[[], None],
    shoot: Callable[[str], Path],
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    name = _designate_a_candidate(page)
    page.goto("/reports/?prefecture=01")
    page.get_by_label("対象の機関を位置付けた計画期間").select_option("2027")
    page.get_by_role("button", name="受付を始める").click()
    expect(page.get_by_text("次にリンクを発行してください。")).to_be_visible()
    look_at("reports")
    page.get_by_role("button", name="リンクを発行").click()
    look_at("report-links")
    letter = page.locator(".letter").filter(has=page.get_by_role("heading", name=name))
    link = str(letter.get_by_role("link").get_attribute("href"))

    signed_in = page.context.cookies()
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_role("heading", name="入力内容を確認してください")).to_be_visible()
    assert page_problems.pop().startswith("console: ")  # the browser notes the 422
    look_at("report-form")
    for label, answer in ANSWERS.items():
        page.get_by_role("textbox", name=label).fill(answer)
    page.get_by_label("24時間対応の方法").select_option("linked")
    page.get_by_label("訪問診療への参入・拡大の意向").select_option("1")
    page.get_by_role("button", name="提出する").click()
    expect(page.get_by_text("提出しました。ありがとうございました。")).to_be_visible()
    look_at("report-handed-in")
    page.goto(f"{live_site.url}/report/unknown/")
    expect(page.get_by_role("heading", level=1)).to_have_text("このリンクでは報告できません")
    assert page_problems.pop().startswith("console: ")  # and the 404

    page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": live_site.url} for one in signed_in])
    page.goto("/reports/?prefecture=01&state=submitted")
    page.get_by_role("link", name=name).click()
    look_at("report-verify")
    page.get_by_role("button", name="第1版を確認済にする").click()
    expect(page.get_by_text("確認済にしました。")).to_be_visible()
    page.goto("/reports/?prefecture=01")
    expect(page.locator(".finding")).to_contain_text("確認済1")
