"""The items a prefecture can report from its own surveys, as listed in `survey_items.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("survey_items.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyItem:
    """One item of the survey form. `not_above` names the item it is a part of (satisfied ≤ respondents)."""

    theme: str
    code: str
    name: str
    unit: str
    basis: str
    counts_people: bool
    not_above: str
    description: str

    @property
    def takes_fractions(self) -> bool:
        """Monthly averages may be fractional; heads and places are counted whole."""
        return "月平均" in self.name


@cache
def survey_items() -> dict[str, SurveyItem]:
    """All items by code, in the order of the form."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: SurveyItem(**{**row, "counts_people": row["counts_people"] == "true"}) for row in rows}  # type: ignore[arg-type]  # DictReader types every value as str
