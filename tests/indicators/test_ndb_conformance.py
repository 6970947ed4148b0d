"""NDBオープンデータ as published: figures read off the files, and the fixtures made from them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indicators.fixture_tables import read_items, read_lines, read_table
from indicators.parsers import ndb
from indicators.parsers.observations import OBSERVED, SUPPRESSED, Figure, ObservationTable
from zaitaku.lib.editions import Edition
from zaitaku.lib.workbooks import open_workbook

pytestmark = pytest.mark.conformance

OUSHIN, OUTSIDE, INSIDE, DENTAL = "114000110", "114001110", "114030310", "303000110"
# Read off the published sheets with a spreadsheet program: 総計 and the columns named.
PUBLISHED = {
    "04/000711832.xlsx": {(OUSHIN, "00", ""): 2_570_576, (OUTSIDE, "01", ""): 213_634, (INSIDE, "00", ""): 9_526_101},
    "04/000711897.xlsx": {(DENTAL, "00", ""): 2_382_346, (DENTAL, "01", ""): 103_612},
    "06/000821446.xlsx": {(OUSHIN, "00", ""): 2_448_145, (INSIDE, "00", ""): 10_340_438},
    "08/001122093.xlsx": {(OUSHIN, "00", ""): 2_717_771, (OUSHIN, "47", ""): 15_156, (OUTSIDE, "00", ""): 8_931_211},
    "08/001122095.xlsx": {(OUSHIN, "0101", ""): 5_084, (OUSHIN, "4705", ""): 466},
    "09/001258288.xlsx": {(OUTSIDE, "00", "M0-4"): 16_104, (OUTSIDE, "00", "F90-"): 2_430_350},
    "09/001258289.xlsx": {
        (OUSHIN, "00", ""): 3_077_627,
        (OUTSIDE, "00", ""): 9_217_312,
        (INSIDE, "00", ""): 11_914_536,
        (OUTSIDE, "01", ""): 236_806,
    },
    "09/001258290.xlsx": {(OUTSIDE, "00", "2022-04"): 751_957, (OUTSIDE, "00", "2023-03"): 801_146},
    "09/001258291.xlsx": {(OUTSIDE, "0101", ""): 13_833, (OUTSIDE, "0104", ""): 140_757},
    "09/001258407.xlsx": {(OUSHIN, "00", ""): 1_300_020, (OUTSIDE, "00", ""): 841_420, (INSIDE, "00", ""): 717_041},
    "09/001258629.xlsx": {(DENTAL, "00", ""): 400_950, (DENTAL, "01", ""): 20_088},
}
# The number of acts (both sheets), of hidden cells and of all figures, counted with another reader.
COUNTS = {
    "04/000711832.xlsx": (314, 4_110, 15_072),
    "06/000821447.xlsx": (337, 77_017, 113_232),
    "08/001122476.xlsx": (75, 18_733, 25_200),
    "09/001258291.xlsx": (454, 25_212, 152_544),
    "09/001258408.xlsx": (454, 778, 5_902),
}


@cache
def read(path: Path) -> tuple[Edition, ObservationTable]:
    book = open_workbook(path)
    edition = ndb.sniff(book)
    assert edition is not None, path.name
    return edition, ndb.parse(book)


def figures(table: ObservationTable, *acts: str) -> list[Figure]:
    """The figures of these 診療行為コード only."""
    wanted = [position for position, item in enumerate(table.items) if item.code.rpartition(".")[2] in acts]
    return list(replace(table, cells=table.cells[np.isin(table.cells["item"], wanted)]).rows())


def columns(table: ObservationTable) -> NDArray[np.object_]:
    """All figures, column by column, with codes in place of positions; hidden figures as −1."""
    cells = table.cells
    items = np.array([item.code for item in table.items], dtype=object)
    places = np.array([(place.kind + place.code + place.name) for place in table.places], dtype=object)
    strata = np.array(table.strata, dtype=object)
    rest = [cells[name] for name in ("year", "status", "sheet", "row", "column")]
    values = np.nan_to_num(cells["value"], nan=-1)
    return np.array([items[cells["item"]], places[cells["place"]], strata[cells["stratum"]], values, *rest])


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_figures_are_met_exactly(shared_data: Path, name: str) -> None:
    _, table = read(shared_data / "ndb" / name)
    acts = {act for act, _, _ in PUBLISHED[name]}
    found = {(f.item.rpartition(".")[2], f.region, f.stratum): f.value for f in figures(table, *acts)}
    assert {key: found[key] for key in PUBLISHED[name]} == PUBLISHED[name]


@pytest.mark.parametrize("name", COUNTS)
def test_acts_hidden_cells_and_figures_are_all_there(shared_data: Path, name: str) -> None:
    _, table = read(shared_data / "ndb" / name)
    hidden = sum(status == SUPPRESSED for status in table.cells["status"].tolist())
    assert (len(table.items), hidden, len(table.cells)) == COUNTS[name]


def test_every_file_of_every_round_is_recognised_by_what_it_says(shared_data: Path) -> None:
    """The publisher's lists say what each file is; the files themselves must say the same."""
    listed: dict[str, str] = {}
    for listing in (shared_data / "ndb").glob("ndb-opendata-*.csv"):
        for _, row in enumerate(open_workbook(listing).sheet(listing.stem).rows[1:]):
            listed[str(row[3]).rpartition("/")[2]] = f"{row[0]} {row[2]}"
    files = sorted((shared_data / "ndb").glob("*/*.xlsx"))
    assert files
    for path in files:
        edition, _ = read(path)
        kind, number, subject, measure, level = edition.key.split("/")
        assert (kind, number) == ("ndb_open_data", path.parent.name)
        words = listed[path.name]
        assert ("歯科" in words) == (subject == "dental"), path.name
        assert ("患者数" in words) == (measure == "patients"), path.name
        assert words.split()[1].startswith(ndb.LEVELS[level]), path.name


def test_where_nothing_is_hidden_areas_and_prefectures_of_one_year_add_up_to_the_same(shared_data: Path) -> None:
    """Claims of the 335 areas, summed by prefecture, against the prefecture table (no figure without an area)."""
    _, areas = read(shared_data / "ndb/09/001258291.xlsx")
    _, prefectures = read(shared_data / "ndb/09/001258289.xlsx")
    by_prefecture = {f.region: f for f in figures(prefectures, OUTSIDE)}
    parts: dict[str, list[Figure]] = {}
    for figure in figures(areas, OUTSIDE):
        if figure.kind == "area":
            parts.setdefault(figure.region[:2], []).append(figure)
    complete = {code: found for code, found in parts.items() if all(f.status == OBSERVED for f in found)}
    assert len(complete) > 40
    for code, found in complete.items():
        assert sum(f.value or 0 for f in found) == by_prefecture[code].value, code


def test_the_fixtures_are_what_the_official_files_say(shared_data: Path) -> None:
    folder = Path(__file__).resolve().parents[2] / "fixtures"
    items = read_items(folder)
    lines = {line.source: line for line in read_lines(folder)}
    for path in sorted((shared_data / "ndb").glob("*/*.xlsx")):
        edition, table = read(path)
        kept = read_table(folder, lines[edition.key], edition=edition, items=items)
        assert (columns(kept) == columns(table)).all(), path.name
