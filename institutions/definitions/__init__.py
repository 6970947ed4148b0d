"""Official vocabulary as data: the notifications that are kept, and names of municipalities that are no longer in use.

The tables are CSV files beside this module, so that they can be extended without touching code.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from zaitaku.lib.cells import label

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSymbol:
    """One kind of notification about home care.

    `family` names notifications of which an institution holds one at a time (the grades of 在支診): the one that
    started last is current. `grade` orders them, 1 being the highest. `is_counted` is false where a list of 医科
    institutions cannot give the whole count (歯科).
    """

    symbol: str
    item: str
    name: str
    group: str
    family: str
    grade: int
    is_round_the_clock: bool
    is_counted: bool
    source: str


@cache
def notification_symbols() -> Mapping[str, NotificationSymbol]:
    """The kept notifications by symbol (NFKC, without white space), in the order of the file."""
    return {row["symbol"]: _symbol(row) for row in _rows("notification_symbols.csv")}


def _symbol(row: Mapping[str, str]) -> NotificationSymbol:
    return NotificationSymbol(
        symbol=row["symbol"],
        item=row["item"],
        name=row["name"],
        group=row["group"],
        family=row["family"],
        grade=int(row["grade"] or 0),
        is_round_the_clock=row["round_the_clock"] == "yes",
        is_counted=row["counted"] == "yes",
        source=row["source"],
    )


@cache
def care_service_codes() -> Mapping[str, str]:
    """The codes of 介護サービス情報公表システム by the name of the service, as the publisher names its files."""
    return {label(row["name"]): row["code"] for row in _rows("care_services.csv")}


@cache
def former_names() -> Mapping[str, Mapping[str, str]]:
    """Names of municipalities and wards that addresses still use → code of the base unit, by prefecture code."""
    names: dict[str, dict[str, str]] = {}
    for row in _rows("former_names.csv"):
        names.setdefault(row["prefecture"], {})[row["name"]] = row["code"]
    return names


def _rows(filename: str) -> list[dict[str, str]]:
    with (FOLDER / filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
