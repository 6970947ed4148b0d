"""The parsers on the real official files, and the fixtures made of them."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from regions import fixtures
from regions.parsers import municipality_codes, population_by_age, population_movement, population_projection
from regions.parsers.population_by_age import AgeTable
from tests.regions.conftest import FIXTURES
from zaitaku.lib.workbooks import open_workbook

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def by_age(shared_data: Path) -> AgeTable:
    return population_by_age.parse(open_workbook(shared_data / fixtures.BY_AGE))


def test_the_code_list_has_the_counts_it_is_known_for(shared_data: Path) -> None:
    table = municipality_codes.parse(open_workbook(shared_data / fixtures.CODES))
    assert (len(table.prefectures), len(table.municipalities)) == (47, 1741 + 6)
    assert (len(table.designated_cities), len(table.wards)) == (20, 171)


def test_residents_are_those_published(by_age: AgeTable) -> None:
    assert by_age.rows[0].counts[0] == 124_330_690
    assert len(by_age.rows) == 3 * (1 + 47 + 1741 + 6 + 171)


def test_sexes_fall_short_of_the_total_only_by_residents_who_are_neither(by_age: AgeTable) -> None:
    totals = {(row.code, row.sex): row.counts[0] for row in by_age.rows}
    short = {c: n - totals[c, "male"] - totals[c, "female"] for (c, sex), n in totals.items() if sex == "both"}
    assert (short["00"], short["13"]) == (9, 3)
    assert sum(n for c, n in short.items() if len(c) == 2 and c != "00") == 9


def test_births_and_deaths_are_those_published(shared_data: Path) -> None:
    table = population_movement.parse(open_workbook(shared_data / fixtures.MOVEMENT))
    assert (table.year, table.rows[0].births, table.rows[0].deaths) == (2024, 710_427, 1_608_923)


def test_the_projection_has_its_places_and_whole_persons(shared_data: Path) -> None:
    tables = {
        measure: population_projection.parse(open_workbook(shared_data / name))
        for measure, name in fixtures.PROJECTION.items()
    }
    total = tables["total"]
    assert len(total.rows) == 1951
    assert len(total.block.member_names) == 13
    for measure in ("65plus", "75plus"):
        exact = {row.code: row.values for row in total.rows}
        for row in tables[measure].rows:
            for people, share in zip(exact[row.code], row.values, strict=True):
                assert abs(people * share / 100 - round(people * share / 100)) < 1e-6


@pytest.fixture(scope="module")
def rebuilt(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fixtures")
    fixtures.write(folder, shared_data)
    return folder


@pytest.mark.parametrize("family", ["regions", "geo"])
def test_rebuilding_the_fixtures_gives_the_same_bytes(rebuilt: Path, family: str) -> None:
    written = sorted(path.relative_to(rebuilt) for path in (rebuilt / family).rglob("*") if path.is_file())
    kept = sorted(path.relative_to(FIXTURES) for path in (FIXTURES / family).rglob("*") if path.is_file())
    assert written == kept
    for name in written:
        assert filecmp.cmp(rebuilt / name, FIXTURES / name, shallow=False), f"{name} differs: run make fixtures"
