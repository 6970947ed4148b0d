"""アクセス of every unit of the country in figures that add up: what the indicators of access are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from institutions.access import REACHES, AccessQuery, State, UnitAccess
from institutions.definitions.access_capacity import capacity_choices
from institutions.queries.access import Country, list_units, measure_country
from institutions.queries.lists import list_imported_prefectures
from regions.results import AGED_75

_WIDE = max(REACHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReach:
    """A unit's people of 75 and over, the capacity they share within 16 km, and how many have nothing in reach.

    `out_of_reach` by kilometres. None where people or point are not known. `is_certain` is False where institutions of
    a prefecture that is not imported may be in reach.
    """

    code: str
    people: float | None
    capacity: float | None
    out_of_reach: Mapping[int, float | None]
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureReach:
    """The units of a prefecture whose list is stored, and what they were measured from."""

    prefecture_code: str
    as_of: dt.date
    population_year: int | None
    counted: int
    reported: int
    units: tuple[UnitReach, ...]


def measure_reach(*, today: dt.date) -> tuple[PrefectureReach, ...]:
    """Every prefecture with a list, by code, in the way of counting that the page starts with."""
    capacity = next(iter(capacity_choices().values()))
    lists = list_imported_prefectures()
    if not lists:
        return ()
    countries = {km: measure_country(reach_km=km, age=AGED_75, capacity=capacity, today=today) for km in REACHES}
    imported = {one.prefecture_code for one in lists}
    found = []
    for one in sorted(lists, key=lambda one: one.prefecture_code):
        by_km = {
            km: list_units(
                AccessQuery(prefecture=one.prefecture_code, reach=km, scheme=""),
                country,
                imported=imported,
                today=today,
            )[0]
            for km, country in countries.items()
        }
        found.append(
            PrefectureReach(
                prefecture_code=one.prefecture_code,
                as_of=one.as_of,
                population_year=countries[_WIDE].population_year,
                units=tuple(map(_unit, *(by_km[km] for km in REACHES))),
                **_counts(countries[_WIDE], one.prefecture_code),
            )
        )
    return tuple(found)


def _counts(country: Country, prefecture_code: str) -> dict[str, int]:
    own = [one for one in country.supply if one.prefecture_code == prefecture_code]
    return {"counted": len(own), "reported": sum(one.patients is not None for one in own)}


def _unit(*measured: UnitAccess) -> UnitReach:
    """One unit from what it is within each distance of `REACHES`."""
    wide = measured[list(REACHES).index(_WIDE)]
    is_known = wide.state.is_known
    return UnitReach(
        code=wide.code,
        people=wide.people if is_known else None,
        capacity=(wide.people or 0.0) * (wide.per_person or 0.0) if is_known else None,
        out_of_reach={km: _without(one) for km, one in zip(REACHES, measured, strict=True)},
        is_certain=not wide.is_at_border,
    )


def _without(unit: UnitAccess) -> float | None:
    if not unit.state.is_known:
        return None
    return unit.people if unit.state is State.NONE else 0.0
