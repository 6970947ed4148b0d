"""比較: figures of several areas, each indicator in its newest year, with the differences from the first area."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from indicators.cards import make_card, notices
from indicators.comparisons import (
    MOST_AREAS,
    MOST_INDICATORS,
    ComparedArea,
    ComparedIndicator,
    ComparisonQuery,
    ComparisonResult,
    IndicatorSet,
    Suggestion,
    compare_with_first,
)
from indicators.definitions.registry import all_definitions, get_definition
from indicators.definitions.schema import Definition
from indicators.models import IndicatorValue, IndicatorYear
from indicators.queries.benchmark import make_figure, no_figure
from indicators.queries.compared_areas import find_area
from indicators.queries.detail import make_source_lines
from indicators.queries.groups import get_gazetteer, get_group_figures
from indicators.queries.standings import get_similar_regions
from indicators.results import Figure, Level, Measure, SourceLine
from regions.models import Region
from regions.queries.bordering import MUNICIPALITIES, PREFECTURES, get_bordering
from regions.queries.regions import get_nation, get_prefectures, search_regions
from regions.queries.schemes import get_areas, get_schemes
from zaitaku.sources.models import SourceFile

# Supply, reach, acute phase and end of life: what there is for most areas.
MAIN = ("DAY_S22", "DAY_S23", "DAY_P15", "ACU_P01", "ACU_S04", "EOL_P04", "X_P02", "X_S05")
MOST_FOUND = 20
_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "status", "reason")
ByIndicator = Mapping[str, tuple[int, Figure]]


def get_comparison(query: ComparisonQuery) -> ComparisonResult:
    """The comparison that `query` asks for. Raises `NoSuchArea`."""
    areas = tuple(find_area(reference) for reference in query.areas)
    definitions = _definitions(query)
    years = get_newest_years()
    nation = get_nation()
    ids = [area.region_id for area in areas if area.region_id is not None]
    stored = _stored([one.code for one in definitions], [nation.id, *ids], years)
    by_area = [_figures_of(area, stored) for area in areas]
    compared = [
        _compare(definition, areas, by_area, stored.get(nation.id, {}), year=years.get(definition.code))
        for definition in definitions
    ]
    neighbours, similar, note = _suggestions(query, areas[0]) if areas else ((), (), "")
    return ComparisonResult(
        query=query,
        areas=areas,
        indicators=tuple(one for one in compared if one.has_values),
        without_values=tuple(one.card for one in compared if not one.has_values),
        sources=get_sources({one.card.code: one.year for one in compared if one.has_values and one.year}),
        notes=(*notices(one.card for one in compared if one.has_values), *_notes(areas)),
        neighbours=neighbours,
        similar=similar,
        similar_note=note,
    )


def get_newest_years() -> dict[str, int]:
    """The newest year of every indicator that was computed (one query)."""
    rows = IndicatorYear.objects.order_by("indicator__code", "-year").distinct("indicator__code")
    return dict(rows.values_list("indicator__code", "year"))


def get_sources(years: Mapping[str, int]) -> tuple[SourceLine, ...]:
    """The publications behind these indicators in these years (two queries)."""
    found = IndicatorYear.objects.filter(indicator__code__in=years).values_list("indicator__code", "year", "source_ids")
    ids = {source for code, year, sources in found if years[code] == year for source in sources}
    return tuple(make_source_lines(SourceFile.objects.filter(id__in=ids).order_by("kind", "key")))


def find_places(words: str, query: ComparisonQuery) -> tuple[Suggestion, ...]:
    """Prefectures, areas and municipalities whose name, kana or code matches, each with the address that adds it."""
    kinds = [Region.Kind.PREFECTURE, Region.Kind.AREA, Region.Kind.MUNICIPALITY, Region.Kind.WARD]
    found = search_regions(words[:60], kinds=[kind.value for kind in kinds], limit=MOST_FOUND)
    schemes = {scheme.key: scheme.name for scheme in get_schemes()}
    names = {region.id: region.name for region in get_prefectures()}
    suggestions = []
    for region in found:
        if region.scheme_key and region.scheme_key not in schemes:
            continue
        reference = f"{region.scheme_key}:{region.code}" if region.scheme_key else region.code
        place = schemes.get(region.scheme_key) or str(Region.Kind(region.kind).label)
        inside = names.get(region.parent_id or 0, "")
        label = f"{region.name}（{inside}、{place}）" if inside else f"{region.name}（{place}）"
        suggestions.append(_suggestion(reference, label, query))
    return tuple(suggestions)


def _definitions(query: ComparisonQuery) -> list[Definition]:
    if query.basket:
        return [get_definition(code) for code in query.basket.codes]
    if query.chosen_set is IndicatorSet.MAIN:
        return [get_definition(code) for code in MAIN]
    computed = get_newest_years()
    phase = query.chosen_set.value
    return [one for one in all_definitions() if one.phase.value == phase and one.code in computed][:MOST_INDICATORS]


def _stored(
    codes: Collection[str], region_ids: Collection[int], years: Mapping[str, int]
) -> dict[int, dict[str, tuple[int, Figure]]]:
    """Stored figures by region and indicator, each of the indicator's newest year (one query)."""
    found: dict[int, dict[str, tuple[int, Figure]]] = {}
    values = IndicatorValue.objects.filter(indicator__code__in=list(codes), region_id__in=list(region_ids))
    for region, code, year, *row in values.values_list("region_id", "indicator__code", "year", *_FIELDS):
        if years.get(code) == year:
            found.setdefault(region, {})[code] = (year, make_figure(*row, measure=Measure.RATE))
    return found


def _figures_of(area: ComparedArea, stored: Mapping[int, ByIndicator]) -> ByIndicator:
    if area.region_id is not None:
        return stored.get(area.region_id, {})
    gazetteer = get_gazetteer()
    return get_group_figures([gazetteer.by_code[code] for code in sorted(area.unit_codes)])


def _compare(
    definition: Definition,
    areas: Sequence[ComparedArea],
    by_area: Sequence[ByIndicator],
    nation: ByIndicator,
    *,
    year: int | None,
) -> ComparedIndicator:
    card = make_card(definition)
    nothing = (0, no_figure())
    figures = [figures.get(definition.code, nothing)[1] for figures in by_area]
    return ComparedIndicator(
        card=card,
        year=year,
        nation=nation.get(definition.code, nothing)[1],
        figures=tuple(
            compare_with_first(area, figure, areas[0], figures[0], direction=card.direction, unit="")
            for area, figure in zip(areas, figures, strict=True)
        ),
    )


def _notes(areas: Sequence[ComparedArea]) -> tuple[str, ...]:
    """What must be known before comparing these areas."""
    notes = []
    kinds = list(dict.fromkeys(area.kind_label for area in areas))
    if len(kinds) > 1:
        listed = "・".join(kinds)
        notes.append(
            f"区分の異なる地域（{listed}）を並べています。小さい地域ほど値が偶然に振れやすいので、95％信頼区間を合わせて見てください。"
        )
    overlapping = [
        f"{one.label}と{other.label}"
        for place, one in enumerate(areas)
        for other in areas[place + 1 :]
        if one.overlaps(other)
    ]
    if overlapping:
        notes.append(f"{'、'.join(overlapping)}は重なる地域です。一方が他方の一部なので、差の有無は判定しません。")
    return tuple(notes)


def _suggestions(
    query: ComparisonQuery, first: ComparedArea
) -> tuple[tuple[Suggestion, ...], tuple[Suggestion, ...], str]:
    """Areas beside and like the first one, as far as there is room for more; a group has neither."""
    if first.region_id is None or first.kind_label == "政令指定都市":
        return (), (), ""
    scheme, _, code = first.reference.rpartition(":")
    layer = scheme or (PREFECTURES if len(code) == 2 else MUNICIPALITIES)
    level = Level.AREA if scheme else Level.PREFECTURE if len(code) == 2 else Level.MUNICIPALITY
    names = _names(layer)
    beside = tuple(
        _suggestion(f"{scheme}:{other}" if scheme else other, names[other], query)
        for other in get_bordering(layer, code)
        if other in names
    )
    similar = get_similar_regions(code, level=level, scheme=scheme)
    like = tuple(
        _suggestion(
            f"{scheme}:{one.region_code}" if scheme else one.region_code,
            one.region_name if level is Level.PREFECTURE else f"{one.region_name}（{one.prefecture_name}）",
            query,
            reason=f"距離{one.distance:.2f}："
            + "、".join(f"{part.name}{part.deviations:+.2f}" for part in one.differences),
        )
        for one in similar.regions
    )
    return beside, like, similar.note


def _names(layer: str) -> dict[str, str]:
    """Names of the places of a layer by code, areas and municipalities with their prefecture."""
    prefectures = {region.code: region.name for region in get_prefectures()}
    if layer == PREFECTURES:
        return prefectures
    if layer == MUNICIPALITIES:
        on_map = get_gazetteer().by_code.values()
        return {
            place.code: f"{place.name}（{prefectures.get(place.code[:2], '')}）"
            for place in on_map
            if place.is_base_unit and not place.is_past and not place.is_out_of_scope
        }
    by_id = {region.id: region.name for region in get_prefectures()}
    return {area.code: f"{area.name}（{by_id.get(area.parent_id or 0, '')}）" for area in get_areas(layer)}


def _suggestion(reference: str, label: str, query: ComparisonQuery, *, reason: str = "") -> Suggestion:
    full = len(query.areas) >= MOST_AREAS or reference in query.areas
    querystring = "" if full else query.with_area(reference).querystring()
    return Suggestion(reference=reference, label=label, querystring=querystring, reason=reason)
