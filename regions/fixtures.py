"""The fixtures of this app: regions, areas and population as compact tables, written from the official files.

`write` reads the official files with the parsers, which check them, and writes `regions/*.csv`; `load` reads those
tables back and stores them through the same actions an import uses. Boundaries are written to `geo/`, and read from
there when a map is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from regions import fixture_tables as tables
from regions import geography, land_areas, points
from regions.actions.population import store_population_by_age, store_projection
from regions.actions.regions import store_regions
from regions.actions.schemes import store_scheme
from regions.assembly import assemble_regions, assemble_schemes
from regions.definitions.reading import read_definitions
from regions.parsers import (
    area_membership,
    municipality_codes,
    population_by_age,
    population_movement,
    population_projection,
    standard_areas,
)
from regions.parsers.population_projection import AGED_65, AGED_75, TOTAL
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Workbook, open_workbook
from zaitaku.sources.fixtures import load_sources, record_source

_T = TypeVar("_T")
CODES = "codes/000925835.xlsx"
STANDARD = "codes/FEA_hyoujun-20250210024619.csv"
MEMBERSHIP = "areas/municipality_to_iryoken2.csv"
PARENTS = "areas/mie_area_municipalities.csv"
BY_AGE = "population/juki_age_muni_2025.xlsx"
MOVEMENT = "population/juki_pop_muni_2025.xlsx"
PROJECTION = {
    TOTAL: "population/kekkahyo1.xlsx",
    AGED_65: "population/kekkahyo3_3.xlsx",
    AGED_75: "population/kekkahyo3_4.xlsx",
}
# Where the publishers offer the files.
PAGES = {
    "codes/000925835": "https://www.soumu.go.jp/denshijiti/code.html",
    "codes/FEA": "https://www.e-stat.go.jp/municipalities/cities",
    "areas/": "https://nlftp.mlit.go.jp/ksj/",
    "population/juki": "https://www.soumu.go.jp/main_sosiki/jichi_gyousei/daityo/jinkou_jinkoudoutai-setaisuu.html",
    "population/kekkahyo": "https://www.ipss.go.jp/pp-shicyoson/j/shicyoson23/t-page.asp",
}


def write(folder: Path, data: Path) -> None:
    """Write `folder/regions/*.csv` from the official files in `data`, and list those files in `folder/sources.csv`.

    Raises `FileRefused` if a file is not what it should be or its sums do not add up.
    """
    take = _Taker(folder, data)
    definitions = read_definitions()
    codes, _ = take(CODES, municipality_codes.sniff, municipality_codes.parse)
    standard, _ = take(STANDARD, standard_areas.sniff, standard_areas.parse)
    members, members_key = take(MEMBERSHIP, area_membership.sniff, area_membership.parse)
    parents, _ = take(PARENTS, area_membership.sniff, area_membership.parse_parents)
    by_age, by_age_key = take(BY_AGE, population_by_age.sniff, population_by_age.parse)
    movement, movement_key = take(MOVEMENT, population_movement.sniff, population_movement.parse)
    projection = {
        measure: take(name, population_projection.sniff, population_projection.parse)
        for measure, name in PROJECTION.items()
    }
    total, total_key = projection[TOTAL]

    regions = assemble_regions(codes, standard, by_age.districts, definitions)
    schemes, transfers = assemble_schemes(members, parents, total.block, regions, definitions)
    tables.write_regions(folder, regions)
    tables.write_schemes(
        folder,
        [(table, total_key if table.definition.key == "hamadori" else members_key) for table in schemes],
        transfers,
    )
    tables.write_by_age(folder, by_age, by_age_key)
    tables.write_movement(folder, movement, movement_key)
    geography.write(folder, data / geography.BOUNDARIES, regions, schemes)
    points.write(folder, regions)
    land_areas.write(folder, regions)
    for table, key in projection.values():
        tables.write_projection(folder, population_projection.persons(total, table), key)


def load(folder: Path) -> dict[str, int]:
    """Store everything from `folder/regions`, inside the caller's transaction. Returns counts by kind of row."""
    sources = load_sources(folder)
    counts = {f"regions {name}": count for name, count in store_regions(tables.read_regions(folder)).items()}
    counts |= {"areas": 0, "memberships": 0}
    for scheme, key in tables.read_schemes(folder):
        for name, count in store_scheme(scheme, source=sources[key]).items():
            counts[name] += count
    by_age, by_age_key = tables.read_by_age(folder)
    counts["population by age"] = store_population_by_age(by_age, source=sources[by_age_key])["population"]
    counts["population projection"] = 0
    for measure in PROJECTION:
        persons, key = tables.read_projection(folder, measure)
        counts["population projection"] += store_projection(persons, source=sources[key])["population"]
    return counts


class _Taker:
    """Opens official files, checks that they are what they should be, and lists them as sources."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder, self._data = folder, data

    def __call__(
        self, name: str, sniff: Callable[[Workbook], Edition | None], parse: Callable[[Workbook], _T]
    ) -> tuple[_T, str]:
        """The parsed table of the file `name` and the key of its source."""
        path = self._data / name
        book = open_workbook(path)
        edition = sniff(book)
        if edition is None:
            raise refuse("想定した種類の公表資料ではありません。", text=name)
        page = next(url for start, url in PAGES.items() if name.startswith(start))
        key = record_source(self._folder, edition, path, sheets=book.sheet_names, url=page)
        return parse(book), key
