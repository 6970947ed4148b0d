"""Changes of rules that a comparison over time must not cross, as dated data (`series_breaks.csv`). Pure."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "series_breaks.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """On the day `on` the rules changed for every item whose code begins with `items`."""

    on: dt.date
    items: str
    label: str
    note: str

    @property
    def position(self) -> float:
        """The day as a fiscal year with its fraction by months: 2024-06-01 is 2024 + 2/12, a year begins in April."""
        months = self.on.month - 4
        return self.on.year + months / 12


@cache
def breaks() -> tuple[Break, ...]:
    """Every break in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Break(on=dt.date.fromisoformat(row["on"]), items=row["items"], label=row["label"], note=row["note"])
            for row in csv.DictReader(file)
        )
