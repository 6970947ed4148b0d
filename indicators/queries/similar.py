"""Regions like one another, by the variables of `definitions/similarity.toml`, with the distances and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.utils import timezone

from indicators.definitions.similarity import Variable, similarity
from indicators.formulas.figures import Figures, Floats
from indicators.formulas.indicator import Inputs
from indicators.formulas.resolve import resolve
from indicators.formulas.structure import Structure
from indicators.queries.area_types import get_similarity
from indicators.queries.benchmark import Place, get_places
from indicators.queries.inputs import read_population
from indicators.queries.structure import read_structure
from indicators.results import IndicatorQuery, Level
from indicators.standings import Difference, SimilarRegion, SimilarRegions
from regions import land_areas
from regions.models import Region
from regions.queries.caching import remembered
from zaitaku.lib.statistics.similarity import AreaType, Peer, classify, similar_areas

_TOTAL, _AGED_75, _AGED_85 = "population.total", "population.75plus", "population.85plus"
_REGISTER = "resident_register"
_LOGARITHMS = {"population": "{:,.0f}人", "density": "{:,.1f}人/km²"}
_SHARE = "{:.1%}"


@dataclass(frozen=True, slots=True, eq=False)
class _Described:
    """The regions of a level by the variables, in one order: values as compared, logarithms among them; residents and
    the types these make (none in a gap between them); what was compared, in words."""

    variables: tuple[Variable, ...]
    table: Floats
    people: Floats
    types: tuple[str, ...]
    note: str

    def shown(self, place: int, variable: int) -> str:
        """A value as pages show it."""
        value = float(self.table[place, variable])
        if np.isnan(value):
            return "—"
        form = _LOGARITHMS.get(self.variables[variable].key)
        return _SHARE.format(value) if form is None else form.format(np.exp(value))


def get_similar_regions(
    region_code: str, *, level: Level, scheme: str = "", count: int | None = None
) -> SimilarRegions:
    """The regions of the same level (and scheme) most like one, nearest first, with the distances and why; as many as
    the rules say unless `count` is given. Raises `Region.DoesNotExist`."""
    places = get_places(IndicatorQuery(code="", level=level, scheme=scheme))
    own = next((number for number, place in enumerate(places) if place.code == region_code), None)
    if own is None:
        raise Region.DoesNotExist(region_code)
    described = _describe(tuple(place.id for place in places))
    keys = [variable.key for variable in described.variables]
    peers = similar_areas(described.table, own, variables=keys, count=similarity().count if count is None else count)
    return SimilarRegions(
        region_code=region_code,
        area_type=described.types[own],
        note=described.note,
        regions=tuple(_similar_region(peer, own, places[peer.place], described) for peer in peers),
    )


def get_area_types(*, level: Level, scheme: str = "") -> dict[str, str]:
    """The type of each region of a level by its code; empty in a gap between the types, or without a population."""
    places = get_places(IndicatorQuery(code="", level=level, scheme=scheme))
    described = _describe(tuple(place.id for place in places))
    return dict(zip((place.code for place in places), described.types, strict=True))


def get_typed_regions(
    *, level: Level, scheme: str = "", types: Sequence[AreaType] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the regions of a level and their types: those in force, or what `types` would make of them."""
    places = get_places(IndicatorQuery(code="", level=level, scheme=scheme))
    described = _describe(tuple(place.id for place in places))
    above = level is not Level.PREFECTURE
    names = tuple(f"{place.prefecture_name if above else ''}{place.name}" for place in places)
    return names, described.types if types is None else tuple(classify(described.people, types=types))


def _similar_region(peer: Peer, own: int, place: Place, described: _Described) -> SimilarRegion:
    return SimilarRegion(
        region_id=place.id,
        region_code=place.code,
        region_name=place.name,
        prefecture_code=place.prefecture_code,
        prefecture_name=place.prefecture_name,
        area_type=described.types[peer.place],
        distance=round(peer.distance, 2),
        differences=tuple(
            Difference(
                name=variable.name,
                own=described.shown(own, number),
                other=described.shown(peer.place, number),
                deviations=round(peer.differences[variable.key], 2),
            )
            for number, variable in enumerate(described.variables)
            if variable.key in peer.differences
        ),
    )


@remembered
def _describe(region_ids: tuple[int, ...]) -> _Described:
    """The regions by the newest residents' register and the land areas; until either is loaded anew."""
    rules = get_similarity()
    structure = read_structure()
    rows = structure.rows_of(np.array(region_ids, dtype=np.int64))
    values, year = _variables(structure)
    of_regions = {key: np.where(rows >= 0, column[rows], np.nan) for key, column in values.items()}
    # Logarithms give 999,999.9… back for a million, which is on the other side of a bound.
    people: Floats = np.round(np.exp(of_regions["population"])).astype(np.float64)
    names = "・".join(variable.name for variable in rules.variables)
    register = f"住民基本台帳人口 {year}年1月1日、面積は行政区域の境界線から計算"
    return _Described(
        variables=rules.variables,
        table=np.column_stack([of_regions[variable.key] for variable in rules.variables]),
        people=people,
        types=tuple(classify(people, types=[kind.as_type() for kind in rules.types])),
        note=f"{names}の近さ（{register}。標準偏差を単位とする距離）" if year else "",
    )


def _variables(structure: Structure) -> tuple[dict[str, Floats], int | None]:
    """The variables of every row, and the year of the register they are from."""
    measures = (_TOTAL, _AGED_75, _AGED_85)
    population = read_population(set(measures), structure, up_to=9999)
    years = [year for measure, basis, year in population if (measure, basis) == (_TOTAL, _REGISTER)]
    if not years:
        nothing = np.full(len(structure), np.nan)
        return dict.fromkeys(("population", "density", "share_75", "share_85"), nothing), None
    inputs = Inputs(structure, {}, population)
    total, aged_75, aged_85 = (inputs.denominator(measure, max(years))[0].value for measure in measures)
    people = np.where(total > 0, total, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.log(people / _square_kilometres(structure))
    return {
        "population": np.log(people),
        "density": density,
        "share_75": aged_75 / people,
        "share_85": aged_85 / people,
    }, max(years)


def _square_kilometres(structure: Structure) -> Floats:
    """The land area of every row: as computed for the units, cities and prefectures, else the sum of the parts."""
    today = timezone.localdate()
    known = land_areas.read(settings.BASE_DIR / "fixtures")
    regions = Region.objects.filter(scheme=None).valid_on(today).values_list("id", "code")
    found = [(pk, known[code]) for pk, code in regions if code in known]
    published = Figures.absent(len(structure))
    rows = structure.rows_of(np.array([pk for pk, _area in found], dtype=np.int64))
    areas = np.array([area for _pk, area in found])
    published.value[rows[rows >= 0]], published.flags[rows[rows >= 0]] = areas[rows >= 0], 0
    return resolve(published, structure).value
