"""Storing population: the residents' register by sex and age, and the projection."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from regions.models import Population, Region
from regions.parsers.population_by_age import AgeTable
from regions.parsers.population_projection import AGED_65, AGED_75, TOTAL, PersonsTable
from regions.queries.caching import forget_after_commit
from zaitaku.lib.problems import FileRefused, Problem
from zaitaku.sources.models import SourceFile

# region, source, basis, year, sex, from, to, count, row, column
_Row = tuple[int, int, str, int, str, int | None, int | None, int, int, int]
_COLUMNS = 'region_id, source_id, basis, year, sex, age_from, age_to, count, row, "column"'
_AGE_FROM = {TOTAL: None, AGED_65: 65, AGED_75: 75}


@transaction.atomic
def store_population_by_age(table: AgeTable, *, source: SourceFile) -> dict[str, int]:
    """Store residents by sex and 5-year age as of 1 January, all ages included. Returns how many rows were written."""
    regions = _region_ids(row.code for row in table.rows)
    year = table.as_of.year
    figures = (
        (
            regions[row.code],
            source.pk,
            Population.Basis.RESIDENT_REGISTER.value,
            year,
            row.sex,
            age.start,
            age.to,
            count,
            row.row,
            column,
        )
        for row in table.rows
        for age, count, column in zip(table.ages, row.counts, table.columns, strict=True)
    )
    return _upsert(figures, source=source)


@transaction.atomic
def store_projection(table: PersonsTable, *, source: SourceFile) -> dict[str, int]:
    """Store projected persons in all, aged 65+ or aged 75+ (one measure a table). Returns how many rows were written.

    The row of a block (福島県浜通り地域) is stored under the area of scheme `hamadori`: its municipalities have no
    figures of their own and none are made up.
    """
    regions = _region_ids((row.code for row in table.rows), block_code=table.block_code)
    basis, sex = Population.Basis.PROJECTION.value, Population.Sex.BOTH.value
    figures = (
        (regions[row.code], source.pk, basis, year, sex, _AGE_FROM[table.measure], None, count, row.row, column)
        for row in table.rows
        for column, (year, count) in enumerate(zip(table.years, row.counts, strict=True), start=table.column)
    )
    return _upsert(figures, source=source)


def _region_ids(codes: Iterable[str], *, block_code: str = "") -> dict[str, int]:
    """Region by code; of two that had the same code the later. Raises `FileRefused` for codes that are not known."""
    known = Region.objects.filter(scheme=None).order_by(F("valid_from").asc(nulls_first=True))
    ids = dict(known.values_list("code", "pk"))
    if block_code:
        ids |= dict(Region.objects.filter(scheme__key="hamadori", code=block_code).values_list("code", "pk"))
    unknown = [code for code in codes if code not in ids]
    if unknown:
        raise FileRefused(*(Problem("団体コードの表にない地域です。", text=code) for code in unknown))
    return ids


def _upsert(rows: Iterable[_Row], *, source: SourceFile) -> dict[str, int]:
    """Write the figures of one edition; a figure that is there already, the same in the same cell, stays.

    A new edition is copied straight in. One that is known goes through a temporary table and amends what differs.
    """
    is_new = not Population.objects.filter(source=source).exists()
    with connection.cursor() as cursor:
        if is_new:
            written = _copy(cursor, "regions_population", rows)
        else:
            cursor.execute(
                f"CREATE TEMPORARY TABLE incoming AS SELECT {_COLUMNS} FROM regions_population WITH NO DATA"  # noqa: S608 - constants
            )
            _copy(cursor, "incoming", rows)
            cursor.execute(
                f"INSERT INTO regions_population ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming "  # noqa: S608 - constants
                "ON CONFLICT ON CONSTRAINT population_once "
                'DO UPDATE SET count = EXCLUDED.count, row = EXCLUDED.row, "column" = EXCLUDED."column" '
                'WHERE (regions_population.count, regions_population.row, regions_population."column") '
                '<> (EXCLUDED.count, EXCLUDED.row, EXCLUDED."column")'
            )
            written = cursor.rowcount
            cursor.execute("DROP TABLE incoming")
        cursor.execute("ANALYZE regions_population")
    forget_after_commit()
    return {"population": written}


def _copy(cursor: Any, table: str, rows: Iterable[_Row]) -> int:
    """COPY rows into a table; returns how many."""
    with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return int(cursor.rowcount)
