"""A real Chromium on the live site: every page must be clean of errors, of requests elsewhere and of barriers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)

from bootstrap.places import CHECKOUT, TEST_ASSETS
from tests.chromium import ARGUMENTS, find_or_install, node_for_playwright
from tests.live import LiveSite

ARTIFACTS = CHECKOUT / "artifacts"
SCREEN: ViewportSize = {"width": 1366, "height": 768}
# Violations alone: what axe found in order is most of its answer, and slow to describe and to send.
RUN_AXE = """async levels => {
    const options = {runOnly: {type: "tag", values: levels}, resultTypes: ["violations"]};
    const {violations} = await axe.run(document, options);
    return violations.map(({id, help, nodes}) => ({id, help, places: nodes.map(node => String(node.target))}));
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    chromium = find_or_install()
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop lives in this thread, so Django would refuse the ORM although nothing runs in it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        for name, value in node_for_playwright().items():
            patch.setenv(name, value)
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(
                executable_path=chromium.executable,
                args=ARGUMENTS,
                env={**os.environ, **chromium.environment},
            )
            yield started
            started.close()


@pytest.fixture
def context(browser: Browser, live_site: LiveSite) -> Iterator[BrowserContext]:
    """A fresh visitor of the site: Japanese, in Tokyo, on an office screen."""
    context = browser.new_context(
        base_url=live_site.url, locale="ja-JP", timezone_id="Asia/Tokyo", viewport=SCREEN, accept_downloads=True
    )
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong on the page so far; a test that provokes a problem asserts it and clears the list."""
    return []


@pytest.fixture
def page(context: BrowserContext, live_site: LiveSite, page_problems: list[str]) -> Iterator[Page]:
    """A page that fails its test on a script error, a console error, a broken CSP or a request to another host."""
    page = context.new_page()
    home = urlsplit(live_site.url).netloc

    # Noted, not intercepted: Chromium itself refuses every other host (tests.chromium), and with a route of ours each
    # file of each page would come to Python and back, past the browser's cache.
    def note_others(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != home:
            page_problems.append(f"request to another host: {request.url}")

    page.on("request", note_others)
    page.on("pageerror", lambda error: page_problems.append(f"script error: {error}"))
    page.on("console", lambda message: _note(page_problems, message))
    yield page
    page.close()
    assert not page_problems, "\n".join(page_problems)


def _note(problems: list[str], message: ConsoleMessage) -> None:
    """No exceptions: what the browser calls an error is one."""
    if message.type == "error":
        problems.append(f"console: {message.text} ({message.location['url']})")


@pytest.fixture
def shoot(page: Page) -> Callable[[str], Path]:
    """`shoot("home")` leaves artifacts/home.png for whoever wants to look, and asks for it by ZAITAKU_PICTURES=1.

    A picture of a whole page takes a second, so that the suite takes none by itself.
    """

    def take(name: str, *, full_page: bool = True) -> Path:
        target = ARTIFACTS / f"{name}.png"
        if os.environ.get("ZAITAKU_PICTURES"):
            ARTIFACTS.mkdir(exist_ok=True)
            page.screenshot(path=target, full_page=full_page)
        return target

    return take


@pytest.fixture
def assert_accessible(page: Page) -> Callable[[], None]:
    """Run axe (WCAG 2.2 A and AA) on the page as it stands; a violation fails with rule, help and places."""
    script = (TEST_ASSETS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def check() -> None:
        # Evaluated by the debugger: a script element would be refused by the CSP.
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(f"() => {{ {script}\n window.axe = axe; }}")
        violations = page.evaluate(RUN_AXE, levels)
        found = ["\n  ".join([f"{one['id']}: {one['help']}", *one["places"]]) for one in violations]
        assert not found, "\n".join(found)

    return check
