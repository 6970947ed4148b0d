"""Figures of the pages lead to the very cells of the real official files that hold them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from indicators.actions.compute import compute_indicators
from indicators.queries.traces import get_trace
from indicators.traces import FigureAddress
from regions import fixtures
from zaitaku.lib.cells import label
from zaitaku.lib.workbooks import Cell, cell_name, open_workbook

pytestmark = pytest.mark.conformance
LIST = "notifications/000415636.xlsx"  # 北海道, 2025-10-01
CLAIMS = "ndb/09/001258289.xlsx"  # 第9回, 医科・算定回数・都道府県別


@pytest.fixture(scope="module")
def loaded(shared_data: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The project's regions, one official list and one NDB table, taken in as an office would; undone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        fixtures.load(settings.BASE_DIR / "fixtures")
        call_command("import_official", str(shared_data / LIST), str(shared_data / CLAIMS), stdout=io.StringIO())
        compute_indicators(["DAY_S22", "ACU_P02"])
        yield
        transaction.set_rollback(True)


def cell_of(path: Path, sheet: str, cell: str) -> Cell:
    """What stands in a cell of a file, found by its name."""
    rows = open_workbook(path).sheet(sheet).rows
    letters = cell.rstrip("0123456789")
    number = int(cell.removeprefix(letters))
    column = next(c for c in range(1, 17_000) if cell_name(1, c) == f"{letters}1")
    return rows[number - 1][column - 1]


@pytest.mark.django_db
def test_national_home_visits_of_2022_lead_to_the_cell_that_holds_3077627(loaded: None, shared_data: Path) -> None:
    trace = get_trace(FigureAddress(code="ACU_P02", kind="nation", region="00", year=2022))
    (part,) = trace.sides[0].items[0].used
    assert part.value == 3_077_627
    assert (part.source.filename, part.source.publisher) == ("001258289.xlsx", "厚生労働省")
    assert cell_of(shared_data / CLAIMS, part.sheet, part.cell) == 3_077_627


@pytest.mark.django_db
def test_366_clinics_of_hokkaido_lead_to_366_rows_of_its_list(loaded: None, shared_data: Path) -> None:
    trace = get_trace(FigureAddress(code="DAY_S22", kind="prefecture", region="01", year=2025))
    assert trace.figure.numerator == 366
    assert len(trace.holders) == len({holder.code for holder in trace.holders}) == 366
    rows = open_workbook(shared_data / LIST).sheet(trace.holders_sheet).rows
    for holder in trace.holders:
        row = rows[int(holder.cell.removeprefix("O")) - 1]
        assert label(row[14]) == holder.symbol
        assert label(row[7]) == label(holder.name)


@pytest.mark.django_db
def test_people_of_75_and_over_are_the_cells_of_the_register(loaded: None, shared_data: Path) -> None:
    """北海道, both sexes: six classes from 75–79 to 100 and over."""
    trace = get_trace(FigureAddress(code="DAY_S22", kind="prefecture", region="01", year=2025))
    (part,) = trace.sides[1].items[0].used
    first, last = part.cell.split(":")
    rows = open_workbook(shared_data / "population/juki_age_muni_2025.xlsx").sheet(part.sheet).rows
    line = rows[int(first[1:]) - 1]
    cells = [line[ord(letter) - ord("A")] for letter in map(chr, range(ord(first[0]), ord(last[0]) + 1))]
    assert sum(int(str(cell).replace(",", "").split(".")[0]) for cell in cells) == part.value == 940_913
