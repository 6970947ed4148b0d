"""What a cell without a number means, publisher by publisher, as data (`marks.csv`). Pure."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "marks.csv"
# The values of `indicators.models.Status`; `zero` is no status: the mark stands for the number zero.
STATUSES = {"zero": 0, "suppressed": 3, "missing": 4, "not_applicable": 5}
_LABELS = {"zero": "0", "suppressed": "秘匿", "missing": "データなし", "not_applicable": "対象外"}
_PUBLISHERS = {
    "ndb": "NDBオープンデータ",
    "regional_data_set": "在宅医療にかかる地域別データ集",
    "estat": "医療施設調査（e-Stat）",
    "regional_vision": "地域医療構想",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark of one publisher; an empty `mark` is a blank cell. Every dash is written `-` here."""

    publisher: str
    mark: str
    status: str
    meaning: str
    source: str

    @property
    def publisher_label(self) -> str:
        return _PUBLISHERS[self.publisher]

    @property
    def status_label(self) -> str:
        return _LABELS[self.status]


@cache
def mark_rows() -> tuple[Mark, ...]:
    """Every mark in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Mark(**row) for row in csv.DictReader(file))


def marks_of(publisher: str) -> Mapping[str, int]:
    """Status by mark, as parsers look it up: NFKC makes three points of 「…」, so both spellings are there."""
    found = {one.mark: STATUSES[one.status] for one in mark_rows() if one.publisher == publisher}
    return found | ({"...": found["…"]} if "…" in found else {})
