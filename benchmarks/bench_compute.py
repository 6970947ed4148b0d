"""Computing indicators ÷ (COPY out of what they are computed from + COPY in of the same result rows), target ≤ 1.3.

The size the system is built for, in a scratch database: 80 indicators × 12 years for 1,892 municipalities and wards,
the 20 designated cities, the areas of the three official schemes and 700 invented ones, 47 prefectures and the nation
(2.7 million figures in, 3.5 million values out), on invented observations. COPY out and COPY in go through the same
client and connection, in binary; COPY in fills an empty table with the same key and checks with the same rows in the
same order. Computing includes reading, fingerprints, rolling up, dividing, writing in transactions of some 250,000
rows, and the standings among peers, which the other side has not. Also: what one new list of one prefecture costs,
what rank intervals cost, and time and peak memory of a process that does nothing but compute, over previous values.

Each ratio is given twice: of the time on the clock, and of the processor time of the client and all processes of the
server together, which other work on the machine disturbs less.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from indicators.actions.compute import Computation
    from indicators.definitions.schema import Definition

TARGET = 1.3
INCREMENTAL_TARGET = 5
MEMORY_TARGET_MB = 1024
CHECKOUT = Path(__file__).resolve().parent.parent
INDICATORS, DENOMINATORS, YEARS = 80, 40, tuple(range(2013, 2025))
LISTED = 6  # indicators that count what stands in a notification list
INVENTED_AREAS = 700
_POPULATION = (
    " UNION ALL SELECT 0, year, region_id, source_id, count, age_from FROM regions_population"
    " WHERE sex = 'both' AND age_from >= 75"
)


@dataclass(frozen=True)
class Spent:
    """Seconds on the clock, and of processors."""

    clock: float
    processor: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.clock + other.clock, self.processor + other.processor)

    @classmethod
    def median(cls, several: Sequence[Spent]) -> Spent:
        """The median of each."""
        return cls(*(statistics.median(getattr(one, name) for one in several) for name in ("clock", "processor")))


def main() -> None:
    """Measure and print a line for each target."""
    set_up()
    if sys.argv[1:] == ["--only-compute"]:
        _only_compute()
        return
    with scratch_database():
        _measure_full_size()


def set_up() -> None:
    """Django, on the servers of the environment."""
    sys.path.insert(0, str(CHECKOUT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zaitaku.settings")
    import django

    django.setup()


@contextmanager
def scratch_database() -> Iterator[None]:
    """An empty database that is gone afterwards."""
    from django.db import connection

    configured = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)


def _measure_full_size() -> None:
    from indicators.actions.compute import compute_definitions
    from indicators.actions.sync_definitions import sync_definitions

    # A scan that begins in the middle would hand the other side its rows in another order.
    _run("SET synchronize_seqscans = off")
    _load_regions()
    definitions = _invent_definitions()
    _invent_areas()
    _invent_observations()
    sync_definitions(definitions)
    full = measure(
        "computing 80 indicators × 12 years", definitions, lambda: compute_definitions(definitions), repetitions=2
    )
    _measure_incremental(definitions, full)
    _measure_rank_intervals()
    _measure_again()


def _load_regions() -> None:
    """The country and the areas of the official schemes, from the fixtures; nobody lives in it."""
    from regions import fixture_tables
    from regions.actions.regions import store_regions
    from regions.actions.schemes import store_scheme
    from zaitaku.sources.fixtures import load_sources

    folder = CHECKOUT / "fixtures"
    sources = load_sources(folder)
    store_regions(fixture_tables.read_regions(folder))
    for scheme, key in fixture_tables.read_schemes(folder):
        store_scheme(scheme, source=sources[key])


def _measure_incremental(definitions: Sequence[Definition], full: Spent) -> None:
    """One new list of one prefecture with `LISTED` counts of its last year, then what has to be computed again."""
    from indicators.actions.compute import compute_definitions

    spent = []
    for day in range(1, 4):
        _invent_list(dt.date(2025, 10, day))
        spent.append(spend(lambda: _check_listed(compute_definitions(definitions, if_needed=True))))
    ours = Spent.median(spent)
    for name, side in (("", "clock"), (", processor", "processor")):
        part, whole = getattr(ours, side), getattr(full, side)
        print(
            f"after one new list, % of the full run{name}: {LISTED} of {len(definitions)} indicators:"
            f" {part:.2f} s ÷ {whole:.2f} s = {100 * part / whole:.1f} (target ≤ {INCREMENTAL_TARGET})",
            flush=True,
        )


def _check_listed(done: Computation) -> None:
    assert len(done.computed) == LISTED, done.computed


def _measure_rank_intervals() -> None:
    """Of the municipalities in one indicator and year; the invented ones have no intervals, as claims have none."""
    import numpy as np

    from zaitaku.lib.statistics.intervals import poisson_interval
    from zaitaku.lib.statistics.ranking import rank_intervals

    counts = np.random.default_rng(20260401).poisson(8, 1892).astype(np.float64)
    spent = spend(lambda: rank_intervals(counts, *poisson_interval(counts)))
    print(f"rank intervals of 1,892 municipalities: {1000 * spent.processor:.0f} ms of processor time", flush=True)


def _measure_again() -> None:
    """Time and memory of a process that computes everything in place of what is there, and does nothing else."""
    from django.db import connection

    at = connection.settings_dict
    password = f":{at['PASSWORD']}" if at["PASSWORD"] else ""
    host = f"{at['USER']}{password}@{at['HOST']}:{at['PORT']}"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_compute", "--only-compute"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": f"postgresql://{host}/{at['NAME']}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    peak, clock, processor = (float(word) for word in done.stdout.split())
    print(f"the same in place of previous values: {clock:.2f} s on the clock, {processor:.2f} s of processor time")
    print(f"peak memory of computing: {peak:.0f} MB (target ≤ {MEMORY_TARGET_MB})", flush=True)


def _only_compute() -> None:
    """The other process of `_measure_again`."""
    from indicators.actions.compute import compute_definitions

    spent = spend(lambda: compute_definitions(_invent_definitions()))
    print(_peak_megabytes(), spent.clock, spent.processor)


def _peak_megabytes() -> float:
    """The most memory this process held. `getrusage` would count what its parent held when it was started."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def measure(what: str, definitions: Sequence[Definition], compute: Callable[[], Any], *, repetitions: int) -> Spent:
    """Print the ratios; returns the median of what a first computation takes."""
    _run("ANALYZE")
    first, floor = [], []
    for _ in range(repetitions):
        _run("TRUNCATE indicators_indicatorvalue, indicators_peerstanding")
        first.append(spend(compute))
        floor.append(spend(lambda: _copy_out(_inputs_of(definitions))) + _copy_in())
    ours, least = Spent.median(first), Spent.median(floor)
    for name, side in (("", "clock"), (", processor", "processor")):
        over, under = getattr(ours, side), getattr(least, side)
        ratio = f"{over:.2f} s ÷ COPY out + COPY in {under:.2f} s = {over / under:.2f}"
        print(f"{what}{name}: {ratio} (target ≤ {TARGET})", flush=True)
    return ours


def _inputs_of(definitions: Sequence[Definition]) -> str:
    """The observations and, where one is named, the population that the definitions need."""
    items = "', '".join(sorted({item for definition in definitions for item in definition.items}))
    return (
        "SELECT item_id::bigint, o.year::int, region_id::bigint, o.source_id::bigint, value, status::int "
        "FROM indicators_observation o JOIN indicators_item i ON i.id = o.item_id "
        f"WHERE stratum = '' AND i.code IN ('{items}')" + (_POPULATION if "population." in items else "")
    )


def _copy_out(query: str) -> list[bytes]:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)") as copy:
        return [bytes(block) for block in copy]


def _copy_in() -> Spent:
    """What it takes to put the computed rows into an empty table like theirs."""
    from django.db import connection

    rows = b"".join(_copy_out("SELECT * FROM indicators_indicatorvalue"))
    _run("CREATE TABLE again (LIKE indicators_indicatorvalue INCLUDING ALL)")

    def put() -> None:
        with connection.cursor() as cursor, cursor.copy("COPY again FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(rows)

    try:
        return spend(put)
    finally:
        _run("DROP TABLE again")


def _invent_definitions() -> list[Definition]:
    from indicators.definitions import get_definition
    from indicators.definitions.schema import Definition

    pattern = get_definition("DAY_S22").model_dump()
    invented = []
    for number in range(INDICATORS):
        numerator = {"text": "試験", "items": [{"code": f"panel.n{number:02}"}]}
        denominator = {"text": "試験", "item": f"panel.d{number % DENOMINATORS:02}", "rule": "same_year"}
        changes = {"code": f"Z_S{number:02}", "numerator": numerator, "denominator": denominator, "interval": "none"}
        invented.append(Definition.model_validate(pattern | changes))
    return invented


def _invent_areas() -> None:
    """A partition into `INVENTED_AREAS`, as the prefectures' own home-care areas will be."""
    from regions.models import AreaMembership, AreaScheme, Region

    units = list(Region.objects.base_units().filter(valid_to=None, is_out_of_scope=False).order_by("code"))
    scheme = AreaScheme.objects.create(
        key="trial", kind=AreaScheme.Kind.HOME_CARE_AREA, name="試験", effective_from=dt.date(2024, 4, 1)
    )
    parents = {region.code: region for region in Region.objects.filter(kind=Region.Kind.PREFECTURE)}
    number = {unit.pk: place * INVENTED_AREAS // len(units) for place, unit in enumerate(units)}
    areas = {
        n: Region(kind="area", code=f"T{n:03}", name=f"試験{n}", parent=parents[unit.code[:2]], scheme=scheme)
        for n, unit in zip(number.values(), units, strict=True)
    }
    Region.objects.bulk_create(areas.values())
    AreaMembership.objects.bulk_create(
        AreaMembership(scheme=scheme, area=areas[number[unit.pk]], unit=unit) for unit in units
    )


def _invent_observations() -> None:
    """Figures of every item, year and base unit; keys and checks are put on at the end, when that is fastest."""
    import numpy as np
    from django.db import connection

    from indicators.models import Item
    from regions.models import Region
    from zaitaku.lib.binary_copy import binary_rows
    from zaitaku.sources.models import SourceFile

    codes = [f"panel.n{n:02}" for n in range(INDICATORS)] + [f"panel.d{n:02}" for n in range(DENOMINATORS)]
    items = Item.objects.bulk_create(Item(code=code, name=code, unit="件") for code in codes)
    units = np.array(Region.objects.base_units().filter(valid_to=None).values_list("pk", flat=True), dtype=np.int64)
    source = SourceFile.objects.order_by("pk").values_list("pk", flat=True)[0]
    random = np.random.default_rng(20260401)
    columns = 'item_id, region_id, source_id, year, value, status, stratum, sheet, row, "column"'
    # What changed is noted once at the end instead of after each of the statements, and indexes are built once.
    _run("ALTER TABLE indicators_observation DISABLE TRIGGER USER")
    _run("ALTER TABLE indicators_observation DROP CONSTRAINT indicators_observation_pkey")
    _run("ALTER TABLE indicators_observation DROP CONSTRAINT observation_once")
    for item in items:
        size = len(units) * len(YEARS)
        zeros = np.zeros(size, np.int16)
        block: list[Any] = [
            np.full(size, item.pk, np.int64),
            np.tile(units, len(YEARS)),
            np.full(size, source, np.int64),
            np.repeat(np.array(YEARS, np.int16), len(units)),
            random.integers(1, 1000, size).astype(np.float64),
            zeros + 1,
            np.full(size, b"", dtype="S1"),
            zeros,
            zeros.astype(np.int32),
            zeros,
        ]
        statement = f"COPY indicators_observation ({columns}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for packed in binary_rows(block):
                copy.write(packed)
    _run("ALTER TABLE indicators_observation ADD PRIMARY KEY (id)")
    key = "UNIQUE (item_id, region_id, year, stratum, source_id)"
    _run(f"ALTER TABLE indicators_observation ADD CONSTRAINT observation_once {key}")
    _run("ALTER TABLE indicators_observation ENABLE TRIGGER USER")
    _run(
        "INSERT INTO indicators_inputchange (name, year, changed_at) SELECT code, y, now() FROM indicators_item,"
        f" generate_series({YEARS[0]}, {YEARS[-1]}) AS y WHERE code LIKE 'panel.%'"
    )
    print(f"invented {len(items) * len(YEARS) * len(units):,} observations", flush=True)


def _invent_list(as_of: dt.date) -> None:
    """A newer edition of one prefecture's figures of the last year, as the import of its list stores them."""
    import numpy as np

    from indicators.actions.observations import store_observations
    from indicators.parsers.observations import CELL, OBSERVED, ObservationTable, Place, PublishedItem
    from regions.models import Region
    from zaitaku.lib.editions import Edition
    from zaitaku.sources.models import SourceFile

    units = Region.objects.base_units().filter(valid_to=None, code__startswith="01")
    places = tuple(Place(kind=kind, code=code) for kind, code in units.values_list("kind", "code"))
    items = tuple(PublishedItem(code=f"panel.n{n:02}", name="試験", unit="件", basis="provider") for n in range(LISTED))
    cells = [(i, p, 0, YEARS[-1], 1.0 + p, OBSERVED, 0, 0, 0) for i in range(LISTED) for p in range(len(places))]
    told: dict[str, Any] = {"kind": "notification_list", "key": f"trial/{as_of}", "as_of": as_of}
    told |= dict.fromkeys(("publisher", "title", "licence"), "試験")
    file: dict[str, Any] = {"filename": "trial.csv", "sha256": f"{as_of:%Y%m%d}".zfill(64), "retrieved_on": as_of}
    edition = Edition(**told, edition="")
    source = SourceFile.objects.create(**told, **file, size=1)
    filled = np.array(cells, dtype=CELL)
    table = ObservationTable(edition=edition, items=items, places=places, strata=("",), cells=filled)
    store_observations(table, source=source)


def _run(statement: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)


def spend(work: Callable[[], Any]) -> Spent:
    """The time that some work takes, on the clock and of the processors of this process and of the server."""
    started, used = time.perf_counter(), time.process_time() + _server_seconds()
    work()
    return Spent(time.perf_counter() - started, time.process_time() + _server_seconds() - used)


def _server_seconds() -> float:
    """Processor time of all processes of the server so far, with those that helped and are gone; 0 if it runs on
    another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    if not Path(f"/proc/{process}/stat").exists():
        return 0.0
    parent = int(_stat(process)[1])
    everyone = [fields for fields in map(_stat, _processes()) if fields and int(fields[1]) == parent]
    # Of each its own time, user and system; of the parent that of children that ended, too.
    ticks = sum(int(field) for fields in everyone for field in fields[11:13])
    ticks += sum(int(field) for field in _stat(parent)[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _stat(process: int) -> list[str]:
    """What the system says of a process after its name: state, parent, …; nothing of one that is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


if __name__ == "__main__":
    main()
