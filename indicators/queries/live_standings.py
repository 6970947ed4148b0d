"""Standings worked out when they are asked for: of years that pages do not open with, and as they were on a day.

The same pure functions as the engine's (`indicators.formulas.peers`), over the same protected values.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.schema import Definition
from indicators.formulas.indicator import YearOfIndicator
from indicators.formulas.peers import Peers, compared, find_places, find_spreads
from indicators.formulas.standing import Column
from indicators.models import Indicator, IndicatorYear
from indicators.queries.as_at import Recomputation, recompute
from indicators.queries.benchmark import Place
from indicators.queries.columns import read_columns
from indicators.queries.stored_standings import StoredStanding, Value, read_values
from zaitaku.lib.statistics.trends import POINTS_USED


@dataclass(frozen=True, slots=True, eq=False)
class LiveStanding:
    """The standing of the places in one year with the figures beside it, and all years that the indicator has."""

    standing: StoredStanding | None
    values: Mapping[tuple[int, int, int], Value]
    years: tuple[int, ...]


def find_live(definition: Definition, places: Sequence[Place], country: Sequence[Place], *, year: int) -> LiveStanding:
    """From the stored values of a year and, for the trend, of those before it. `country`: nation, then prefectures."""
    indicator = Indicator.objects.filter(code=definition.code).first()
    if indicator is None:
        return LiveStanding(None, {}, ())
    ids = _ids(places, country)
    window = range(year - POINTS_USED + 1, year + 1)
    columns = read_columns(indicator.pk, window, rows_of=lambda found: _rows_of(ids, found), size=len(ids))
    standing = _stand(definition, indicator.pk, columns, year, peers=_peers(places, country, ids))
    values = read_values([(indicator.pk, year)], region_ids=ids.tolist())
    years = IndicatorYear.objects.filter(indicator=indicator).order_by("year").values_list("year", flat=True)
    return LiveStanding(standing, values, tuple(years))


def find_as_at(
    definition: Definition, places: Sequence[Place], country: Sequence[Place], *, year: int | None, as_at: dt.date
) -> LiveStanding:
    """From the editions that counted on a day, computed anew; the definition and the regions are today's."""
    again = recompute(definition, as_at=as_at)
    if not again.years:
        return LiveStanding(None, {}, ())
    chosen = max(again.years) if year is None else year
    ids = _ids(places, country)
    rows = again.structure.rows_of(ids)
    columns = {one: _column(found, rows) for one, found in again.years.items()}
    standing = _stand(definition, 0, columns, chosen, peers=_peers(places, country, ids))
    values = _values(again, chosen, dict(zip(ids.tolist(), rows.tolist(), strict=True)))
    return LiveStanding(standing, values, tuple(sorted(again.years)))


def _stand(
    definition: Definition, indicator: int, columns: Mapping[int, Column], year: int, *, peers: Peers
) -> StoredStanding | None:
    if year not in columns:
        return None
    spreads = find_spreads(columns[year].value[peers.rows][None, :])
    if not spreads.counted[0]:
        return None
    records = find_places(definition, columns, year, peers)
    return StoredStanding(
        indicator_id=indicator,
        code=definition.code,
        year=year,
        counted=int(spreads.counted[0]),
        compared=compared(records),
        mean=float(spreads.mean[0]),
        deviation=float(spreads.deviation[0]),
        points=tuple(spreads.points[0].tolist()),
        records=records,
    )


def _ids(places: Sequence[Place], country: Sequence[Place]) -> NDArray[np.int64]:
    """The country in front, then the places that are not in it."""
    return np.array(list(dict.fromkeys(place.id for place in (*country, *places))), dtype=np.int64)


def _peers(places: Sequence[Place], country: Sequence[Place], ids: NDArray[np.int64]) -> Peers:
    """The places among the ids. Prefectures have none above them."""
    row_of = {place.code: row for row, place in enumerate(country)}
    places_ids = np.array([place.id for place in places], dtype=np.int64)
    kind = "prefecture" if all(place.code == place.prefecture_code for place in places) else "other"
    prefectures = np.array([row_of[place.prefecture_code] for place in places], dtype=np.intp)
    return Peers(kind, None, _rows_of(ids, places_ids), prefectures, places_ids)


def _rows_of(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.intp]:
    """The first place of each wanted id among `ids`, −1 where it is not there."""
    order = np.argsort(ids, kind="stable")
    place = order[np.minimum(np.searchsorted(ids[order], wanted), len(ids) - 1)]
    return np.where(ids[place] == wanted, place, -1)


def _column(found: YearOfIndicator, rows: NDArray[np.intp]) -> Column:
    nothing = np.full(len(rows), np.nan)

    def at(values: NDArray[np.float64] | None) -> NDArray[np.float64]:
        return nothing if values is None else np.where(rows >= 0, values[rows], np.nan)

    return Column(
        at(found.value.value),
        at(found.numerator.value),
        at(found.denominator.value if found.denominator else None),
        at(found.limits.lower if found.limits else None),
        at(found.limits.upper if found.limits else None),
    )


def _values(again: Recomputation, year: int, row_of: Mapping[int, int]) -> dict[tuple[int, int, int], Value]:
    """The recomputed year as stored values are read; the indicator's id is 0, as in its standing."""
    found = again.years.get(year)
    if found is None:
        return {}
    ids = [pk for pk, row in row_of.items() if row >= 0]
    rows = np.array([row_of[pk] for pk in ids], dtype=np.intp)
    column = _column(found, rows)
    numbers = zip(*(getattr(column, name).tolist() for name in column.__slots__), strict=True)
    states = zip(found.value.status[rows].tolist(), found.value.reason[rows].tolist(), strict=True)
    return {
        (0, year, pk): (*(None if math.isnan(n) else n for n in five), *state)
        for pk, five, state in zip(ids, numbers, states, strict=True)
    }
