"""Taking the ministry's registers in: the lines to the register, their counts to the observations, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from indicators.actions.register_counts import (
    BEDS,
    HOSPITALS,
    Tally,
    care_item,
    store_tallies,
    tally_hospitals,
    tally_services,
)
from institutions.actions.care_services import store_care_services
from institutions.actions.facility_records import store_hospitals
from institutions.definitions import care_service_codes
from institutions.parsers.care_services import CareService, CareServiceList
from institutions.parsers.facility_information import TOTAL, Hospital, HospitalList
from institutions.queries.editions import is_newest_hospital_list, is_newest_service_list
from institutions.queries.unit_finder import UnitFinder
from zaitaku.lib.problems import Problem, refuse
from zaitaku.lib.workbooks import cell_name
from zaitaku.sources.models import SourceFile

_OLDER = Problem("より新しい時点の資料が取込済みのため、一覧は変えず、件数だけを取り込みました。")


def store_service_list(table: CareServiceList, source: SourceFile) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Store the offices of one service and their numbers; of an edition older than the stored one only the numbers."""
    code = care_service_codes().get(table.service)
    if code is None:
        raise refuse("知らないサービスの種類です。", sheet=table.sheet, text=table.service)
    as_of = _day(source)
    finder = UnitFinder(day=as_of)
    tally = Tally(care_item(code, table.service))
    unplaced: list[CareService] = []
    services = tally_services(table, finder=finder, into=tally, unplaced=unplaced)
    counts: dict[str, int] = {}
    problems: list[Problem] = []
    if is_newest_service_list(code, as_of=as_of):
        counts |= store_care_services(
            services, service=(code, table.service), as_of=as_of, finder=finder, source=source
        )
    else:
        _use_up(services)
        problems.append(_OLDER)
    stored, absent = store_tallies([tally], finder=finder, as_of=as_of, source=source)
    problems += [_unplaced(table.sheet, one.row, one.address) for one in unplaced]
    return {"事業所": tally.by_prefecture.total(), **counts, **stored}, (*problems, *absent)


def store_hospital_list(table: HospitalList, source: SourceFile) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Store the hospitals, their numbers and beds; of an edition older than the stored one only the numbers."""
    as_of = _day(source)
    finder = UnitFinder(day=as_of)
    count, beds = Tally(HOSPITALS), Tally(BEDS)
    noted: list[Hospital] = []
    hospitals = tally_hospitals(table, finder=finder, count=count, beds=beds, noted=noted)
    counts: dict[str, int] = {}
    problems: list[Problem] = []
    if is_newest_hospital_list(as_of=as_of):
        counts |= store_hospitals(hospitals, as_of=as_of, finder=finder, source=source)
    else:
        _use_up(hospitals)
        problems.append(_OLDER)
    stored, absent = store_tallies([count, beds], finder=finder, as_of=as_of, source=source)
    for one in noted:
        problems.extend(_about(one, table, finder))
    return {"病院": count.by_prefecture.total(), **counts, **stored}, (*problems, *absent)


def _about(one: Hospital, table: HospitalList, finder: UnitFinder) -> Iterator[Problem]:
    if not finder.unit_code(one.municipality_code, one.address):
        yield _unplaced(table.sheet, one.row, one.address)
    if not one.beds_add_up:
        reason = "病床の種類ごとの数の合計が、合計病床数と違います。合計病床数を使いました。"
        cell = cell_name(one.row, table.total_column)
        yield Problem(reason, table.sheet, cell, f"{one.name} {one.beds[TOTAL]}"[:60])


def _unplaced(sheet: str, row: int, address: str) -> Problem:
    reason = "市区町村を判定できないため、都道府県の数だけに入れました。"
    return Problem(reason, sheet, f"A{row}", address[:60])


def _day(source: SourceFile) -> dt.date:
    if source.as_of is None:
        raise refuse(
            "いつの時点の資料か分かりません。この資料は中に時点がなく、公表されたファイル名（…_20250601など）だけに"
            "日付があります。ファイル名の終わりに、公表の日付を8桁の数字で付けてください。"
        )
    return source.as_of


def _use_up(lines: Iterator[object]) -> None:
    """Read to the end, so that every line is checked and counted."""
    for _ in islice(lines, None):
        pass
