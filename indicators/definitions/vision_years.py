"""Of which year's 病床機能報告 a 地域医療構想 workbook is taken to be: the workbooks themselves do not say."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("vision_years.csv")


@cache
def vision_years() -> Mapping[str, int]:
    """The fiscal year by the SHA-256 of the published file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["sha256"]: int(row["year"]) for row in csv.DictReader(file)}
