"""What every page has in common: nothing from elsewhere, no errors, no barriers, Japanese type."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_first_page_is_clean_and_without_barriers(page: Page, assert_accessible: Callable[[], None]) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible()
    assert len(page.screenshot()) > 10_000


def test_pictures_of_pages_show_japanese_type(page: Page) -> None:
    page.goto("/")
    # Every glyph that a font lacks is the same empty box; two different characters then look alike.
    pixels = page.evaluate(
        """() => ['在', '宅'].map(character => {
            const canvas = document.createElement('canvas');
            const context = canvas.getContext('2d');
            context.font = '40px sans-serif';
            context.fillText(character, 10, 60);
            return Array.from(context.getImageData(0, 0, 80, 80).data).join();
        })"""
    )
    assert pixels[0] != pixels[1]


def test_a_request_to_another_host_does_not_leave_and_is_reported(page: Page, page_problems: list[str]) -> None:
    page.goto("/")
    page.evaluate("() => fetch('https://www.example.com/').catch(() => null)")
    reported = list(page_problems)
    page_problems.clear()
    assert reported
    assert any("example.com" in problem for problem in reported)


def test_an_error_on_the_console_is_reported(page: Page, page_problems: list[str]) -> None:
    page.goto("/")
    page.evaluate("() => console.error('broken')")
    assert [problem for problem in page_problems if "broken" in problem]
    page_problems.clear()
