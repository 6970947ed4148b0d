"""Counting the lines of a published register: how many stand in each municipality, prefecture and the nation."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from indicators.actions.observations import edition_of, store_observations
from indicators.parsers.observations import NATION, OBSERVED, Place, PublishedItem, TableBuilder
from institutions.parsers.care_services import CareService
from institutions.parsers.facility_information import TOTAL, Hospital
from institutions.queries.unit_finder import UnitFinder
from zaitaku.lib.fiscal_years import fiscal_year
from zaitaku.lib.problems import Problem
from zaitaku.sources.models import SourceFile

PREFECTURES = 47
HOSPITALS = PublishedItem(code="hospital.count", name="病院数（医療情報ネット）", unit="か所", basis="provider")
BEDS = PublishedItem(code="hospital.beds", name="病院の病床数（医療情報ネット）", unit="床", basis="provider")


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of one item by code of base unit and by prefecture; what lies in no unit counts in its prefecture only."""

    item: PublishedItem
    by_unit: Counter[str] = field(default_factory=Counter)
    by_prefecture: Counter[str] = field(default_factory=Counter)

    def add(self, prefecture: str, unit: str, number: int) -> None:
        """Count something that lies in `unit` ("" if unknown) of `prefecture`."""
        self.by_prefecture[prefecture] += number
        if unit:
            self.by_unit[unit] += number


def care_item(code: str, service: str) -> PublishedItem:
    """`care.510`: the number of offices of a service."""
    name = f"{service}の事業所・施設数（介護サービス情報公表）"
    return PublishedItem(code=f"care.{code}", name=name, unit="か所", basis="provider")


def tally_services(
    services: Iterable[CareService], *, finder: UnitFinder, into: Tally, unplaced: list[CareService]
) -> Iterator[tuple[CareService, str]]:
    """Pass the services on with their units, counting them on the way."""
    for one in services:
        unit = finder.unit_code(one.municipality_code, one.address)
        into.add(one.municipality_code[:2], unit, 1)
        if not unit:
            unplaced.append(one)
        yield one, unit


def tally_hospitals(
    hospitals: Iterable[Hospital], *, finder: UnitFinder, count: Tally, beds: Tally, noted: list[Hospital]
) -> Iterator[tuple[Hospital, str]]:
    """Pass the hospitals on with their units, counting them and their beds; `noted` are those a person should see."""
    for one in hospitals:
        unit = finder.unit_code(one.municipality_code, one.address)
        count.add(one.municipality_code[:2], unit, 1)
        beds.add(one.municipality_code[:2], unit, one.beds[TOTAL] or 0)
        if not unit or not one.beds_add_up:
            noted.append(one)
        yield one, unit


def store_tallies(
    tallies: Iterable[Tally], *, finder: UnitFinder, as_of: dt.date, source: SourceFile
) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Store the sums under the fiscal year of `as_of`: every base unit (an observed 0 included) and prefecture.

    A prefecture the file has no line of is left out, for an excerpt must not become zeros; the nation needs all 47.
    Row and column are 0: a sum over the file is no cell of it.
    """
    builder = TableBuilder()
    year = fiscal_year(as_of)
    absent: set[str] = set()
    for tally in tallies:
        present = sorted(tally.by_prefecture)
        absent |= set(finder.prefecture_ids) - set(present)
        for prefecture in present:
            place = Place(kind="prefecture", code=prefecture)
            _add(builder, tally.item, place, tally.by_prefecture[prefecture], year)
        for code, kind in finder.unit_kinds.items():
            if code[:2] in tally.by_prefecture:
                _add(builder, tally.item, Place(kind=kind, code=code), tally.by_unit[code], year)
        if len(present) == len(finder.prefecture_ids) == PREFECTURES:
            _add(builder, tally.item, NATION, tally.by_prefecture.total(), year)
    stored = store_observations(builder.build(edition_of(source)), source=source)["観測値"]
    return {"集計値": stored}, tuple(_absences(absent))


def _add(builder: TableBuilder, item: PublishedItem, place: Place, value: int, year: int) -> None:
    builder.add(item, place, year=year, value=value, status=OBSERVED, at=(0, 0, 0))


def _absences(prefectures: set[str]) -> Iterator[Problem]:
    if prefectures:
        codes = "・".join(sorted(prefectures))
        yield Problem(f"この資料に1行もない都道府県（コード{codes}）は、0とせず、データなしとしました。")
