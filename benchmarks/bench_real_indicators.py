"""Computing all active indicators on the fixtures ÷ (COPY out of what they read + COPY in of the result rows).

As `bench_compute`, but of real figures with their intervals, so that rank intervals are among what is computed.
"""

from __future__ import annotations

from benchmarks.bench_compute import CHECKOUT, measure, scratch_database, set_up


def main() -> None:
    """Load everything and measure."""
    set_up()
    with scratch_database():
        _measure_fixtures()


def _measure_fixtures() -> None:
    from indicators.actions.compute import compute_indicators
    from indicators.definitions import all_definitions
    from intake.management.families import FAMILIES

    for family, module in FAMILIES:
        module.load(CHECKOUT / "fixtures")
        print(f"loaded {family}", flush=True)
    active = [definition for definition in all_definitions() if definition.lifecycle == "active"]
    measure("computing all indicators on the fixtures", active, compute_indicators, repetitions=3)


if __name__ == "__main__":
    main()
