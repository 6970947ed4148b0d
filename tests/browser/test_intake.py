"""An official hands in a list, sees what it changes, takes it in and takes it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.institutions.lists import content, row
from tests.live import LiveSite

pytestmark = pytest.mark.browser

# A later month than the list among the fixtures, with three institutions that cannot exist.
TITLE = "[令和７年１２月１日 現在 ]令和７年１２月１日作成"
ROWS = [row(999_001, "支援診３"), row(999_002, "支援診２"), row(999_003)]
WORK_SECONDS = 120_000.0


@pytest.fixture(scope="module")
def password(live_site: LiveSite) -> str:
    """A new password of the demo account of 北海道."""
    said = live_site.demo_accounts()
    found = re.search(r"demo-pref\s+(\S+)", said)
    assert found is not None, said
    return found[1]


@pytest.fixture
def official(page: Page, password: str) -> Page:
    """The page, signed in as 都道府県担当 of 北海道."""
    page.goto("/accounts/sign-in/?next=/intake/")
    page.get_by_label("利用者名").fill("demo-pref")
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("資料の取込")
    return page


def look(page: Page, name: str, *, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]) -> None:
    """Barriers and pictures on an office screen and on a telephone."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        assert_accessible()
        overflow = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{name} is {overflow}px wider than a screen of {width}px"
        shoot(f"{name}-{width}")
    page.set_viewport_size({"width": 1366, "height": 768})


def test_a_list_is_handed_in_compared_taken_in_and_taken_back(
    official: Page, tmp_path: Path, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    look_at = partial(look, page, assert_accessible=assert_accessible, shoot=shoot)
    page.get_by_role("link", name="ファイルを取り込む").first.click()
    path = tmp_path / "デモ名簿.xlsx"
    path.write_bytes(content(ROWS, title=TITLE))
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("[data-chosen]")).to_contain_text("デモ名簿.xlsx")
    look_at("intake-create")
    page.get_by_role("button", name="送って確認する").click()

    # The progress makes the page load anew: nothing is clicked here.
    expect(page.get_by_role("heading", name="まだ取り込んでいません")).to_be_visible(timeout=WORK_SECONDS)
    expect(page.get_by_role("heading", name="取り込むと変わること")).to_be_visible()
    expect(page.get_by_text("デモ医院999001").first).to_be_attached()
    look_at("intake-ready")
    page.get_by_role("button", name="取り込む", exact=True).click()
    expect(page.get_by_text("取り込みました。")).to_be_visible(timeout=WORK_SECONDS)
    look_at("intake-applied")
    address = page.url

    page.goto("/sources/coverage/")
    expect(page.get_by_role("row", name="01 北海道").get_by_role("link").first).to_have_text("2025-12-01")

    page.goto(address)
    page.get_by_role("link", name="取込を取り消す").click()
    look_at("intake-undo")
    page.get_by_role("button", name="取込を取り消す").click()
    expect(page.get_by_text("取込を取り消しました。")).to_be_visible()
    page.goto("/sources/coverage/")
    expect(page.get_by_role("row", name="01 北海道").get_by_role("link").first).not_to_have_text("2025-12-01")
    page.goto("/intake/")
    expect(page.get_by_role("row", name="デモ名簿.xlsx").first).to_contain_text("取消済")
    look_at("intake-list")


def test_files_can_be_dropped_and_a_wrong_one_says_why_it_is_refused(
    official: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page = official
    page.goto("/intake/new/")
    transfer = page.evaluate_handle(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(['a,b\\n1,=1+2\\n'], 'デモ.csv'));
            return transfer;
        }"""
    )
    page.dispatch_event("[data-drop-zone]", "drop", {"dataTransfer": transfer})
    expect(page.locator("[data-chosen]")).to_contain_text("デモ.csv")
    page.get_by_role("button", name="送って確認する").click()
    expect(page.get_by_role("heading", name="取り込めません")).to_be_visible(timeout=WORK_SECONDS)
    expect(page.get_by_role("cell", name="B2")).to_be_visible()
    look(page, "intake-refused", assert_accessible=assert_accessible, shoot=shoot)
    page.get_by_role("button", name="破棄").click()
    expect(page.get_by_text("破棄しました。")).to_be_visible()


def test_the_survey_form_is_downloaded(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path]
) -> None:
    page.goto("/intake/forms/?prefecture=01")
    look(page, "intake-forms", assert_accessible=assert_accessible, shoot=shoot)
    with page.expect_download() as download:
        page.get_by_role("button", name="Excelでダウンロード").click()
    assert download.value.suggested_filename == "zaitaku-survey-01.xlsx"
    with page.expect_download() as download:
        page.get_by_role("button", name="CSVでダウンロード").click()
    assert download.value.suggested_filename == "zaitaku-survey-01.csv"
