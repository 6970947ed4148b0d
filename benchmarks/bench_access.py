"""アクセス: institutions and people of the whole country measured against each other.

As many institutions as the lists of 47 prefectures hold (about 15,000 在支診・在支病) stand at random around the real
representative points of all base units; people are invented. Target: 2SFCA for the nation ≤ 10 s.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
INSTITUTIONS, RUNS = 15_000, 5
# A degree of latitude is about 111 km: institutions lie some kilometres around the points.
SPREAD_DEGREES = 0.06


def main() -> None:
    """Measure and print one line a distance."""
    sys.path.insert(0, str(CHECKOUT))
    import numpy as np

    from institutions.formulas.access import Places, reach

    chance = np.random.default_rng(7)
    with (CHECKOUT / "fixtures" / "geo" / "points.csv").open(encoding="utf-8", newline="") as file:
        known = np.array([(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)])
    people = chance.integers(100, 60_000, len(known)).astype(float)
    stand = known[chance.integers(0, len(known), INSTITUTIONS)] + chance.normal(0, SPREAD_DEGREES, (INSTITUTIONS, 2))
    homes = Places(points=known, amounts=people, landmasses=np.zeros(len(known), dtype=np.int64))
    clinics = Places(
        points=stand,
        amounts=chance.choice([1.0, 1.5, 3.0], INSTITUTIONS),
        landmasses=np.zeros(INSTITUTIONS, dtype=np.int64),
    )
    for kilometres in (16, 8):
        seconds = []
        for _ in range(RUNS):
            started = time.perf_counter()
            found = reach(homes, clinics, threshold_km=kilometres)
            seconds.append(time.perf_counter() - started)
        print(
            f"2SFCA of the nation within {kilometres} km ({len(known):,} places, {INSTITUTIONS:,} institutions, "
            f"{found.pairs.nnz:,} pairs): slowest of {RUNS} = {max(seconds):.2f} s (target ≤ 10)"
        )


if __name__ == "__main__":
    main()
