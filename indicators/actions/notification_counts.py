"""Counting a 届出受理医療機関名簿: how many institutions of each municipality and of the prefecture hold what."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indicators.actions.observations import edition_of, store_observations
from indicators.parsers.observations import CELL, OBSERVED, ObservationTable, Place, PublishedItem
from institutions.definitions import notification_symbols
from institutions.formulas.holdings import count_by_unit, current_holders
from institutions.placement import PlacedList
from institutions.queries.places import BaseUnit, list_base_units
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import fiscal_year
from zaitaku.lib.problems import Problem
from zaitaku.sources.models import SourceFile


def store_notification_counts(placed: PlacedList, *, source: SourceFile) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Store the counts of every base unit (an observed 0 included) and of the prefecture, under the list's fiscal year.

    The prefecture's count holds the institutions that could not be placed too; each item they are missing from in the
    municipalities is a problem. Counts carry row and column 0: they are sums over the list, not cells of it.
    """
    units = list_base_units(placed.table.prefecture_code, day=placed.table.as_of)
    table, problems = count_notifications(placed, units=units, source_edition=edition_of(source))
    return store_observations(table, source=source), problems


def count_notifications(
    placed: PlacedList, *, units: tuple[BaseUnit, ...], source_edition: Edition
) -> tuple[ObservationTable, tuple[Problem, ...]]:
    """The counts as observations, and which of them are short of institutions that could not be placed."""
    symbols = notification_symbols()
    counted = [symbol for symbol in symbols.values() if symbol.is_counted]
    holders = current_holders(placed.table.notifications, symbols)
    by_unit = [count_by_unit(holders[symbol.symbol], placed.unit_codes) for symbol in counted]
    prefecture = Place(kind="prefecture", code=placed.table.prefecture_code)
    places = (prefecture, *(Place(kind=unit.kind, code=unit.code) for unit in units))
    year = fiscal_year(placed.table.as_of)

    def cells() -> Iterator[tuple[int, int, int, int, float, int, int, int, int]]:
        for item, counts in enumerate(by_unit):
            yield item, 0, 0, year, counts.total(), OBSERVED, 0, 0, 0
            for place, unit in enumerate(units, start=1):
                yield item, place, 0, year, counts[unit.code], OBSERVED, 0, 0, 0

    table = ObservationTable(
        edition=source_edition,
        items=tuple(PublishedItem(code=s.item, name=s.name, unit="か所", basis="provider") for s in counted),
        places=places,
        strata=("",),
        cells=np.array(list(cells()), dtype=CELL),
    )
    short = [(symbol.name, counts[""]) for symbol, counts in zip(counted, by_unit, strict=True) if counts[""]]
    reason = "{}：{}か所は市区町村を判定できず、都道府県の数だけに入っています。"
    return table, tuple(Problem(reason.format(name, count)) for name, count in short)
