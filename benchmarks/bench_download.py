"""データ入手: a CSV of a million values from the real web server against PostgreSQL's own COPY of the same rows.

PostgreSQL's own COPY writes the very statement's rows into nothing (`COPY … TO PROGRAM`), in the same run and in turn.
Targets: ≥ 0.5 of its rows a second, first byte ≤ 50 ms, and memory of the web process that stays flat from a tenth of
the rows to all of them (≤ 20 MB more).
"""

from __future__ import annotations

import http.client
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks.full_data import set_up, site_environment

INDICATORS, YEARS, UNITS = 44, 12, 1892
ROUNDS = 2
# Every process and thread of the web server has its connection to the database before anything is measured.
WARM_UP = 4
_VALUES = """
    INSERT INTO indicators_indicatorvalue
        (indicator_id, indicator_version, region_id, year, value, numerator, denominator, lower, upper, status, reason)
    SELECT i.id, 1, r.id, y, CASE WHEN hidden THEN NULL ELSE n * 100000.0 / d END,
           CASE WHEN hidden THEN NULL ELSE n END, d, CASE WHEN hidden THEN NULL ELSE n * 90000.0 / d END,
           CASE WHEN hidden THEN NULL ELSE n * 110000.0 / d END, CASE WHEN hidden THEN 3 ELSE 1 END,
           CASE WHEN hidden THEN 3 ELSE 0 END
    FROM indicators_indicator i, generate_series(2014, 2025) y, regions_region r,
         LATERAL (SELECT (i.id * 7 + r.id * 13 + y) % 400 AS n, 1000 + r.id % 9000 AS d,
                         (i.id + r.id + y) % 10 = 0 AS hidden) AS made
"""


def main() -> None:
    """Measure and print one line a target."""
    state = set_up()
    from django.core.management import call_command
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    call_command("collectstatic", interactive=False, verbosity=0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _measure(state, _fill())
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def _fill() -> list[str]:
    """A country of as many base units as Japan, and a million values; returns the codes of the indicators."""
    from django.db import connection

    from indicators.actions.sync_definitions import sync_definitions
    from indicators.definitions import all_definitions
    from indicators.models import Indicator, IndicatorYear
    from regions.models import Region
    from zaitaku.lib.prefectures import PREFECTURES

    sync_definitions()
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    prefectures = [
        Region.objects.create(kind="prefecture", code=p.code, name=p.name, parent=nation) for p in PREFECTURES
    ]
    Region.objects.bulk_create(
        Region(
            kind="municipality",
            code=f"{prefectures[number % 47].code}{number // 47 + 100:03}",
            name=f"試験市町村{number}",
            parent=prefectures[number % 47],
            is_base_unit=True,
        )
        for number in range(UNITS)
    )
    codes = [definition.code for definition in all_definitions()][:INDICATORS]
    Indicator.objects.exclude(code__in=codes).delete()
    IndicatorYear.objects.bulk_create(
        IndicatorYear(indicator=indicator, year=year, denominator_note="住民基本台帳人口", source_ids=[])
        for indicator in Indicator.objects.all()
        for year in range(2014, 2014 + YEARS)
    )
    with connection.cursor() as cursor:
        cursor.execute(_VALUES)
        cursor.execute("VACUUM ANALYZE indicators_indicatorvalue")
        cursor.execute("VACUUM ANALYZE regions_region")
    return codes


def _measure(state: Path, codes: list[str]) -> None:
    from indicators.queries.selected_values import count_rows, get_selected_indicators
    from indicators.selections import Scope, Selection
    from zaitaku import supervisor
    from zaitaku.processes import free_port

    selection = Selection(indicators=tuple(codes), scopes=(Scope.NATION, Scope.PREFECTURE, Scope.MUNICIPALITY))
    rows = count_rows(selection, get_selected_indicators(selection))
    port = free_port()
    site = supervisor.web(state, site_environment(state), host="127.0.0.1", port=port)
    site.start()
    try:
        supervisor.wait_for_first_page(site, host="127.0.0.1", port=port)
        one, tenth = (Selection(indicators=tuple(codes[:n]), scopes=selection.scopes) for n in (1, INDICATORS // 10))
        for _ in range(WARM_UP):
            _download(port, one)
            _download(port, tenth)
        small = _peak(site.pid)
        own, ours = [], []
        for _ in range(ROUNDS):
            own.append(_own_copy(selection))
            ours.append(_download(port, selection))
        large = _peak(site.pid)
    finally:
        site.stop(patience=10)
    ratio = min(own) / min(seconds for seconds, _, _ in ours)
    first = statistics.median(first for _, first, _ in ours)
    print(
        f"CSV of {rows:,} values, {ours[0][2] / 1e6:,.0f} MB, rows/s {rows / min(s for s, _, _ in ours):,.0f}"
        f" ÷ PostgreSQL's own COPY {rows / min(own):,.0f} = {ratio:.2f} (target ≥ 0.5)"
    )
    print(f"CSV of a million values, first byte: {first * 1e3:.0f} ms (target ≤ 50)")
    print(
        f"CSV of a million values, peak memory above that of a tenth: {small:.0f} → {large:.0f},"
        f" {max(0.0, large - small):.0f} MB (target ≤ 20)"
    )


def _own_copy(selection: Any) -> float:
    """Seconds PostgreSQL takes to write the same rows, with the server's own CSV, to a pipe that throws them away."""
    from django.db import connection
    from psycopg import sql

    from indicators.queries.selected_values import get_selected_indicators, make_statement, snapshot

    union = sql.SQL(" UNION ALL ").join(
        sql.SQL("({})").format(make_statement(selection, indicator)) for indicator in get_selected_indicators(selection)
    )
    with snapshot(selection), connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(sql.SQL("COPY ({}) TO PROGRAM 'cat > /dev/null' (FORMAT csv)").format(union))
        return time.perf_counter() - started


def _download(port: int, selection: Any) -> tuple[float, float, int]:
    """Seconds to the end, seconds to the first byte of the body, bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    started = time.perf_counter()
    connection.request("GET", f"/download/figures.csv{selection.querystring()}")
    response = connection.getresponse()
    assert response.status == 200, response.status
    size = len(response.read(1))
    first = time.perf_counter() - started
    while chunk := response.read(1 << 20):
        size += len(chunk)
    return time.perf_counter() - started, first, size


def _peak(pid: int) -> float:
    """Largest resident memory so far of any process of the web server, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return max(_high_water(child) for child in (str(pid), *children))


def _high_water(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
