"""A member of the working group compares: basket, comparison, scatter, a group of municipalities, a visitor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import LiveSite

pytestmark = pytest.mark.browser


def test_from_the_basket_to_a_group_that_another_visitor_opens(
    page: Page,
    browser: Browser,
    live_site: LiveSite,
    assert_accessible: Callable[[], None],
    shoot: Callable[[str], Path],
) -> None:
    page.goto("/comparison/?area=24&basket=DAY_S22,DAY_P15")
    expect(page.get_by_text("比較かごの2指標を表示しています")).to_be_visible()
    page.get_by_label("地域の名前・かな・コード").fill("ぎふけん")
    page.get_by_role("button", name="探す").click()
    page.get_by_role("link", name="＋ 岐阜県").first.click()
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    expect(page.get_by_test_id("finding")).to_contain_text("三重県とくらべて")
    assert_accessible()
    shoot("compare-comparison")

    page.goto("/scatter/?level=area&x=DAY_P15&y=ACU_P01&prefecture=24")
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    expect(page.get_by_text("相関は因果を示しません")).to_be_visible()
    assert_accessible()

    page.goto("/groups/new/?prefecture=24")
    page.get_by_label("津市", exact=True).check()
    page.get_by_label("コードか名前を貼り付けて加える").fill("四日市市")
    page.get_by_role("button", name="選んだ内容を確かめる").click()
    assert_accessible()
    page.get_by_role("link", name="この組合せの指標を見る").click()
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    assert_accessible()
    shoot("compare-group")
    value = page.get_by_role("row", name="在宅療養支援診療所数（計）").locator("td").first.inner_text()

    visitor = browser.new_context(base_url=live_site.url, locale="ja-JP").new_page()
    visitor.goto(page.url)
    shared = visitor.get_by_role("row", name="在宅療養支援診療所数（計）").locator("td").first
    expect(shared).to_have_text(value)
    visitor.context.close()

    page.get_by_role("link", name="ほかの地域とくらべる").click()
    expect(page.get_by_text("くらべる地域（1／5）")).to_be_visible()


def test_the_national_view_is_sorted_and_lists_municipalities_without_support(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page.goto("/national/")
    page.get_by_role("link", name="訪問診療を受けた患者数（同一建物居住者以外）").click()
    expect(page.locator("th[aria-sort=descending]")).to_be_visible()
    assert_accessible()
    page.get_by_role("link", name="圏域・位置付け・計画").click()
    expect(page.get_by_text("「未登録」は0ではありません")).to_be_visible()
    assert_accessible()
    page.get_by_role("link", name="在支診・在支病のない市区町村").click()
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    assert_accessible()
    shoot("compare-national")
