"""The national map of municipalities when another measure is chosen: what the browser takes to recolour it.

From the answer of the server to the next frame that the browser has painted, on 1,900 shapes already drawn; the median
and the worst of the changes. Target: ≤ 100 ms. Beside it, for comparison, loading the same view as a page.
"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from benchmarks.bench_views import a_browser
from benchmarks.full_data import on_full_data, site_environment

PAGE = "/indicators/DAY_S22/?level=municipality&tab=map"
CHANGES = 20
# Resolves with the milliseconds from the data's arrival until the frame after it was painted.
_CHANGE = """measure => new Promise(resolve => {
  const map = document.querySelector("[data-map] figure.map");
  new MutationObserver((_changes, observer) => {
    observer.disconnect();
    const [start] = performance.getEntriesByName("recolour-start").slice(-1);
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start.startTime)));
  }).observe(map, { attributes: true, attributeFilter: ["data-shows"] });
  const select = document.querySelector("#view-measure");
  select.value = measure;
  select.dispatchEvent(new Event("change", { bubbles: true }));
})"""
# Table and links have followed, so that the next change is measured on a page at rest.
_FOLLOWED = """measure => document.querySelector('[data-part="links"] a').href.includes(`measure=${measure}`)
  || (measure === "rate" && !document.querySelector('[data-part="links"] a').href.includes("measure="))"""
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def main() -> None:
    """Measure and print one line a target."""
    on_full_data(_measure)


def _measure(state: Path) -> None:
    from zaitaku import supervisor
    from zaitaku.processes import free_port

    port = free_port()
    site = supervisor.web(state, site_environment(state), host="127.0.0.1", port=port)
    site.start()
    try:
        supervisor.wait_for_first_page(site, host="127.0.0.1", port=port)
        with a_browser() as browser:
            _report(browser, f"http://127.0.0.1:{port}{PAGE}")
    finally:
        site.stop(patience=10)


def _report(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}&measure=count")
    page.goto(address)
    loaded = page.evaluate(_LOADED)
    seconds = []
    for number in range(CHANGES):
        measure = "rate" if number % 2 else "count"
        seconds.append(page.evaluate(_CHANGE, measure))
        page.wait_for_function(_FOLLOWED, arg=measure)
    median, worst = statistics.median(seconds), max(seconds)
    print(f"recolouring the national municipal map, worst {worst:.0f} ms, median: {median:.0f} ms (target ≤ 100)")
    print(f"  (loading the same view as a page takes the browser {loaded:.0f} ms)")


if __name__ == "__main__":
    main()
