"""Everything 県・圏域プロファイル shows of one place, as one frozen result for page, charts, files and print."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from indicators.cards import make_card, notices
from indicators.definitions.registry import all_definitions, get_definition
from indicators.models import IndicatorYear
from indicators.profile_words import people, share
from indicators.profiles import Introduction, Neighbour, ProfileQuery, ProfileResult, SpineRow
from indicators.queries.benchmark import Place, get_places
from indicators.queries.comparison import get_newest_years
from indicators.queries.detail import make_source_lines
from indicators.queries.profile_outlook import get_demand, make_outlook
from indicators.queries.profile_parts import PartsInside, get_inequality, get_matrix
from indicators.queries.profile_spine import POOLED, get_first_look, get_spine, group_by_phase
from indicators.queries.standings import SimilarRegion, get_similar_regions
from indicators.results import IndicatorQuery, Level, SourceLine
from regions.queries.population_series import PopulationSeries, get_population_series
from regions.queries.regions import get_base_units
from regions.queries.schemes import get_scheme, get_scheme_membership, get_schemes
from regions.results import AGED_75, AGED_85, TOTAL
from zaitaku.lib.prefectures import prefecture as find_prefecture
from zaitaku.sources.models import SourceFile


class NoSuchProfile(Exception):
    """The address names a place that is not there. `nearest` is the closest profile that exists."""

    def __init__(self, reason: str, *, nearest: ProfileQuery) -> None:
        self.reason = reason
        self.nearest = nearest
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """The place a profile is of: itself, its base units, and the regions it is parted into."""

    place: Place
    units: tuple[Place, ...]
    inside: PartsInside
    peers_label: str

    @property
    def unit_codes_inside(self) -> tuple[str, ...]:
        """Base units to compare with one another; a municipality has nothing inside."""
        return tuple(unit.code for unit in self.units) if self.inside.codes else ()


def get_profile(query: ProfileQuery) -> ProfileResult:
    """The profile of a place. Raises `NoSuchProfile` with the nearest one there is."""
    subject = _find_subject(query)
    place, is_prefecture = subject.place, query.level == Level.PREFECTURE
    unit_ids = [unit.id for unit in subject.units]
    series = get_population_series(place.id, unit_ids if query.level == Level.AREA else ())
    demand = get_demand(place.id, unit_ids, is_prefecture=is_prefecture)
    rows = get_spine(query, prefecture_name=place.prefecture_name)
    matrix = get_matrix(query, subject.inside, name=place.name, prefecture_name=place.prefecture_name)
    years = {row.card.code: row.year for row in rows} | {row.card.code: row.year for row in matrix.rows}
    sources = _get_sources(years, {*series.source_ids, *demand.source_ids}, prefecture=query.prefecture)
    return ProfileResult(
        query=query,
        name=place.name,
        prefecture_name=place.prefecture_name,
        peers_label=subject.peers_label,
        introduction=_introduce(query, subject, series),
        first_look=get_first_look(rows, name=place.name, region_id=place.id),
        spine=group_by_phase(rows),
        without_values=_without_values(rows, query.level),
        matrix=matrix,
        outlook=make_outlook(series, demand, rows),
        inequality=get_inequality(query, subject.unit_codes_inside, rows),
        sources=sources,
        notes=(*notices([*(row.card for row in rows), *(row.card for row in matrix.rows)]), *_notes(query, rows)),
        as_of=max((source.as_of for source in sources if source.as_of), default=None),
    )


def _find_subject(query: ProfileQuery) -> _Subject:
    if query.scheme not in {scheme.key for scheme in get_schemes()}:
        raise NoSuchProfile(
            f"圏域の区分「{query.scheme}」はありません。", nearest=ProfileQuery(prefecture=query.prefecture)
        )
    units = get_places(IndicatorQuery(code="", level=Level.MUNICIPALITY, prefecture=query.prefecture))
    if query.area:
        return _find_area(query, units)
    if query.municipality:
        return _find_municipality(query, units)
    places = get_places(IndicatorQuery(code="", level=Level.PREFECTURE))
    place = next(place for place in places if place.code == query.prefecture)
    areas = get_places(IndicatorQuery(code="", level=Level.AREA, scheme=query.scheme, prefecture=query.prefecture))
    inside = PartsInside(level=Level.AREA, label=_short_name(query.scheme), codes=tuple(area.code for area in areas))
    return _Subject(place=place, units=units, inside=inside, peers_label="47都道府県")


def _find_area(query: ProfileQuery, units: Sequence[Place]) -> _Subject:
    areas = get_places(IndicatorQuery(code="", level=Level.AREA, scheme=query.scheme, prefecture=query.prefecture))
    place = next((area for area in areas if area.code == query.area), None)
    if place is None:
        name = _prefecture_name(query.prefecture)
        raise NoSuchProfile(
            f"{name}の{_short_name(query.scheme)}に、コード「{query.area[:20]}」の圏域はありません。",
            nearest=query.change(area=""),
        )
    membership = get_scheme_membership(query.scheme)
    own = tuple(unit for unit in units if membership.area_of.get(unit.id) == place.id)
    inside = PartsInside(level=Level.MUNICIPALITY, label="市区町村", codes=tuple(unit.code for unit in own))
    label = f"全国{len(membership.areas)}の{_short_name(query.scheme)}"
    return _Subject(place=place, units=own, inside=inside, peers_label=label)


def _find_municipality(query: ProfileQuery, units: Sequence[Place]) -> _Subject:
    place = next((unit for unit in units if unit.code == query.municipality), None)
    if place is None:
        name = _prefecture_name(query.prefecture)
        raise NoSuchProfile(
            f"{name}に、コード「{query.municipality[:20]}」の市区町村はありません。政令指定都市は行政区ごとに見られます。",
            nearest=query.change(municipality=""),
        )
    inside = PartsInside(level=Level.MUNICIPALITY, label="市区町村", codes=())
    count = len(get_base_units(timezone.localdate()))
    return _Subject(place=place, units=(place,), inside=inside, peers_label=f"全国{count:,}の市区町村")


def _prefecture_name(code: str) -> str:
    found = find_prefecture(code)
    return found.name if found else ""


def _short_name(scheme: str) -> str:
    """`二次医療圏（第8次医療計画）` → `二次医療圏`."""
    return get_scheme(scheme).name.partition("（")[0]


def _introduce(query: ProfileQuery, subject: _Subject, series: PopulationSeries) -> Introduction:
    place = subject.place
    similar = get_similar_regions(place.code, level=query.level, scheme=query.peer_scheme)
    return Introduction(
        sentences=_people_sentences(place.name, series),
        similar=tuple(_neighbour(one, query) for one in similar.regions),
        similar_note=similar.note,
        above=_above(query, place),
        inside=_inside(query, subject),
        inside_label=subject.inside.label,
    )


def _people_sentences(name: str, series: PopulationSeries) -> tuple[str, ...]:
    total, aged_75, aged_85 = (series.now(age) for age in (TOTAL, AGED_75, AGED_85))
    if series.register_year is None or total is None:
        return (f"{name}の人口は、まだ取り込まれていません。",)
    sentences = [
        f"{name}の人口は{people(total)}（住民基本台帳、{series.register_year}年1月1日）。"
        f"75歳以上は{people(aged_75)}で{share(aged_75, total)}、"
        f"85歳以上は{people(aged_85)}で{share(aged_85, total)}です。"
    ]
    return tuple(sentences)


def _neighbour(one: SimilarRegion, query: ProfileQuery) -> Neighbour:
    place = ProfileQuery(prefecture=one.prefecture_code, scheme=query.scheme)
    if query.area:
        place = place.change(area=one.region_code)
    elif query.municipality:
        place = place.change(municipality=one.region_code)
    name = one.region_name if query.level == Level.PREFECTURE else f"{one.region_name}（{one.prefecture_name}）"
    return Neighbour(name=name, querystring=place.querystring(), note=f"距離{one.distance:.2f}")


def _above(query: ProfileQuery, place: Place) -> tuple[Neighbour, ...]:
    """The prefecture of an area, and the area of a municipality."""
    if query.level == Level.PREFECTURE:
        return ()
    whole = query.change(area="", municipality="")
    above = [Neighbour(name=place.prefecture_name, querystring=whole.querystring())]
    if query.municipality:
        membership = get_scheme_membership(query.scheme)
        area = next((one for one in membership.areas if one.id == membership.area_of.get(place.id)), None)
        if area is not None:
            above.append(Neighbour(name=area.name, querystring=whole.change(area=area.code).querystring()))
    return tuple(above)


def _inside(query: ProfileQuery, subject: _Subject) -> tuple[Neighbour, ...]:
    codes = set(subject.inside.codes)
    if query.level == Level.PREFECTURE:
        areas = get_places(IndicatorQuery(code="", level=Level.AREA, scheme=query.scheme, prefecture=query.prefecture))
        return tuple(Neighbour(name=one.name, querystring=query.change(area=one.code).querystring()) for one in areas)
    inside = (unit for unit in subject.units if unit.code in codes)
    return tuple(
        Neighbour(name=unit.name, querystring=query.change(area="", municipality=unit.code).querystring())
        for unit in inside
    )


def _without_values(rows: Iterable[SpineRow], level: Level) -> tuple[str, ...]:
    """Names of indicators that were computed but have no figure at this level anywhere."""
    shown = {row.card.code for row in rows}
    visible = {definition.code for definition in all_definitions()}
    missing = sorted(code for code in get_newest_years() if code in visible and code not in shown)
    cards = [make_card(get_definition(code)) for code in missing]
    return tuple(card.name + ("" if level in card.levels else "（この地域区分では公表なし）") for card in cards)


def _get_sources(years: dict[str, int], further: Collection[int], *, prefecture: str) -> tuple[SourceLine, ...]:
    """The publications behind the figures, of lists by prefecture only this one's (two queries)."""
    found = IndicatorYear.objects.filter(indicator__code__in=years).values_list("indicator__code", "year", "source_ids")
    ids = {source for code, year, sources in found if years[code] == year for source in sources} | set(further)
    files = SourceFile.objects.filter(id__in=ids, prefecture_code__in=["", prefecture])
    return tuple(make_source_lines(files.order_by("kind", "key")))


def _notes(query: ProfileQuery, rows: Sequence[SpineRow]) -> tuple[str, ...]:
    notes = [
        "率は各指標の分母（75歳以上人口など）あたりです。値のない理由（未取込・秘匿・データなし・対象外）は0と区別します。",
        "医療機関の所在地で数える指標は、他の地域から患者が来ると高く出ます。",
    ]
    pooled = sorted({row.reference.label for row in rows if row.reference.label.endswith(POOLED)})
    if pooled:
        notes.append(
            f"全国値がない指標は、{'、'.join(pooled)}（値のある都道府県の分子と分母をそれぞれ足して割った値）と比べています。"
            "未取込の都道府県は含みません。"
        )
    if query.level != Level.PREFECTURE:
        notes.append("比較相手は、この地域を含む都道府県の値です。")
    return tuple(notes)
