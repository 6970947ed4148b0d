"""How many people live where: by age group for many regions at once, and the pyramid of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from django.db import connection
from django.db.models import F
from numpy.typing import NDArray

from regions.covering import cover_sums
from regions.models import AreaMembership, Population, Region
from regions.queries.caching import remembered
from regions.queries.schemes import get_scheme_membership
from regions.results import AGED_65, AGED_75, AGED_85, AGES, CHILDREN, TOTAL, AgePyramidRow, Block, PopulationMatrix
from zaitaku.sources.models import SourceFile

# What of a publication's age classes makes up each group: the register has 5-year classes that add up, the projection
# prints each group as one figure.
_REGISTER_GROUPS = {
    TOTAL: "age_from IS NULL",
    CHILDREN: "age_to <= 14",
    AGED_65: "age_from >= 65",
    AGED_75: "age_from >= 75",
    AGED_85: "age_from >= 85",
}
_PROJECTION_GROUPS = {
    TOTAL: "age_from IS NULL",
    AGED_65: "age_from = 65 AND age_to IS NULL",
    AGED_75: "age_from = 75 AND age_to IS NULL",
}


@remembered
def get_population_matrix(basis: str, *, years: tuple[int, ...] = ()) -> PopulationMatrix:
    """Persons by region, year and age group of the newest edition; all years there are, or those asked for.

    `basis` is a value of `Population.Basis`. The register has 0_14 and 85plus too; the projection leaves them NaN.
    """
    blocks = get_blocks()
    region_ids = _region_ids(blocks)
    rows = _sums(basis)
    known = tuple(sorted({row[1] for row in rows} & set(years or {row[1] for row in rows})))
    values = np.full((len(region_ids), len(known), len(AGES)), np.nan)
    position = {region: i for i, region in enumerate(region_ids)}
    year_at = {year: i for i, year in enumerate(known)}
    for region, year, *counts in rows:
        if region in position and year in year_at:
            row = values[position[region], year_at[year]]
            row[:] = [old if count is None else count for old, count in zip(row, counts, strict=True)]
    _fill_nation(values, position)
    return PopulationMatrix(
        basis=basis,
        region_ids=np.array(region_ids, dtype=np.int64),
        years=known,
        ages=AGES,
        values=values,
        blocks=blocks,
    )


def _region_ids(blocks: Sequence[Block]) -> list[int]:
    """Everything a matrix has a row for, each region once."""
    kinds = [Region.Kind.NATION, Region.Kind.PREFECTURE, Region.Kind.MUNICIPALITY, Region.Kind.WARD]
    ids = list(
        Region.objects.filter(kind__in=kinds, is_out_of_scope=False).order_by("code", "id").values_list("id", flat=True)
    )
    return ids + [block.region_id for block in blocks if block.region_id not in set(ids)]


def _sums(basis: str) -> list[tuple[int, ...]]:
    """Rows of region, year and one sum for each of `AGES`, older editions first.

    A sum is None where the edition has no such age group; of two editions the newer is put over the older.
    """
    groups = _REGISTER_GROUPS if basis == Population.Basis.RESIDENT_REGISTER else _PROJECTION_GROUPS
    sums = ", ".join(f"SUM(count) FILTER (WHERE {groups[age]})" if age in groups else "NULL" for age in AGES)
    statement = f"""
        SELECT region_id, year, source_id, {sums} FROM regions_population
        WHERE basis = %s AND sex = 'both' GROUP BY region_id, year, source_id
    """  # noqa: S608 - the conditions are constants of this module
    with connection.cursor() as cursor:
        cursor.execute(statement, [basis])
        rows = cursor.fetchall()
    sources = SourceFile.objects.filter(pk__in={row[2] for row in rows})
    newest_last = sources.order_by(F("as_of").asc(nulls_first=True), "pk").values_list("pk", flat=True)
    rank = {source: i for i, source in enumerate(newest_last)}
    return [(region, year, *counts) for region, year, _, *counts in sorted(rows, key=lambda row: rank[row[2]])]


def _fill_nation(values: NDArray[np.float64], position: dict[int, int]) -> None:
    """Where the source does not print the nation, it is the sum of the prefectures if all are there."""
    kinds = (Region.Kind.NATION, Region.Kind.PREFECTURE)
    ids = list(Region.objects.filter(kind__in=kinds).values_list("id", "kind"))
    nation = [position[pk] for pk, kind in ids if kind == Region.Kind.NATION]
    prefectures = [position[pk] for pk, kind in ids if kind == Region.Kind.PREFECTURE]
    if nation and prefectures:
        sums = values[prefectures].sum(axis=0)
        values[nation[0]] = np.where(np.isnan(values[nation[0]]), sums, values[nation[0]])


@remembered
def get_blocks() -> tuple[Block, ...]:
    """Groups of present base units a source may give one figure for: designated cities, and 福島県浜通り地域."""
    wards = Region.objects.base_units().filter(kind=Region.Kind.WARD, valid_to=None)
    members = [*wards.order_by("code").values_list("parent_id", "id")]
    projected = AreaMembership.objects.filter(scheme__key="hamadori").order_by("unit__code")
    members += projected.values_list("area_id", "unit_id")
    units: dict[int, list[int]] = {}
    for region, unit in members:
        assert region is not None, "a ward has a city"
        units.setdefault(region, []).append(unit)
    return tuple(Block(region_id=region, unit_ids=tuple(ids)) for region, ids in units.items())


@remembered
def get_area_population(scheme_key: str, basis: str, *, year: int, age: str) -> Mapping[int, float | None]:
    """Persons of each area of a scheme by area id; None if its units do not add up to it exactly."""
    matrix = get_population_matrix(basis)
    membership = get_scheme_membership(scheme_key)
    units = sorted(membership.area_of)
    index = {area.id: i for i, area in enumerate(membership.areas)}
    at = {unit: i for i, unit in enumerate(units)}
    groups = np.array([index[membership.area_of[unit]] for unit in units], dtype=np.int64)
    blocks = [b for b in matrix.blocks if all(unit in at for unit in b.unit_ids)]
    stand_in = matrix.of([b.region_id for b in blocks], year=year, age=age)
    sums = cover_sums(
        matrix.of(units, year=year, age=age),
        groups,
        len(index),
        [
            (np.array([at[unit] for unit in block.unit_ids], dtype=np.int64), value)
            for block, value in zip(blocks, stand_in, strict=True)
        ],
    )
    return {area: None if np.isnan(sums[i]) else float(sums[i]) for area, i in index.items()}


def get_age_pyramid(region_id: int, *, year: int) -> list[AgePyramidRow]:
    """Residents of a region by 5-year age and sex, youngest first, from the register of 1 January."""
    rows = (
        Population.objects.filter(
            region=region_id, basis=Population.Basis.RESIDENT_REGISTER, year=year, age_from__isnull=False
        )
        .order_by("source__as_of", "source_id", "age_from")
        .values_list("age_from", "age_to", "sex", "count")
    )
    counts = {(age_from, age_to, sex): count for age_from, age_to, sex, count in rows}
    classes = sorted({(start, to) for start, to, _sex in counts}, key=lambda bounds: bounds[0] or 0)
    return [
        AgePyramidRow(
            age_from=start or 0,
            age_to=to,
            male=counts[start, to, "male"],
            female=counts[start, to, "female"],
            both=counts[start, to, "both"],
        )
        for start, to in classes
    ]
