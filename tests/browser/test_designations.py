"""From a search to the public list: an official finds an institution, takes it through the steps, and checks it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_intake import look, official, password

__all__ = ["official", "password"]
pytestmark = pytest.mark.browser
AT = "?prefecture=01&period=2027"


def test_an_institution_is_found_designated_checked_and_published(
    official: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    page.goto("/institutions/?prefecture=01&notification=support")
    page.get_by_label("名称・カナ・コード・所在地").fill("函館")
    page.get_by_role("button", name="検索").click()
    expect(page.locator(".finding")).to_contain_text("件見つかりました")
    look_at("institutions-list")
    page.get_by_role("link", name="地図", exact=True).click()
    expect(page.get_by_role("img", name="見つかった機関の位置")).to_be_visible()
    look_at("institutions-map")

    page.goto(f"/designations/candidates/{AT}")
    look_at("designation-candidates")
    button = page.get_by_role("button", name="候補にする").first
    name = str(button.get_attribute("aria-label")).removesuffix("を候補にする")
    button.press("Enter")
    expect(page.get_by_text(f"「{name}」を候補に登録しました。")).to_be_visible()
    page.get_by_role("row", name=name).first.get_by_role("link", name="候補", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    for status in ("協議中", "位置付け"):
        page.get_by_role("button", name="状態を変える").click()
        expect(page.get_by_text(f"状態を「{status}」にしました。")).to_be_visible()
    page.get_by_role("checkbox", name="函館市").check()
    page.get_by_role("button", name="担当する市区町村を保存").click()
    expect(page.get_by_text("担当する市区町村を保存しました（1市区町村）。")).to_be_visible()
    look_at("designation-detail")
    address = page.url

    page.get_by_role("link", name="要件の確認表").click()
    first = page.locator("#item-1")
    first.get_by_role("radio", name="満たす", exact=True).check()
    first.get_by_label("根拠").fill("デモ：会議の記録")
    page.get_by_role("button", name="判定を保存").click()
    expect(page.get_by_text("1項目の判定を保存しました。")).to_be_visible()
    look_at("designation-checklist")

    page.goto(f"/designations/gaps/{AT}")
    expect(page.locator(".gap-met")).to_have_count(1)
    look_at("designation-gaps")
    page.goto(f"/designations/checks/{AT}&check=requirement_unverified")
    expect(page.get_by_text("6項目のうち5項目が未確認です。")).to_be_visible()
    look_at("designation-checks")
    page.goto(f"/designations/{AT}")
    look_at("designation-list")

    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"/designated/{AT}&tab=map&words={name[:4]}")
    expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    look_at("designated-public")
    page.goto(address)
    expect(page.get_by_role("heading", name="履歴")).to_have_count(0)
    page.goto("/resources/?prefecture=01&kind=care")
    look_at("resources")
