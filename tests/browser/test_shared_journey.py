"""A meeting, its decision and what it changed, the schedule of the year and its secret address, at a real browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser


def test_what_was_agreed_is_written_linked_shared_and_taken_into_a_calendar(
    official: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    page.goto("/plans/new/?prefecture=01")
    page.get_by_label("計画期間").select_option("2033")
    page.get_by_label("計画の名称").fill("共有の計画")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("共有の計画")
    page.get_by_role("link", name="協議の場").click()
    expect(page.locator(".empty-state")).to_contain_text("まだ会議がありません")

    page.get_by_role("link", name="会議を加える").click()
    page.get_by_label("会議の名称").fill("第1回協議会")
    page.get_by_label("開催日").fill("2033-06-01")
    page.get_by_label("開始時刻").fill("14:00")
    page.get_by_label("構成員").fill("函館市医師会／会長")
    look_at("meeting-edit")
    page.get_by_role("button", name="保存する").click()
    page.get_by_role("link", name="決定を加える").click()
    page.get_by_label("決定・意見").fill("現状の指標を章に入れる")
    page.get_by_label("現状と課題").check()
    look_at("decision")
    page.get_by_role("button", name="保存する").press("Enter")
    expect(page.locator(".decision")).to_contain_text("章：現状と課題")
    look_at("meeting")

    page.goto(page.url.partition("meetings/")[0] + "schedule/?year=2033")
    expect(page.get_by_role("row", name="第1回協議会")).to_contain_text("14:00")
    look_at("schedule")
    page.get_by_label("見方").select_option("1年のカレンダー")
    page.get_by_role("button", name="表示する").click()
    expect(page.locator(".year-sheet > li")).to_have_count(12)
    look_at("schedule-year")
    page.get_by_role("link", name="購読用のアドレス").click()
    page.get_by_label("渡す相手").fill("函館市医師会")
    page.get_by_role("button", name="発行する").click()
    address = page.locator("[data-feed]").inner_text()
    look_at("calendar-links")
    answer = page.request.get(address)
    assert [str(one["SUMMARY"]) for one in Calendar.from_ical(answer.body()).walk("VEVENT")] == ["第1回協議会"]

    page.goto("/practices/")
    look_at("practices")
