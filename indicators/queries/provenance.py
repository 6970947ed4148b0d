"""The published figures behind one computed figure, down to sheet and cell (数字の根拠)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from indicators.cards import make_card
from indicators.definitions import Definition, get_definition
from indicators.models import Observation, Status
from indicators.queries.benchmark import get_figures, get_places, make_rows
from indicators.queries.detail import NoSuchView, get_sources
from indicators.results import Evidence, IndicatorQuery, Level, Measure, ProvenanceResult
from regions.models import Region
from zaitaku.lib.workbooks import cell_name

# A page is read by a person; the whole list is in the sources' own files.
_LONGEST_LIST = 500


def get_provenance(query: IndicatorQuery, *, region_code: str) -> ProvenanceResult:
    """What was added up for one region's numerator and denominator. Raises `UnknownIndicator`, `NoSuchView`."""
    definition = get_definition(query.code)
    if query.year is None:
        raise NoSuchView("年度を指定してください。", nearest=query)
    place = next((place for place in get_places(query) if place.code == region_code), None)
    if place is None:
        raise NoSuchView(f"地域コード「{region_code[:20]}」は{query.level.label}にありません。", nearest=query)
    figures = get_figures(query.code, region_ids=[place.id], measure=Measure.RATE, year=query.year)
    row = make_rows([place], figures, year=query.year, query=query)[0]
    codes = definition.numerator.codes_in(query.year)
    parts = _parts(place.id, query.level)
    observed = _observations(codes, place.id, parts, year=query.year)
    sources, note = get_sources(query, year=query.year)
    denominator = _denominator(definition, place.id, parts, year=query.year)
    return ProvenanceResult(
        definition=make_card(definition),
        query=query,
        row=row,
        year=query.year,
        unit=definition.unit,
        numerator=tuple(_evidence(observed)),
        denominator=denominator,
        denominator_note=note,
        sources=sources,
    )


def _parts(region_id: int, level: Level) -> QuerySet[Region]:
    """The base units inside the region."""
    units = Region.objects.base_units()
    if level == Level.AREA:
        return units.filter(area_memberships__area_id=region_id)
    if level == Level.PREFECTURE:
        return units.filter(Q(parent_id=region_id) | Q(parent__parent_id=region_id))
    return units.filter(id=region_id)


def _observations(codes: Iterable[str], region_id: int, parts: QuerySet[Region], *, year: int) -> QuerySet[Observation]:
    """The figures published for the region itself, else those of its base units."""
    known = Observation.objects.filter(item__code__in=list(codes), year=year, stratum="")
    own = known.filter(region_id=region_id)
    chosen = own if own.exists() else known.filter(region__in=parts)
    return chosen.select_related("source", "item", "region").order_by("item__code", "region__code")[:_LONGEST_LIST]


def _evidence(observations: Iterable[Observation]) -> Iterable[Evidence]:
    for found in observations:
        sheets = found.source.sheets
        yield Evidence(
            item=found.item.name,
            region_code=found.region.code,
            region_name=found.region.name,
            year=found.year,
            text=Status(found.status).label if found.value is None else f"{found.value:,.0f}",
            source=str(found.source),
            as_of=found.source.as_of,
            filename=found.source.filename,
            sheet=sheets[found.sheet] if found.row and found.sheet < len(sheets) else "",
            cell=cell_name(found.row, found.column) if found.row else "",
        )


def _denominator(definition: Definition, region_id: int, parts: QuerySet[Region], *, year: int) -> tuple[Evidence, ...]:
    denominator = definition.denominator
    if denominator is None or denominator.item is None:
        return ()
    if denominator.rule == "same_year":
        return tuple(_evidence(_observations([denominator.item], region_id, parts, year=year)))
    return ()
