"""A prefecture makes an indicator of its own: from the empty form to the catalogue, and out of it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser
NAME = "デモ：支援診３の数"


def test_an_own_indicator_is_made_previewed_published_found_and_retired(
    official: Page, page_problems: list[str], assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    page.goto("/indicators/own/new/")
    page.get_by_label("指標名").fill(NAME)
    page.get_by_label("よみ（ひらがな）").fill("でも しえんしんさんのかず")
    page.get_by_label("なぜ見るのか").fill(
        "デモ：県の計画で重点とする体制を、医療圏ごとに同じ物差しで見るために作りました。"
    )
    for words, role in (("shien_clinic_3", "分子に加える"), ("population.75plus", "分母にする")):
        page.get_by_label("項目名・かな・コード").fill(words)
        page.get_by_role("button", name="探す", exact=True).click()
        page.get_by_role("button", name=f"を{role}").first.click()
    page.get_by_label("限界・注意").fill("届出の数です。実際の訪問の数ではありません。")
    page.get_by_role("button", name="試しに計算する").last.click()
    expect(page.get_by_role("heading", name="試しに計算した値")).to_be_visible()
    look_at("own-indicator-preview")
    page.get_by_role("button", name="下書きとして保存する").click()
    expect(page.get_by_text("を保存しました。")).to_be_visible()
    address = page.url
    page.get_by_role("button", name="公開する").click()
    expect(page.get_by_text("を公開しました。値を計算しています。")).to_be_visible()
    expect(page.get_by_text("完了").first).to_be_visible(timeout=60_000)

    page.goto("/indicators/?only=own")
    page.get_by_role("link", name=NAME).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.get_by_text("北海道独自の指標").first).to_be_visible()
    shown = page.url

    page.goto(address)
    look_at("own-indicator-published")
    page.get_by_role("button", name="廃止する").click()
    expect(page.get_by_text("を廃止しました。")).to_be_visible()
    response = page.goto(shown)
    assert response is not None
    assert response.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("廃止された指標です")
    look_at("own-indicator-retired")
    assert len(page_problems) == 1
    assert "410" in page_problems[0]
    page_problems.clear()
