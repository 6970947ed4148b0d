"""アクセス of a prefecture: institutions and people of the country, measured anew at every question.

The calculation takes a fraction of a second for the whole country, so nothing is stored that could grow old.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db.models import F

from institutions.access import AccessQuery, AccessResult, CountedInstitution, GroupAccess, State, UnitAccess
from institutions.definitions import notification_symbols
from institutions.definitions.access_capacity import CapacityChoice, capacity_choices
from institutions.formulas.access import Floats, Places, Reach, near_any, reach, summarise
from institutions.models import Body, Notification
from institutions.queries.lists import SUPPORT_FAMILIES, list_imported_prefectures
from institutions.queries.reported_scale import get_reported_scales
from regions import land_areas
from regions.models import Population, Region
from regions.queries.landmasses import get_landmasses
from regions.queries.points import get_points
from regions.queries.population import get_population_matrix
from regions.queries.regions import get_base_units, get_region_by_id, get_regions
from regions.queries.schemes import get_areas, get_scheme_membership, get_schemes
from regions.results import UnitRow
from zaitaku.lib.prefectures import PREFECTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyPoint:
    """An institution that now holds a notification of 在支診 or 在支病, in its current grade, with its position.

    `patients`: how many it can see by its newest confirmed 活動報告; None without one.
    """

    code: str
    name: str
    body_id: int
    prefecture_code: str
    unit_id: int | None
    symbol: str
    latitude: float | None
    longitude: float | None
    is_approximate: bool
    patients: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The whole country measured: units with points, institutions with positions, and the reach between them.

    `municipality_codes` has the city's code for each ward, by unit; `weights` what each institution counts for.
    """

    units: tuple[UnitRow, ...]
    municipality_codes: Mapping[int, str]
    origins: Places
    supply: tuple[SupplyPoint, ...]
    weights: Floats
    unplaced: Mapping[str, int]
    reach: Reach
    population_year: int | None


def list_supply(*, today: dt.date) -> tuple[SupplyPoint, ...]:
    """All institutions of the newest lists that count, each once: one query, and three for what they reported.

    Of the grades of one family the one that started last is current, of two of one day the higher; who holds one as a
    clinic and one as a hospital counts as what started last. Bodies merged into another one are left out.
    """
    symbols = {one.symbol: one for one in notification_symbols().values() if one.family in SUPPORT_FAMILIES}
    rows = (
        Notification.objects.filter(listed_to=None, institution__listed_to=None, symbol__in=symbols)
        .filter(institution__body__in=Body.objects.without_duplicates())
        .order_by("institution__code", F("started_on").asc(nulls_first=True), "pk")
        .values_list(
            "institution__code", "symbol", "started_on", "institution__name", "institution__body__id",
            "institution__prefecture__code", "institution__body__unit_id", "institution__body__latitude",
            "institution__body__longitude", "institution__body__position",
        )
    )  # fmt: skip
    reported = get_reported_scales(today=today)
    latest: dict[str, tuple[tuple[dt.date, int], SupplyPoint]] = {}
    for code, symbol, started, name, body, prefecture, unit, latitude, longitude, position in rows:
        rank = (started or dt.date.min, -symbols[symbol].grade)
        if code in latest and latest[code][0] >= rank:
            continue
        point = SupplyPoint(
            code=code,
            name=name,
            body_id=body,
            prefecture_code=prefecture,
            unit_id=unit,
            symbol=symbol,
            latitude=latitude,
            longitude=longitude,
            is_approximate=position != Body.Position.PUBLISHED,
            patients=reported[body].patients if body in reported else None,
        )
        latest[code] = rank, point
    return tuple(point for _rank, point in latest.values())


def measure_country(*, reach_km: float, age: str, capacity: CapacityChoice, today: dt.date) -> Country:
    """2SFCA between all units with a point and all institutions with a position."""
    points = get_points(on=today)
    units = tuple(unit for unit in get_base_units(today) if unit.id in points)
    codes = _municipality_codes(today)
    people, year = _people([unit.id for unit in units], age)
    listed = list_supply(today=today)
    supply = tuple(one for one in listed if one.latitude is not None)
    unplaced: dict[str, int] = {}
    for one in listed:
        if one.latitude is None:
            unplaced[one.prefecture_code] = unplaced.get(one.prefecture_code, 0) + 1
    weights = np.array([capacity.weigh(one.symbol, patients=one.patients) for one in supply], dtype=np.float64)
    land = _landmass_numbers(units, codes)
    origins = Places(
        points=_pairs([(points[unit.id].latitude, points[unit.id].longitude) for unit in units]),
        amounts=people,
        landmasses=np.array([land[unit.id] for unit in units], dtype=np.int64),
    )
    destinations = Places(
        points=_pairs([(one.latitude, one.longitude) for one in supply]),
        amounts=weights,
        landmasses=np.array([land.get(one.unit_id, -1) for one in supply], dtype=np.int64),
    )
    found = reach(origins, destinations, threshold_km=reach_km)
    return Country(
        units=units,
        municipality_codes=codes,
        origins=origins,
        supply=supply,
        weights=weights,
        unplaced=unplaced,
        reach=found,
        population_year=year,
    )


def _pairs(rows: Sequence[tuple[float | None, float | None]]) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _people(unit_ids: Sequence[int], age: str) -> tuple[Floats, int | None]:
    """Residents of the newest year of the register, NaN where unknown; None as the year if there is no register."""
    matrix = get_population_matrix(Population.Basis.RESIDENT_REGISTER)
    if not matrix.years:
        return np.full(len(unit_ids), np.nan), None
    return matrix.of(unit_ids, year=matrix.years[-1], age=age), matrix.years[-1]


def _municipality_codes(today: dt.date) -> dict[int, str]:
    cities = {city.id: city.code for city in get_regions(Region.Kind.MUNICIPALITY, on=today)}
    return {unit.id: cities.get(unit.city_id or unit.id, unit.code) for unit in get_base_units(today)}


def _landmass_numbers(units: Sequence[UnitRow], codes: Mapping[int, str]) -> dict[int | None, int]:
    """A number by unit; a ward lies on the landmass of its city, and what is on no map is a landmass of its own."""
    lands = get_landmasses()
    names = {unit.id: lands.get(codes[unit.id], unit.code) for unit in units}
    numbers = {name: number for number, name in enumerate(sorted(set(names.values())))}
    return {unit: numbers[name] for unit, name in names.items()}


def get_access(query: AccessQuery, *, today: dt.date) -> AccessResult:
    """The prefecture of the query out of the measured country."""
    capacity = capacity_choices()[query.capacity]
    country = measure_country(reach_km=query.reach, age=query.age, capacity=capacity, today=today)
    lists = {one.prefecture_code: one.as_of for one in list_imported_prefectures()}
    names = {one.code: one.name for one in PREFECTURES}
    units, near = list_units(query, country, imported=set(lists), today=today)
    as_of = lists.get(query.prefecture)
    return AccessResult(
        query=query,
        prefecture_name=names[query.prefecture],
        as_of=as_of,
        population_year=country.population_year,
        scheme=next((one for one in get_schemes() if one.key == query.scheme), None),
        capacity=capacity,
        units=units,
        areas=_areas(units, query),
        cities=_cities(units),
        total=_group(query.prefecture, names[query.prefecture], "prefecture", units),
        institutions=_institutions(query, country, capacity, names) if as_of else (),
        unplaced=country.unplaced.get(query.prefecture, 0),
        imported=len(lists),
        missing_neighbours=tuple(names[code] for code in near),
    )


def list_units(
    query: AccessQuery, country: Country, *, imported: Collection[str], today: dt.date
) -> tuple[tuple[UnitAccess, ...], tuple[str, ...]]:
    """The units of the prefecture, and the codes of prefectures near by whose lists are missing.

    A unit is at such a border if a representative point over there is within the threshold and its own radius: a home
    may lie that far from the point that stands for it.
    """
    radii = land_areas.read(settings.BASE_DIR / "fixtures")
    place = {unit.id: i for i, unit in enumerate(country.units)}
    own = [unit for unit in get_base_units(today) if unit.prefecture_code == query.prefecture]
    missing = np.array([unit.prefecture_code not in imported for unit in country.units], dtype=bool)
    missing &= np.array([unit.prefecture_code != query.prefecture for unit in country.units], dtype=bool)
    membership = get_scheme_membership(query.scheme) if query.scheme else None
    area_of = membership.area_of if membership else {}
    areas = {area.id: area.name for area in membership.areas} if membership else {}
    found, near = [], set()
    for unit in own:
        at = place.get(unit.id)
        radius = _radius(radii.get(unit.code) or radii.get(country.municipality_codes[unit.id]))
        beside = _prefectures_near(country, at, missing, within_km=query.reach + (radius or 0.0))
        near |= beside
        people = None if at is None or math.isnan(country.origins.amounts[at]) else float(country.origins.amounts[at])
        count = None if at is None else int(country.reach.counts[at])
        state = _state(is_imported=query.prefecture in imported, people=people, count=count)
        area_id = area_of.get(unit.id)
        found.append(
            UnitAccess(
                id=unit.id,
                code=unit.code,
                name=unit.name,
                area_id=area_id,
                area_name=areas.get(area_id, "") if area_id else "",
                city_id=unit.city_id,
                state=state,
                people=people,
                per_person=float(country.reach.shares[at]) if at is not None and state.is_known else None,
                count=count if state.is_known else None,
                over_sea=int(country.reach.over_sea[at]) if at is not None and state.is_known else 0,
                radius=radius,
                is_at_border=bool(beside),
                is_wide=radius is not None and radius > query.reach,
            )
        )
    return tuple(found), tuple(sorted(near))


def _prefectures_near(country: Country, at: int | None, missing: np.ndarray, *, within_km: float) -> set[str]:
    """The codes of prefectures without a list that have a representative point so near."""
    if at is None:
        return set()
    here = country.origins.points[at]
    others = np.flatnonzero(missing)
    close = near_any(country.origins.points[others], here[None, :], within_km=np.full(len(others), within_km))
    return {country.units[i].prefecture_code for i in others[close]}


def _radius(square_kilometres: float | None) -> float | None:
    return None if square_kilometres is None else math.sqrt(square_kilometres / math.pi)


def _state(*, is_imported: bool, people: float | None, count: int | None) -> State:
    if not is_imported:
        return State.NOT_IMPORTED
    if count is None:
        return State.NO_POINT
    if people is None:
        return State.NO_PEOPLE
    return State.REACHED if count else State.NONE


def _areas(units: Sequence[UnitAccess], query: AccessQuery) -> tuple[GroupAccess, ...]:
    """The areas of the scheme in the prefecture, by code."""
    return tuple(
        _group(area.code, area.name, "area", [one for one in units if one.area_id == area.id])
        for area in get_areas(query.scheme, prefecture_code=query.prefecture)
    )


def _cities(units: Sequence[UnitAccess]) -> tuple[GroupAccess, ...]:
    """The designated cities as wholes, whose wards are the units."""
    cities = sorted({one.city_id for one in units if one.city_id is not None})
    regions = [get_region_by_id(city) for city in cities]
    return tuple(
        _group(city.code, city.name, "city", [one for one in units if one.city_id == city.id]) for city in regions
    )


def _group(code: str, name: str, kind: str, units: Sequence[UnitAccess]) -> GroupAccess:
    return GroupAccess(
        code=code,
        name=name,
        kind=kind,
        units=len(units),
        units_out=sum(one.state is State.NONE for one in units),
        share=summarise([(one.people, one.per_person, one.count) for one in units]),
    )


def _institutions(
    query: AccessQuery, country: Country, capacity: CapacityChoice, names: Mapping[str, str]
) -> tuple[CountedInstitution, ...]:
    """Those in the prefecture and those home that reach one of its units, by prefecture, unit and code."""
    own = np.array([unit.prefecture_code == query.prefecture for unit in country.units], dtype=np.float64)
    reached = np.asarray(country.reach.pairs.T @ own) > 0
    units = {unit.id: unit for unit in country.units}
    found = []
    for i, one in enumerate(country.supply):
        if not reached[i] and one.prefecture_code != query.prefecture:
            continue
        unit = units.get(one.unit_id) if one.unit_id else None
        assert one.latitude is not None
        assert one.longitude is not None
        found.append(
            CountedInstitution(
                code=one.code,
                name=one.name,
                body_id=one.body_id,
                prefecture_code=one.prefecture_code,
                prefecture_name=names[one.prefecture_code],
                unit_code=unit.code if unit else "",
                unit_name=unit.name if unit else "",
                symbol=one.symbol,
                weight=None if capacity.counts_report(one.patients) else float(country.weights[i]),
                is_approximate=one.is_approximate,
                latitude=one.latitude,
                longitude=one.longitude,
                people=float(country.reach.people[i]),
            )
        )
    home = query.prefecture
    return tuple(
        sorted(found, key=lambda one: (one.prefecture_code != home, one.prefecture_code, one.unit_code, one.code))
    )
