"""One change of a draft of areas: all indicators of the draft's areas, with intervals, in milliseconds (target ≤ 50).

The worst of many counts, on the clock and in processor time: where only the first is long, other work held the machine.

北海道's 188 municipalities and wards, partitioned into its 21 secondary medical areas; moving one municipality from one
area to another recomputes every active indicator of all areas, with intervals. The same pure functions as the stored
values; nothing is read or written. Counts are drawn with a fixed seed.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from pathlib import Path

import numpy as np

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from indicators.definitions.registry import all_definitions  # noqa: E402
from indicators.definitions.schema import Definition, Lifecycle, Method  # noqa: E402
from indicators.formulas.draft import DraftFigures, DraftInputs, compute_draft, make_draft_inputs  # noqa: E402
from indicators.formulas.figures import Figures  # noqa: E402

CHANGES = 200
TARGET_MS = 50.0
SEED = 20270401
PREFECTURE = "01"


def main() -> None:
    """Measure and print one line."""
    units, areas = _units(), _areas()
    definitions = [one for one in all_definitions() if one.lifecycle is Lifecycle.ACTIVE and not one.components]
    inputs = _inputs(definitions, units)
    codes = sorted(set(areas.values()))
    area_of_unit = np.array([codes.index(areas[unit]) for unit in units])
    random = np.random.Generator(np.random.PCG64(SEED))
    clock, processor = [], []
    # The first change of a process loads the library of statistics; a web process has done so before anybody draws.
    compute_draft(definitions, inputs, area_of_unit=area_of_unit, areas=len(codes))
    for _ in range(CHANGES):
        area_of_unit[random.integers(len(units))] = random.integers(len(codes))
        started, used = time.perf_counter(), time.process_time()
        found = compute_draft(definitions, inputs, area_of_unit=area_of_unit, areas=len(codes))
        clock.append((time.perf_counter() - started) * 1_000)
        processor.append((time.process_time() - used) * 1_000)
    _check(found, definitions)
    print(f"{len(units)} municipalities, {len(codes)} areas, {len(definitions)} indicators with intervals")
    for name, spent in (("on the clock", clock), ("of processor time", processor)):
        print(
            f"one change of a draft, worst {name}: median {statistics.median(spent):.1f} ms,"
            f" worst of {CHANGES} {max(spent):.1f} ms (target ≤ {TARGET_MS:.0f} ms)"
        )


def _check(found: dict[str, DraftFigures], definitions: list[Definition]) -> None:
    """A fast nothing is worth nothing."""
    missing = [one.code for one in definitions if not found[one.code].value.has_number.any()]
    if missing:
        raise SystemExit(f"no figures of {missing}")


def _inputs(definitions: list[Definition], units: list[str]) -> DraftInputs:
    """Counts and people of every item the definitions name, for every unit."""
    random = np.random.Generator(np.random.PCG64(SEED))
    items = {item for one in definitions for item in one.items}
    people = random.integers(500, 60_000, len(units)).astype(np.float64)
    drawn = {item: Figures.known(random.poisson(40, len(units)).astype(np.float64)) for item in sorted(items)}
    for item in items:
        if item.startswith(("population.", "demand.")):
            drawn[item] = Figures.known(people)
    drawn |= {one.code: Figures.known(people) for one in definitions if one.method is Method.STANDARDISED_RATIO}
    return make_draft_inputs(drawn)


def _units() -> list[str]:
    return [
        row["code"]
        for row in _rows("regions")
        if row["is_base_unit"] == "1"
        and not row["valid_to"]
        and row["code"].startswith(PREFECTURE)
        and row["is_out_of_scope"] != "1"
    ]


def _areas() -> dict[str, str]:
    return {
        unit: row["code"]
        for row in _rows("areas")
        if row["scheme"] == "iryoken2-8" and row["prefecture_code"] == PREFECTURE
        for unit in row["unit_codes"].split()
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / "fixtures" / "regions" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    main()
