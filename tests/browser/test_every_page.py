"""Public pages in their states, wide and narrow: they fit, have one heading, no barrier, no error, no foreign request.

Other pages are looked at the same way in `test_visit`, `test_indicator_detail`, `test_download` and `test_intake`.

The `page` fixture fails a test on a console error, a broken CSP or a request to another host. `ZAITAKU_PICTURES=1`
leaves pictures in artifacts/ for whoever wants to look. A state is loaded once and then made narrower, as a window is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
# 1280 px is the office screen of UX.md at 100 %; 375 px a telephone, and about the same screen at 300 % zoom.
WIDTHS = (1280, 375)
DETAIL = "/indicators/DAY_S22/"
PAGES = {
    "catalogue-empty": "/indicators/?words=存在しない言葉",
    "detail-bars": f"{DETAIL}?prefecture=24",
    "detail-not-imported": f"{DETAIL}?prefecture=13",
    "detail-table": f"{DETAIL}?prefecture=24&tab=table",
    "detail-areas-8th": "/indicators/DAY_P15/?level=area&scheme=iryoken2-8&prefecture=24",
    "detail-areas-kosoiki": f"{DETAIL}?level=area&scheme=kosoiki&prefecture=24&tab=table",
    "detail-municipalities": f"{DETAIL}?level=municipality&prefecture=01",
    "source": "/sources/1/",
    "quality": "/sources/quality/",
    "area-editions": "/sources/areas/",
    "trace-of-an-area": "/indicators/DAY_P15/figures/iryoken2-8/2401/2022/?prefecture=24",
    "institutions-map": "/institutions/?prefecture=24&tab=map&kind=hospital",
    "designated-public": "/designated/?prefecture=24",
    "plan-comparison": "/plans/compare/?demo=1",
    "resources": "/resources/?prefecture=24&kind=home_nursing",
    "job": "/jobs/1/",
    "access": "/access/?prefecture=42&reach=8",
    "help-start": "/help/start/",
    "help-glossary": "/help/glossary/",
    "api": "/api/v1/docs/",
}
ERRORS = {
    "no-page": ("/nowhere/", 404),
    "no-indicator": ("/indicators/DAY_S99/", 404),
    "no-such-level": (f"{DETAIL}?level=x", 400),
    "no-such-year": (f"{DETAIL}?year=2001", 404),
    "no-number": ("/?x=%00", 400),
    "button-address": ("/accounts/sign-out/", 405),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_has_one_heading_and_no_barrier(
    page: Page, assert_accessible: Callable[[], None], shoot: Callable[[str], Path], name: str
) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    response = page.goto(PAGES[name])
    assert response is not None
    assert response.status == 200
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.locator("[data-chart]").count():
            drawn = "narrow" if width == min(WIDTHS) else "wide"
            expect(page.locator(f'[data-chart][data-drawn="{drawn}"]')).to_be_visible()
        assert_one_page(page)
        assert_accessible()
        shoot(f"every-{name}-{width}")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_is_as_sound_as_any_other(
    page: Page,
    page_problems: list[str],
    assert_accessible: Callable[[], None],
    shoot: Callable[[str], Path],
    name: str,
) -> None:
    address, status = ERRORS[name]
    response = page.goto(address)
    assert response is not None
    assert response.status == status
    # Chromium notes the status of the page itself on the console; anything else stays a failure.
    page_problems[:] = [problem for problem in page_problems if f"status of {status}" not in problem]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_one_page(page)
        assert_accessible()
        shoot(f"every-error-{name}-{width}")


def test_with_forced_colours_the_chosen_tab_and_the_own_prefecture_are_still_told_apart(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{DETAIL}?prefecture=24&tab=table")
    chosen = page.locator(".tabs a[aria-current]")
    other = page.locator(".tabs a:not([aria-current])").first
    colour = "element => getComputedStyle(element).borderBottomColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)
    assert page.locator(".is-own > th").evaluate("element => getComputedStyle(element).borderLeftWidth") == "4px"


def test_the_filters_of_the_catalogue_never_hide_what_the_keyboard_reaches(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/indicators/")
    page.locator(".jump-links a").last.press("Enter")
    bar = page.locator(".view-controls--sticky").bounding_box()
    heading = page.locator("#phase-cross").bounding_box()
    assert bar is not None
    assert heading is not None
    assert heading["y"] >= bar["y"] + bar["height"]


def assert_one_page(page: Page) -> None:
    """One h1, and nothing that makes the window scroll sideways."""
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
