"""The 26 official lists: the published numbers of 在支診 and 在支病, and every address placed."""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from institutions.definitions import notification_symbols
from institutions.fixtures import read_lists
from institutions.formulas.holdings import current_holders
from institutions.parsers.addresses import AddressBook, UnitName
from institutions.parsers.notification_list import NotificationList, parse, sniff
from institutions.placement import place_institutions
from zaitaku.lib.workbooks import open_workbook

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
# Distinct institutions with 支援診 and with 支援病 by prefecture, counted in the official lists of 2025-10-01
# (関東信越 2025-09-01) independently of this project's parser.
EXPECTED = {
    "01": (366, 93), "08": (207, 37), "09": (159, 15), "10": (258, 39), "15": (133, 26), "16": (80, 21),
    "17": (155, 28), "18": (57, 18), "19": (75, 14), "21": (302, 25), "24": (193, 21), "26": (382, 46),
    "29": (200, 22), "30": (189, 22), "31": (79, 11), "32": (122, 13), "35": (147, 26), "36": (141, 47),
    "37": (141, 17), "38": (198, 35), "41": (122, 25), "42": (252, 51), "43": (240, 62), "44": (178, 44),
    "45": (108, 38), "47": (99, 24),
}  # fmt: skip
INSTITUTIONS = 27_885
# 北海道, 関東信越, 東海北陸, 近畿, 中国四国, 四国支局, 九州: one file of each layout.
ONE_OF_EACH_BUREAU = (
    "000415636",
    "19",
    "2510（富山",
    "2025.10_sisetukijun_fukui",
    "31_",
    "02_04",
    "r7_10_shisetsu_saga",
)


@cache
def _fixture_lists() -> tuple[tuple[NotificationList, str], ...]:
    return tuple(read_lists(FIXTURES))


@cache
def _units() -> dict[str, tuple[str, list[UnitName]]]:
    """Name and base units of today of each prefecture, from the fixtures."""
    with (FIXTURES / "regions" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_to"]]
    names = {row["code"]: row["name"] for row in rows}
    units: dict[str, tuple[str, list[UnitName]]] = {}
    for row in rows:
        if row["is_base_unit"] == "1":
            city = names[row["parent_code"]] if row["kind"] == "ward" else ""
            name = UnitName(code=row["code"], name=row["name"].removeprefix(city), city=city, district=row["district"])
            units.setdefault(row["code"][:2], (names[row["code"][:2]], []))[1].append(name)
    return units


def support(table: NotificationList) -> tuple[int, int]:
    """How many institutions are 在支診 and 在支病, each counted once in its current grade."""
    holders = current_holders(table.notifications, notification_symbols())
    clinics, hospitals = (sum(len(holders[f"{name}{grade}"]) for grade in (1, 2, 3)) for name in ("支援診", "支援病"))
    return clinics, hospitals


def unplaced(table: NotificationList) -> int:
    prefecture, units = _units()[table.prefecture_code]
    return len(place_institutions(table, book=AddressBook.build(units, prefecture=prefecture)).problems)


def test_the_fixtures_hold_the_published_numbers_and_every_address_is_placed() -> None:
    lists = [table for table, _ in _fixture_lists()]
    assert {table.prefecture_code: support(table) for table in lists} == EXPECTED
    assert sum(len(table.institutions) for table in lists) == INSTITUTIONS
    assert sum(unplaced(table) for table in lists) == 0


@pytest.mark.conformance
def test_the_fixtures_are_what_the_parser_reads_from_a_file_of_every_bureau(shared_data: Path) -> None:
    kept = {table.prefecture_code: table for table, _ in _fixture_lists()}
    for name in ONE_OF_EACH_BUREAU:
        (path,) = (shared_data / "notifications").glob(f"{name}*.xlsx")
        book = open_workbook(path)
        edition = sniff(book)
        assert edition is not None
        assert edition.as_of in {dt.date(2025, 9, 1), dt.date(2025, 10, 1)}
        official = parse(book, kept=frozenset(notification_symbols()))
        fixture = kept[official.prefecture_code]
        assert official.warnings == ()
        assert sorted(official.institutions, key=lambda one: one.code) == list(fixture.institutions)
        assert sorted(official.notifications, key=lambda one: one.row) == sorted(
            fixture.notifications, key=lambda one: one.row
        )


@pytest.mark.conformance
def test_the_official_titles_rows_and_cells_are_found(shared_data: Path) -> None:
    path = shared_data / "notifications" / "08届出受理医療機関名簿（医科）茨城r0710.xlsx"
    table = parse(open_workbook(path), kept=frozenset(notification_symbols()))
    first = table.institutions[0]
    assert (first.code, first.name, first.row) == ("0810110056", "水戸赤十字病院", 5)
    assert first.beds == {"一般": 378, "一般（感染）": 9}
    assert table.cell(first.row, "医療機関所在地(住所)") == "J5"
