"""指標詳細: server time warm against a static file of the same size, queries cold, bytes of the first view.

The static file is the page itself, served by the same granian and WhiteNoise; both are asked for in turn over one
kept-alive connection, so that whatever else the machine does falls on both. Targets: p95 ratio ≤ 10, ≤ 14 queries,
≤ 600 KB over the wire with every style sheet and script the page links.
"""

from __future__ import annotations

import gzip
import http.client
import re
import time
from pathlib import Path

from benchmarks.full_data import on_full_data, site_environment

PAGE = "/indicators/DAY_S22/?prefecture=01"
STATIC = "bench/page.html"
REQUESTS, WARM_UP = 400, 20
HEADERS = {"Accept-Encoding": "gzip"}
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


def main() -> None:
    """Measure and print one line a target."""
    on_full_data(_measure)


def _measure(state: Path) -> None:
    from zaitaku import supervisor
    from zaitaku.processes import free_port

    queries, page = _cold()
    _publish(state / "static" / STATIC, page)
    port = free_port()
    site = supervisor.web(state, site_environment(state), host="127.0.0.1", port=port)
    site.start()
    try:
        supervisor.wait_for_first_page(site, host="127.0.0.1", port=port)
        dynamic, static = _times(port)
        wire = _first_view(port)
    finally:
        site.stop(patience=10)
    p95 = _percentile(dynamic), _percentile(static)
    print(
        f"indicator page warm, p95: {p95[0] * 1e3:.1f} ms ÷ static file of the same {len(page):,} bytes"
        f" {p95[1] * 1e3:.1f} ms = {p95[0] / p95[1]:.2f} (target ≤ 10)"
    )
    print(f"indicator page cold, queries: {queries} (target ≤ 14)")
    print(f"indicator page first view over the wire: {wire / 1000:.0f} kB (target ≤ 600)")


def _cold() -> tuple[int, bytes]:
    """How many queries the page takes with every cache empty, and the page."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = Client(headers={"Host": "127.0.0.1"}).get(PAGE)
    assert response.status_code == 200, response.status_code
    return len(queries), response.content


def _publish(target: Path, content: bytes) -> None:
    """The page as a static file, with the compressed twin that WhiteNoise looks for."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.with_name(f"{target.name}.gz").write_bytes(gzip.compress(content))


def _times(port: int) -> tuple[list[float], list[float]]:
    """Seconds of each request for the page and for the file, taken in turn."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    dynamic, static = [], []
    for number in range(REQUESTS + WARM_UP):
        pair = _seconds(connection, PAGE), _seconds(connection, f"/static/{STATIC}")
        if number >= WARM_UP:
            dynamic.append(pair[0])
            static.append(pair[1])
    return dynamic, static


def _seconds(connection: http.client.HTTPConnection, address: str) -> float:
    started = time.perf_counter()
    connection.request("GET", address, headers=HEADERS)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, (address, response.status)
    return time.perf_counter() - started


def _first_view(port: int) -> int:
    """Bytes of the page and of every style sheet and script it links, as a browser that takes gzip gets them."""
    page = _fetch(port, PAGE)
    linked = _LINKED.findall(gzip.decompress(page).decode())
    return len(page) + sum(len(_fetch(port, address)) for address in dict.fromkeys(linked))


def _fetch(port: int, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", address, headers=HEADERS)
    response = connection.getresponse()
    assert response.status == 200, (address, response.status)
    return response.read()


def _percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


if __name__ == "__main__":
    main()
