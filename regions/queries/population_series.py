"""People of one region over the years, without reading the whole country: register now, projection to come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from regions.covering import cover_sums
from regions.models import Population
from regions.queries.population import get_blocks
from regions.results import AGED_65, AGED_75, AGED_85, TOTAL

AGES = (TOTAL, AGED_65, AGED_75, AGED_85)
# An age group is the figure printed for it, else the sum of the classes from its first one on.
_AGED = """coalesce(max(count) FILTER (WHERE age_from = {n} AND age_to IS NULL),
       CASE WHEN count(*) FILTER (WHERE age_from = {n}) > 0 THEN sum(count) FILTER (WHERE age_from >= {n}) END)"""
_GROUPS = ("max(count) FILTER (WHERE age_from IS NULL)", *(_AGED.format(n=n) for n in (65, 75, 85)))
# Of several editions the newest counts; it comes last and is laid over the others.
_SERIES = f"""
SELECT basis, year, source_id, region_id, {", ".join(_GROUPS)}
FROM regions_population p JOIN sources_sourcefile s ON s.id = p.source_id AND s.withdrawn_at IS NULL
WHERE sex = 'both' AND region_id = ANY(%s)
GROUP BY basis, year, source_id, region_id, s.as_of ORDER BY s.as_of NULLS FIRST, source_id
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSeries:
    """Persons by year, in the order of `AGES`; None where nothing is published for all of the region."""

    register_year: int | None
    register: tuple[float | None, ...]
    years: tuple[int, ...]
    projection: tuple[tuple[float | None, ...], ...]
    source_ids: frozenset[int]

    def now(self, age: str) -> float | None:
        """Persons of the newest register."""
        return self.register[AGES.index(age)] if self.register else None

    def to_come(self, age: str) -> tuple[float | None, ...]:
        """Persons of the projection, beside `years`."""
        return tuple(row[AGES.index(age)] for row in self.projection)


def get_population_series(region_id: int, unit_ids: Sequence[int] = ()) -> PopulationSeries:
    """Of a region that is published itself, or of an area as the sum of its base units (one query).

    A part that nothing is published for leaves the area without a figure, unless a figure for a whole block of its
    units (a designated city, 福島県浜通り地域) takes its place.
    """
    inside = set(unit_ids)
    blocks = [block for block in get_blocks() if inside.issuperset(block.unit_ids)] if unit_ids else []
    wanted = [*unit_ids, *(block.region_id for block in blocks)] if unit_ids else [region_id]
    found, sources = _read(wanted)
    register_year = max((year for basis, year in found if basis == Population.Basis.RESIDENT_REGISTER), default=None)
    years = sorted(year for basis, year in found if basis == Population.Basis.PROJECTION)
    places = [(tuple(wanted.index(unit) for unit in block.unit_ids), wanted.index(block.region_id)) for block in blocks]
    parts = len(unit_ids) or 1

    def people(basis: str, year: int) -> tuple[float | None, ...]:
        table = found[basis, year]
        stand_in = [(np.array(units, dtype=np.int64), table[at]) for units, at in places]
        sums = cover_sums(table[:parts], np.zeros(parts, dtype=np.int64), 1, stand_in)[0]
        return tuple(None if np.isnan(one) else float(one) for one in sums)

    return PopulationSeries(
        register_year=register_year,
        register=people(Population.Basis.RESIDENT_REGISTER, register_year) if register_year else (),
        years=tuple(years),
        projection=tuple(people(Population.Basis.PROJECTION, year) for year in years),
        source_ids=frozenset(sources),
    )


def _read(region_ids: Collection[int]) -> tuple[dict[tuple[str, int], NDArray[np.float64]], set[int]]:
    """Regions × ages by basis and year, NaN where nothing is published; and the sources."""
    place = {region: number for number, region in enumerate(region_ids)}
    found: dict[tuple[str, int], NDArray[np.float64]] = {}
    sources = set()
    with connection.cursor() as cursor:
        cursor.execute(_SERIES, [list(region_ids)])
        for basis, year, source, region, *counts in cursor.fetchall():
            table = found.setdefault((basis, year), np.full((len(place), len(AGES)), np.nan))
            table[place[region]] = [
                old if new is None else float(new) for old, new in zip(table[place[region]], counts, strict=True)
            ]
            sources.add(source)
    return found, sources
