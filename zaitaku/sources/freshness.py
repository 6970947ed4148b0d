"""When a publication counts as old: rules kept as data (`freshness.csv`), one a kind of file. Pure."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "freshness.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessRule:
    """How often a kind of file appears, and after how many months since its as-of date it should be looked for again.

    The months are this project's rule of thumb: the publisher's rhythm and delay, and some room.
    """

    kind: str
    months: int
    cycle: str
    note: str


@cache
def freshness_rules() -> Mapping[str, FreshnessRule]:
    """The rule of every kind."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["kind"]: FreshnessRule(kind=row["kind"], months=int(row["months"]), cycle=row["cycle"], note=row["note"])
        for row in rows
    }


def is_old(kind: str, as_of: dt.date | None, *, today: dt.date) -> bool:
    """Whether more months have gone by since `as_of` than the kind's rule allows; a file without a day never is old."""
    if as_of is None:
        return False
    gone = (today.year - as_of.year) * 12 + today.month - as_of.month
    months = freshness_rules()[kind].months
    return gone > months or (gone == months and today.day > as_of.day)
