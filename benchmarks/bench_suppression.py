"""Hiding and auditing the national three-category table: seconds (target ≤ 10).

1,892 municipalities and wards, three area schemes, designated cities, prefectures and the nation, three age classes and
their total: counts of people are drawn from the real populations with a fixed seed, as frequent as 訪問診療 is, so that
many cells are small. Hiding includes the search for secondary cells; the audit attacks the result from public figures
alone.
"""

from __future__ import annotations

import csv
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from zaitaku.lib.disclosure.attack import audit  # noqa: E402
from zaitaku.lib.disclosure.protection import NEVER, Protected, protect  # noqa: E402
from zaitaku.lib.disclosure.rules import (  # noqa: E402
    GENERAL_PERSON_TIER,
    NDB_PERSON_TIERS,
    must_be_hidden,
    smallest_hidden_value,
)
from zaitaku.lib.disclosure.tables import Cell, GeographicTable, Knowledge, geographic_table  # noqa: E402

REPETITIONS = 3
TARGET = 10.0
SEED = 20270401
RELUCTANCE = np.array([0, 1, 1, 1, 1, 2, NEVER])
"""By level: units, three schemes, designated cities, prefectures, the nation."""
SCHEMES = ("iryoken2-7", "iryoken2-8", "kosoiki")
AGES = {"65-74": (0.004, ("65-69", "70-74")), "75-84": (0.017, ("75-79", "80-84")), "85+": (0.09, ("85-89", "90-94"))}
"""Patients per person and the age bands they come from; round figures of the right size."""


def main() -> None:
    """Measure and print one line."""
    national, population = national_table()
    seconds = []
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        protected = hide(national, population)
        result = audit(protected.publication)
        seconds.append(time.perf_counter() - started)
        result.require()
    print(
        f"suppression and audit of {len(national.table.keys):,} cells:"
        f" {statistics.median(seconds):.2f} s (target ≤ {TARGET:.0f});"
        f" primary {protected.count(Cell.PRIMARY):,}, secondary {protected.count(Cell.SECONDARY):,},"
        f" programmes {protected.programmes} + {result.programmes}"
    )


def hide(national: GeographicTable, population: NDArray[np.float64]) -> Protected:
    """Primary suppression by the tiers, then complementary suppression; totals are held back."""
    is_unit = national.level == 0
    people = np.where(is_unit, population[np.where(is_unit, national.place, 0)], np.inf)
    primary = must_be_hidden(national.table.values, people, tiers=(*NDB_PERSON_TIERS, GENERAL_PERSON_TIER))
    least = np.where(is_unit, smallest_hidden_value(people, tiers=NDB_PERSON_TIERS), 1.0)
    knowledge = Knowledge({Cell.PRIMARY: (least, np.inf), Cell.SECONDARY: (least, np.inf), Cell.WITHHELD: (0, np.inf)})
    return protect(
        national.table,
        primary,
        knowledge=knowledge,
        reluctance=RELUCTANCE[national.level],
    )


def national_table() -> tuple[GeographicTable, NDArray[np.float64]]:
    """The table and the population of each base unit."""
    units = [row for row in _rows("regions") if row["is_base_unit"] == "1" and not row["valid_to"]]
    codes = [row["code"] for row in units]
    by_age = {row["code"]: row for row in _rows("population_by_age") if row["sex"] == "both"}
    population = np.array([_people(by_age.get(code, {}), "total") for code in codes])
    expected = np.array(
        [
            [rate * sum(_people(by_age.get(code, {}), band) for band in bands) for rate, bands in AGES.values()]
            for code in codes
        ]
    )
    counts = np.random.Generator(np.random.PCG64(SEED)).poisson(expected).astype(np.float64)
    groupings = {scheme: _areas(scheme, codes) for scheme in SCHEMES}
    cities = {row["code"] for row in _rows("regions") if row["is_designated_city"] == "1"}
    groupings["city"] = [row["parent_code"] if row["parent_code"] in cities else "" for row in units]
    groupings["prefecture"] = [code[:2] for code in codes]
    groupings["nation"] = ["00"] * len(codes)
    table = geographic_table(
        counts, units=codes, categories=list(AGES), groupings=groupings, nested={"prefecture": "nation"}
    )
    return table, population


def _areas(scheme: str, codes: list[str]) -> list[str]:
    member = {
        unit: row["code"] for row in _rows("areas") if row["scheme"] == scheme for unit in row["unit_codes"].split()
    }
    return [member.get(code, "") for code in codes]


def _people(row: dict[str, str], band: str) -> float:
    """One age band; its column also says where it stands in the official file ("65-69@18")."""
    return next((float(value or 0) for name, value in row.items() if name.split("@")[0] == band), 0.0)


def _rows(name: str) -> list[dict[str, str]]:
    with (CHECKOUT / "fixtures" / "regions" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


if __name__ == "__main__":
    main()
