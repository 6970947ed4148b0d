"""What the engine reads: observations and population, newest edition first, as arrays straight from the server.

The server packs each (item, year, source) into arrays and sends them in binary: one message a group, not one a row.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.definitions.schema import Definition
from indicators.formulas.figures import Figures
from indicators.formulas.indicator import Inputs
from indicators.formulas.resolve import Column, counts_whole_ones
from indicators.formulas.structure import Structure
from indicators.queries.packed import packed_rows, unpack

_PACKED = (">i8", ">f8", ">i2")  # regions, values, statuses
_PROJECTION_STEP = 5  # years between two points of the official projection

# The newest edition of what a source publishes wins; a correction of the same edition has the later id.
_EDITION_ORDER = "as_of NULLS FIRST, retrieved_on, id"
# An array of ids leaves only those sources, NULL leaves all.
_WITH_EDITION = f"""
WITH edition AS (
  SELECT id, row_number() OVER (ORDER BY {_EDITION_ORDER}) AS rank FROM sources_sourcefile
  WHERE withdrawn_at IS NULL AND (%s::bigint[] IS NULL OR id = ANY(%s::bigint[]))
)"""  # noqa: S608 - constants only

# The ids that observations name, asked for beforehand: with them the rows are grouped by numbers, in one pass and on
# several processors; joined to names and ranks, three times as much is carried through the grouping and a sort.
_NAMED = f"""
SELECT ARRAY(SELECT id FROM indicators_item WHERE code = ANY(%(items)s) ORDER BY id),
       ARRAY(SELECT code::text FROM indicators_item WHERE code = ANY(%(items)s) ORDER BY id),
       ARRAY(SELECT id FROM sources_sourcefile
             WHERE withdrawn_at IS NULL AND (%(sources)s::bigint[] IS NULL OR id = ANY(%(sources)s::bigint[]))
             ORDER BY {_EDITION_ORDER})
"""  # noqa: S608 - constants only

_OBSERVATIONS = """
SELECT o.item_id, o.year, o.source_id,
       array_send(array_agg(o.region_id::int8)), array_send(array_agg(coalesce(o.value, 'NaN'))),
       array_send(array_agg(o.status::int2))
FROM indicators_observation o
WHERE o.stratum = '' AND o.item_id = ANY(%s::bigint[]) AND o.source_id = ANY(%s::bigint[])
      AND (%s::smallint[] IS NULL OR o.year = ANY(%s::smallint[]))
GROUP BY o.item_id, o.year, o.source_id
"""

# A population of an age group is the published row, else the sum of age classes that follow each other without a gap
# (up to the open one); anything else is no figure.
_POPULATION = f"""
{_WITH_EDITION},
figure AS (
  SELECT source_id, basis, year, region_id, {{measures}}
  FROM regions_population
  WHERE sex = 'both' AND year <= %s AND ({{wanted}})
  GROUP BY source_id, basis, year, region_id
)
SELECT figure.basis, figure.year, figure.source_id, array_send(array_agg(region_id::int8)), {{packed}}
FROM figure JOIN edition ON edition.id = figure.source_id
GROUP BY figure.basis, figure.year, figure.source_id, edition.rank
ORDER BY figure.basis, figure.year, edition.rank
"""  # noqa: S608 - constants only
_AGED = """coalesce(max(count) FILTER (WHERE age_from = {n} AND age_to IS NULL),
      CASE WHEN {n} + sum(age_to + 1 - age_from) FILTER (WHERE age_from >= {n} AND age_to IS NOT NULL)
              = max(age_from) FILTER (WHERE age_to IS NULL AND age_from > {n})
           THEN sum(count) FILTER (WHERE age_from >= {n}) END)::float8"""
_CHILDREN = """coalesce(max(count) FILTER (WHERE age_from = 0 AND age_to = 14),
      CASE WHEN sum(age_to + 1 - age_from) FILTER (WHERE age_to <= 14) = 15
           THEN sum(count) FILTER (WHERE age_to <= 14) END)::float8"""
# Of each measure: how it is summed, and which rows it needs.
_MEASURES = {
    "population.total": (
        "(max(count) FILTER (WHERE age_from IS NULL AND age_to IS NULL))::float8",
        "age_from IS NULL AND age_to IS NULL",
    ),
    "population.0_14": (_CHILDREN, "age_to <= 14"),
    **{f"population.{n}plus": (_AGED.format(n=n), f"age_from >= {n}") for n in (65, 75, 85)},
}


def read_inputs(
    definitions: Collection[Definition],
    structure: Structure,
    *,
    sources: Collection[int] | None = None,
    years: Collection[int] | None = None,
) -> Inputs:
    """All observations and population that the definitions name; only from `sources`, if ids are given, and only the
    observations of `years`, if years are."""
    items = {item for definition in definitions for item in definition.items}
    if not items:
        return Inputs(structure, {})
    observed = read_observations(items, structure, sources=sources, years=years)
    newest = max((year for _item, year in observed), default=0)
    measures = {item for item in items if item.startswith("population.")}
    population = read_population(measures, structure, up_to=newest + _PROJECTION_STEP, sources=sources)
    return Inputs(structure, observed, population)


def read_observations(
    item_codes: Collection[str],
    structure: Structure,
    *,
    sources: Collection[int] | None = None,
    years: Collection[int] | None = None,
) -> dict[tuple[str, int], Column]:
    """All figures of the items, of all years or of those named.

    Of several editions the newest that names a region counts for it.
    """
    columns: dict[tuple[str, int], Column] = {}
    codes, editions = _read_named(item_codes, sources)
    found = packed_rows(_OBSERVATIONS, [list(codes), list(editions), *_or_all(years)])
    # Oldest edition first: what comes later is laid over it.
    for item, year, source, *packed in sorted(found, key=lambda row: (row[0], row[1], editions[row[2]])):
        regions, values, statuses = (unpack(part, kind) for part, kind in zip(packed, _PACKED, strict=True))
        key = (codes[item], year)
        published = Figures.published(values, statuses, whole=counts_whole_ones(codes[item]))
        columns[key] = _laid_over(columns.get(key), structure, regions, published, source)
    return columns


def read_population(
    measures: Collection[str], structure: Structure, *, up_to: int, sources: Collection[int] | None = None
) -> dict[tuple[str, str, int], Column]:
    """Population of both sexes by (measure, basis, year), of years not after `up_to`."""
    wanted = [measure for measure in _MEASURES if measure in measures]
    if not wanted:
        return {}
    sql = _POPULATION.format(
        measures=", ".join(f"{_MEASURES[measure][0]} AS m{number}" for number, measure in enumerate(wanted)),
        wanted=" OR ".join(f"({_MEASURES[measure][1]})" for measure in wanted),
        packed=", ".join(f"array_send(array_agg(coalesce(m{number}, 'NaN')))" for number in range(len(wanted))),
    )
    columns: dict[tuple[str, str, int], Column] = {}
    for basis, year, source, regions, *packed in packed_rows(sql, [*_or_all(sources), up_to]):
        region_ids = unpack(regions, ">i8")
        for measure, values in zip(wanted, packed, strict=True):
            numbers = Figures.known(unpack(values, ">f8"))
            if numbers.has_number.any():
                key = (measure, basis, year)
                columns[key] = _laid_over(columns.get(key), structure, region_ids, numbers, source)
    return columns


def _or_all(chosen: Collection[int] | None) -> list[object]:
    """The two parameters of a condition that holds for the chosen, or for all if none are named."""
    numbers = None if chosen is None else list(chosen)
    return [numbers, numbers]


def _read_named(item_codes: Collection[str], sources: Collection[int] | None) -> tuple[dict[int, str], dict[int, int]]:
    """The code of each item by its id; the place of each source that counts, from the oldest edition to the newest."""
    chosen = {"items": list(item_codes), "sources": None if sources is None else list(sources)}
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, chosen)
        items, codes, editions = cursor.fetchone()
    return dict(zip(items, codes, strict=True)), {source: place for place, source in enumerate(editions)}


def _laid_over(
    below: Column | None, structure: Structure, region_ids: NDArray[np.generic], figures: Figures, source: int
) -> Column:
    """The figures at their rows, over those of older editions. Regions that are not current are left out."""
    rows = structure.rows_of(region_ids.astype(np.int64))
    current = rows >= 0
    column = below or Column(Figures.absent(len(structure)), ())
    column.figures.value[rows[current]] = figures.value[current]
    column.figures.flags[rows[current]] = figures.flags[current]
    return Column(column.figures, (*column.sources, source))
