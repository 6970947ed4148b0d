"""指標詳細 and プロファイル as a visitor meets them: the server's time warm and cold, and a chart drawn beside Dash.

Server: p95 over granian of pages kept in the cache, and of pages made anew after the shared cache was emptied (of all
but the version of the regions); targets ≤ 60 ms and ≤ 150 ms. Browser: from asking for the address to the last
bar drawn, each time with a new profile (nothing cached), our page and the same figure in Dash in turn; target ≤ 0.6 of
the median.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.bench_pages import HEADERS, _percentile
from benchmarks.full_data import on_full_data, site_environment
from bootstrap.places import CHECKOUT

INDICATOR = "/indicators/DAY_S22/"
VIEWS = {
    "indicator page": f"{INDICATOR}?prefecture=01",
    "municipal bars": f"{INDICATOR}?level=municipality&prefecture=",
    "municipal map": f"{INDICATOR}?level=municipality&prefecture=&tab=map",
    "municipal funnel": f"{INDICATOR}?level=municipality&prefecture=&tab=funnel",
    "municipal table": f"{INDICATOR}?level=municipality&prefecture=&tab=table",
    "profile page": "/profile/?prefecture=01",
}
WARM, COLD, ROUNDS = 100, 40, 5
# Every worker and thread has imported what it needs, and has its connection to the database.
WARM_UP = 20
DRAWN = ".js-plotly-plot .barlayer .point"


def main() -> None:
    """Measure and print one line a target."""
    on_full_data(_measure)


def _measure(state: Path) -> None:
    from zaitaku import supervisor
    from zaitaku.processes import Child, free_port

    port, other_port = free_port(), free_port()
    site = supervisor.web(state, site_environment(state), host="127.0.0.1", port=port)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(other_port)]
    # One process: Dash serves its scripts only from the process that made the page.
    command += ["--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    peer = Child(
        "dash",
        [*command, "benchmarks.dash_chart:server"],
        state / "dash.log",
        {"ZAITAKU_DASH_FIGURE": str(_write_figure(state))},
        folder=CHECKOUT,
    )
    site.start()
    try:
        supervisor.wait_for_first_page(site, host="127.0.0.1", port=port)
        for name, address in VIEWS.items():
            _report_times(port, name, address)
        peer.start()  # not before: it would share the processors with what is measured above
        supervisor.wait_for_first_page(peer, host="127.0.0.1", port=other_port)
        _report_navigation(port, other_port)
    finally:
        site.stop(patience=10)
        peer.stop(patience=5)


def _write_figure(state: Path) -> Path:
    """The very figure of the page, as Plotly's JSON."""
    from indicators.charts.bars import make_bars
    from indicators.queries.detail import get_indicator_result
    from indicators.results import IndicatorQuery
    from zaitaku.lib.figures import figure_data

    figure = make_bars(get_indicator_result(IndicatorQuery(code="DAY_S22", prefecture="01")))
    path = state / "figure.json"
    path.write_text(json.dumps(figure_data(figure)), encoding="utf-8")
    return path


def _report_times(port: int, name: str, address: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(WARM_UP):
        _empty_cache()
        _seconds(connection, address)
    _seconds(connection, address)
    warm = _percentile([_seconds(connection, address) for _ in range(WARM)])
    cold = []
    for _ in range(COLD):
        _empty_cache()
        cold.append(_seconds(connection, address))
    print(f"{name} warm, p95: {warm * 1e3:.1f} ms (target ≤ 60)")
    middle, worst = statistics.median(cold) * 1e3, max(cold) * 1e3
    print(
        f"{name} cold, p95: median {middle:.0f}, worst {worst:.0f}, p95 {_percentile(cold) * 1e3:.1f} ms (target ≤ 150)"
    )


def _empty_cache() -> None:
    """No page and no figure is held any more. What processes hold of the regions, which changes with an import of
    regions alone, stays."""
    from django.core.cache import cache

    from regions.queries.caching import VERSION

    held = cache.get(VERSION)
    cache.clear()
    cache.set(VERSION, held, timeout=None)


def _seconds(connection: http.client.HTTPConnection, address: str) -> float:
    started = time.perf_counter()
    connection.request("GET", address, headers=HEADERS)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, (address, response.status)
    return time.perf_counter() - started


def _report_navigation(port: int, other_port: int) -> None:
    ours, theirs = [], []
    with a_browser() as browser:
        for _ in range(ROUNDS):
            ours.append(_drawn(browser, f"http://127.0.0.1:{port}{VIEWS['indicator page']}"))
            theirs.append(_drawn(browser, f"http://127.0.0.1:{other_port}/"))
    own, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"navigation to a drawn chart, cold browser: {own:.2f} s ÷ the same figure in dash {other:.2f} s"
        f" = {own / other:.2f} (target ≤ 0.6)"
    )


@contextmanager
def a_browser() -> Iterator[Any]:
    """The Chromium of the browser tests."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import ARGUMENTS, find_or_install, node_for_playwright

    chromium = find_or_install()
    os.environ.update(node_for_playwright())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable, args=ARGUMENTS, env={**os.environ, **chromium.environment}
        )
        yield browser
        browser.close()


def _drawn(browser: Any, address: str) -> float:
    """Seconds until the bars are there, in a context that has seen nothing before."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(DRAWN).first.wait_for(state="attached")
    seconds = time.perf_counter() - started
    context.close()
    return seconds


if __name__ == "__main__":
    main()
