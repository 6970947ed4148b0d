"""訪問診療・外来の需要推計: the published national figures, a sheet made here, and damage."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.fixture_tables import read_items, read_lines, read_table
from indicators.parsers import home_visit_demand
from tests.indicators.ndb_sheets import Rows, workbook
from zaitaku.lib.problems import FileRefused
from zaitaku.lib.workbooks import open_workbook

NAMES = ("将来の在宅（訪問診療）需要推計", "将来の外来需要推計")


def rows(title: str = NAMES[0], scale: float = 1.0) -> Rows:
    return [
        [title],
        [],
        [*[""] * 5, "2024年度から2050年度にかけた需要推計（件/月）"],
        [*[""] * 5, "2024年度", "2040年度（現状投影）"],
        [
            "都道府県",
            "構想区域コード",
            "構想区域名",
            "人口(2024年度)",
            "人口(2040年)",
            "レセプト件数/月",
            "レセプト件数/月",
        ],
        ["北海道", "0101", "南渡島", 340005.0, 259252.0, 4382.75 * scale, 5464.5 * scale],
        ["北海道", "0102", "南檜山", 19091.0, 12386.0, 64.25 * scale, 60.5 * scale],
        ["青森県", "0201", "津軽地域", 270000.0, 200000.0, 0.0, 10.0 * scale],
    ]


def found(*sheets: Rows) -> dict[tuple[str, str, int], tuple[float | None, int]]:
    table = home_visit_demand.parse(workbook(*sheets, names=NAMES))
    return {(figure.item, figure.region, figure.year): (figure.value, figure.row) for figure in table.rows()}


WHOLE = found(rows(), rows(NAMES[1], 10))


def test_areas_keep_their_cells_and_prefectures_and_nation_are_sums() -> None:
    assert WHOLE["demand.home_visit", "0101", 2040] == (5464.5, 6)
    assert WHOLE["demand.home_visit", "0201", 2024] == (0.0, 8)
    assert WHOLE["demand.home_visit", "01", 2024] == (4447.0, 0)
    assert WHOLE["demand.home_visit", "00", 2040] == (5535.0, 0)
    assert WHOLE["demand.outpatient", "00", 2040] == (55350.0, 0)
    assert WHOLE["demand.population", "00", 2024] == (629096.0, 0)


def test_the_edition_is_named_by_its_first_and_last_year() -> None:
    edition = home_visit_demand.sniff(workbook(rows(), names=NAMES))
    assert edition is not None
    assert edition.key == "home_visit_demand/2024-2040"
    assert home_visit_demand.sniff(workbook([["団体コード"]])) is None


@pytest.mark.parametrize(
    ("row", "column", "cell", "where"),
    [
        (5, 6, "*", "G6"),
        (5, 5, -1.0, "F6"),
        (5, 1, "0201", "B6"),
        (6, 1, "0101", "B7"),
        (6, 0, "青森県", "B7"),
        (4, 1, "区域コード", "構想区域コード"),
        (3, 6, "2024年度", "A5"),
        (3, 6, "", "G5"),
        (4, 5, "件数", "F5"),
    ],
)
def test_a_changed_cell_is_refused_with_its_place(row: int, column: int, cell: object, where: str) -> None:
    changed = rows()
    changed[row][column] = cell
    with pytest.raises(FileRefused, match=where):
        found(changed)


def test_two_sheets_that_print_different_populations_are_refused() -> None:
    other = rows(NAMES[1])
    other[5][3] = 340006.0
    with pytest.raises(FileRefused, match="人口"):
        found(rows(), other)


@settings(max_examples=30, deadline=None)
@given(column=st.integers(0, 6), insert=st.booleans(), line=st.sampled_from([None, 5, 6, 7]))
def test_a_column_or_cell_lost_or_put_in_is_harmless_or_refused(column: int, insert: bool, line: int | None) -> None:
    changed = rows()
    for number in range(2, 8) if line is None else (line,):
        changed[number][column : column + (not insert)] = [""] if insert else []
    try:
        after = found(changed)
    except FileRefused:
        return
    alone = found(rows())
    assert {key: value for key, (value, _) in after.items()} == {
        key: value for key, (value, _) in alone.items() if key in after
    }
    assert set(alone) - set(after) <= {key for key in alone if key[0] == "demand.population" or line is None}


@pytest.mark.conformance
def test_the_published_national_figures_are_met(shared_data: Path) -> None:
    """厚生労働省: 1,357,201 a month in 2024, 1,940,315 in 2040; 339 構想区域."""
    table = home_visit_demand.parse(open_workbook(shared_data / "demand/001728462.xlsx"))
    nation = {(f.item, f.year): f.value for f in table.rows() if f.kind == "nation"}
    assert round(nation["demand.home_visit", 2024] or 0) == 1_357_201
    assert round(nation["demand.home_visit", 2040] or 0) == 1_940_315
    assert {year for item, year in nation if item == "demand.home_visit"} == {2024, 2030, 2035, 2040, 2045, 2050}
    assert sum(place.kind == "area" for place in table.places) == 339


@pytest.mark.conformance
def test_the_fixture_is_what_the_official_file_says(shared_data: Path) -> None:
    table = home_visit_demand.parse(open_workbook(shared_data / "demand/001728462.xlsx"))
    folder = Path(__file__).resolve().parents[2] / "fixtures"
    (line,) = (line for line in read_lines(folder) if line.source == table.edition.key)
    kept = read_table(folder, line, edition=table.edition, items=read_items(folder))
    assert list(kept.rows()) == list(table.rows())
