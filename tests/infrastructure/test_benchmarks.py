"""The table that `make bench` prints says what the benchmarks said."""

from __future__ import annotations

from benchmarks.__main__ import Ratio, read_ratios

SAID = """starting
import of the list: 1.50 s ÷ reading its cells 1.00 s = 1.50 (target ≤ 2.0)
queries of the detail page, cold: 14 (target ≤ 12)
first view over the wire: 512 KB (target ≤ 600 KB)
rows per second: = 2,400,000 (target ≥ 1,000,000)
"""


def test_each_measured_line_is_read_with_its_target() -> None:
    assert read_ratios(SAID) == [
        Ratio("import of the list", 1.5, "≤", 2.0),
        Ratio("queries of the detail page, cold", 14.0, "≤", 12.0),
        Ratio("first view over the wire", 512.0, "≤", 600.0),
        Ratio("rows per second", 2_400_000.0, "≥", 1_000_000.0),
    ]


def test_a_target_is_met_on_its_own_side_only() -> None:
    assert [ratio.is_met for ratio in read_ratios(SAID)] == [True, False, True, True]
