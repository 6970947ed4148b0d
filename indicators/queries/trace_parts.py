"""The published figures behind one item of one region: observations and population rows, with their cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from indicators.models import Item, Observation, Status
from indicators.traces import Part, SourceFacts
from regions.models import Population
from regions.results import RegionInfo
from zaitaku.lib.workbooks import cell_name
from zaitaku.sources.models import SourceFile

WITHHELD = "非表示（秘匿の規則）"
# What a prefecture asks its residents is held back by the rules of disclosure; what is published is public.
_GUARDED_KINDS = frozenset({SourceFile.Kind.PREFECTURE_SURVEY.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartQuery:
    """What parts are asked for: items and measures by year, for regions; of `sources` only, if given."""

    regions: Mapping[int, RegionInfo]
    sources: Mapping[int, SourceFacts]
    chosen: frozenset[int] | None = None


def get_observed_parts(
    query: PartQuery, *, items: Collection[str], region_ids: Collection[int], years: Collection[int]
) -> dict[tuple[str, int], tuple[Part, ...]]:
    """Every edition of each item for the regions, by item and year; the newest edition of a region is the one used."""
    rows = (
        Observation.objects.filter(item__code__in=items, region_id__in=region_ids, year__in=years, stratum="")
        .filter(source__withdrawn_at=None)
        .order_by("item__code", "region__code", "source__as_of", "source__retrieved_on", "source_id")
        .values_list(
            "item__code",
            "region_id",
            "source_id",
            "value",
            "status",
            "sheet",
            "row",
            "column",
            "item__counts_people",
            "year",
        )
    )
    known = [row for row in rows if query.chosen is None or row[2] in query.chosen]
    parts: dict[tuple[str, int], list[Part]] = {}
    for (item, year, region), group in groupby(_nulls_first(known, query), key=lambda row: (row[0], row[9], row[1])):
        editions = list(group)
        for row in editions:
            part = _observed(query, region, row, year=year, is_used=row is editions[-1])
            parts.setdefault((item, year), []).append(part)
    return {key: tuple(found) for key, found in parts.items()}


def _nulls_first(rows: Iterable[tuple], query: PartQuery) -> list[tuple]:  # type: ignore[type-arg]  # a query's rows
    """Rows by item, year, region and edition; the engine too takes a file without a date for the oldest."""

    def edition(source: SourceFacts) -> tuple[object, ...]:
        return source.as_of is not None, source.as_of or source.retrieved_on, source.retrieved_on, source.id

    return sorted(
        rows, key=lambda row: (row[0], row[9], query.regions[row[1]].code, row[1], edition(query.sources[row[2]]))
    )


def _observed(query: PartQuery, region_id: int, row: Sequence[Any], *, year: int, is_used: bool) -> Part:
    _, _, source_id, value, status, sheet, line, column, counts_people, _ = row
    region, source = query.regions[region_id], query.sources[source_id]
    guarded = counts_people and source.kind in _GUARDED_KINDS
    return Part(
        kind=region.scheme_key or region.kind,
        region=region.code,
        name=region.name,
        year=year,
        value=None if guarded else value,
        text=WITHHELD if guarded else _text(value, status),
        source=source,
        sheet=source.sheets[sheet] if line and sheet < len(source.sheets) else "",
        cell=cell_name(line, column) if line else "",
        is_used=is_used,
    )


def _text(value: float | None, status: int) -> str:
    if value is None:
        return str(Status(status).label)
    number = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return f"{number}（{Status.PROVISIONAL.label}）" if status == Status.PROVISIONAL else number


def get_population_parts(
    query: PartQuery, *, measure: str, basis: str, years: Collection[int], region_ids: Collection[int]
) -> dict[int, tuple[Part, ...]]:
    """Persons of each region by year, each from the one row or the age classes that make up the measure."""
    rows = (
        Population.objects.filter(region_id__in=region_ids, basis=basis, year__in=years, sex=Population.Sex.BOTH)
        .filter(source__withdrawn_at=None)
        .order_by("year", "region__code", "region_id", "source_id", "age_from")
        .values_list("year", "region_id", "source_id", "age_from", "age_to", "count", "row", "column")
    )
    known = [row for row in rows if query.chosen is None or row[2] in query.chosen]
    found: dict[tuple[int, int], list[Part]] = {}
    for (year, region, source), group in groupby(known, key=lambda row: row[:3]):
        cells = _cells_of(measure, list(group))
        if cells:
            found.setdefault((year, region), []).append(_persons(query, region, source, cells, year=year))
    parts: dict[int, list[Part]] = {}
    for (year, _), editions in found.items():
        newest = max(editions, key=lambda part: (part.source.as_of is not None, part.source.as_of or 0, part.source.id))
        parts.setdefault(year, []).append(newest)
    return {year: tuple(of_year) for year, of_year in parts.items()}


_Row = tuple[int, int, int, int | None, int | None, int, int, int]


def _cells_of(measure: str, rows: Sequence[_Row]) -> list[_Row]:
    """The rows that make up a measure: one printed for just this group, else its age classes."""
    group = measure.removeprefix("population.")
    if group == "total":
        return [row for row in rows if row[3] is None and row[4] is None]
    if group == "0_14":
        exact = [row for row in rows if (row[3], row[4]) == (0, 14)]
        return exact or [row for row in rows if row[4] is not None and row[4] <= 14]
    age = int(group.removesuffix("plus"))
    exact = [row for row in rows if (row[3], row[4]) == (age, None)]
    return exact or [row for row in rows if row[3] is not None and row[3] >= age]


def _persons(query: PartQuery, region_id: int, source_id: int, rows: Sequence[_Row], *, year: int) -> Part:
    region, source = query.regions[region_id], query.sources[source_id]
    count = sum(row[5] for row in rows)
    return Part(
        kind=region.scheme_key or region.kind,
        region=region.code,
        name=region.name,
        year=year,
        value=count,
        text=f"{count:,}",
        source=source,
        sheet=source.sheets[0] if source.sheets and rows[0][6] else "",
        cell=_range([(row[6], row[7]) for row in rows]),
    )


def _range(cells: Sequence[tuple[int, int]]) -> str:
    """`U6`, `U6:Z6` for neighbours, else the cells with a comma between; empty where no cell is known."""
    if not all(row for row, _ in cells):
        return ""
    names = [cell_name(row, column) for row, column in cells]
    first, last = cells[0], cells[-1]
    if len(cells) > 1 and all(cell == (first[0], first[1] + step) for step, cell in enumerate(cells)):
        return f"{names[0]}:{cell_name(*last)}"
    return ",".join(names)


def get_item_names(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and unit of items by code."""
    return {
        code: (name, unit)
        for code, name, unit in Item.objects.filter(code__in=codes).values_list("code", "name", "unit")
    }
