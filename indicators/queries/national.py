"""全国ビュー: 47 prefectures × indicators, what is registered in each, and municipalities without 在支診・在支病."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from indicators.cards import make_card
from indicators.definitions.national_facts import national_facts
from indicators.definitions.registry import all_definitions, get_definition
from indicators.models import IndicatorValue
from indicators.nationals import (
    CLASSES,
    MANY,
    NationalCell,
    NationalColumn,
    NationalQuery,
    NationalResult,
    NationalRow,
    PrefectureAreas,
    SupportClass,
    Tab,
    UnitSupport,
    class_of,
    plan_status,
    sort_rows,
)
from indicators.queries.benchmark import no_figure
from indicators.queries.comparison import MAIN, get_newest_years, get_sources
from indicators.queries.standings import get_standing_matrix
from indicators.results import DefinitionCard, Level
from institutions.definitions.periods import current_period
from institutions.queries.designations import count_by_prefecture
from regions.models import Population
from regions.queries.home_care_areas import get_home_care_areas
from regions.queries.population import get_population_matrix
from regions.queries.regions import get_base_units
from zaitaku.lib.prefectures import PREFECTURES

CLINICS, HOSPITALS = "DAY_S22", "DAY_S23"
_NOT_IMPORTED = IndicatorValue.Reason.NOT_IMPORTED


def get_national(query: NationalQuery) -> NationalResult:
    """The part of the page that `query` asks for."""
    if query.tab is Tab.AREAS:
        return _areas(query)
    if query.tab is Tab.MUNICIPALITIES:
        return _municipalities(query)
    return _indicators(query)


def _indicators(query: NationalQuery) -> NationalResult:
    codes = _codes(query)
    matrix = get_standing_matrix(level=Level.PREFECTURE, codes=codes)
    columns = []
    for place, code in enumerate(matrix.codes):
        cells = [row[place] for row in matrix.rows]
        nation = next((cell.nation for cell in cells if cell and cell.nation), None) or no_figure()
        columns.append(NationalColumn(card=make_card(get_definition(code)), year=matrix.years[code], nation=nation))
    rows = tuple(
        NationalRow(
            code=code,
            name=name,
            cells=tuple(
                NationalCell(figure=cell.figure, position=cell.position, verdict=cell.verdict)
                if cell
                else NationalCell(figure=no_figure())
                for cell in cells
            ),
        )
        for (code, name), cells in zip(matrix.regions, matrix.rows, strict=True)
    )
    if query.sort in matrix.codes:
        rows = sort_rows(rows, matrix.codes.index(query.sort), is_ascending=query.is_ascending)
    return NationalResult(
        query=query,
        facts=national_facts(),
        columns=tuple(columns),
        rows=rows,
        without_data=_core_without_data(set(matrix.codes)),
        sources=get_sources(matrix.years),
    )


def _codes(query: NationalQuery) -> tuple[str, ...]:
    """The indicators of a set; only those that were computed will have a column."""
    if query.chosen_set == "main":
        return MAIN
    computed = get_newest_years()
    if query.chosen_set == "core":
        return tuple(one.code for one in all_definitions() if one.core and one.code in computed)
    return tuple(one.code for one in all_definitions() if one.phase.value == query.chosen_set and one.code in computed)


def _core_without_data(shown: set[str]) -> tuple[DefinitionCard, ...]:
    """The core indicators that have no figure yet, so that nobody takes the table for all of them."""
    computed = get_newest_years()
    missing = [one for one in all_definitions() if one.core and one.code not in computed and one.code not in shown]
    return tuple(make_card(one) for one in missing)


def _areas(query: NationalQuery) -> NationalResult:
    today = timezone.localdate()
    areas = get_home_care_areas(today)
    period = current_period(today=today)
    counts = count_by_prefecture(period=period.start)
    plans = plan_status()
    rows = []
    for prefecture in PREFECTURES:
        own, count = areas.get(prefecture.code), counts.get(prefecture.code)
        rows.append(
            PrefectureAreas(
                code=prefecture.code,
                name=prefecture.name,
                areas=own.areas if own else None,
                unit=own.unit.label if own else "",
                since=f"{own.effective_from:%Y年%-m月%-d日}" if own else "",
                active=count.active if count else None,
                active_other=count.active_not_medical if count else None,
                hubs=count.hubs if count else None,
                plan=plans.get(prefecture.code, ""),
            )
        )
    return NationalResult(query=query, facts=national_facts(), prefectures=tuple(rows), period=period.label)


def _municipalities(query: NationalQuery) -> NationalResult:
    units, year, population_year = _support()
    without = [unit for unit in units if unit.total == 0]
    listed = [
        unit
        for unit in without
        if query.prefecture in ("", unit.prefecture_code)
        and (not query.people or (unit.population is not None and class_of(unit.population) == query.people))
    ]
    return NationalResult(
        query=query,
        facts=national_facts(),
        classes=_classes(units),
        units=tuple(listed),
        year=year,
        population_year=population_year,
        finding=_finding(units, without),
        sources=get_sources(dict.fromkeys((CLINICS, HOSPITALS), year)) if year else (),
    )


def _support() -> tuple[list[UnitSupport], int | None, int | None]:
    """Every base unit with its counts in the newest year, from the stored values, and its residents."""
    year = get_newest_years().get(CLINICS)
    base = get_base_units(timezone.localdate())
    names = {prefecture.code: prefecture.name for prefecture in PREFECTURES}
    counts: dict[tuple[int, str], tuple[float | None, int]] = {}
    found = IndicatorValue.objects.filter(indicator__code__in=(CLINICS, HOSPITALS), year=year or 0)
    found = found.filter(region_id__in=[unit.id for unit in base])
    for region, code, numerator, reason in found.values_list("region_id", "indicator__code", "numerator", "reason"):
        counts[region, code] = (numerator, reason)
    matrix = get_population_matrix(Population.Basis.RESIDENT_REGISTER.value)
    people_year = matrix.years[-1] if matrix.years else None
    people = matrix.of([unit.id for unit in base], year=people_year or 0, age="total").tolist()
    units = []
    for unit, residents in zip(base, people, strict=True):
        pair = [counts.get((unit.id, code), (None, int(_NOT_IMPORTED))) for code in (CLINICS, HOSPITALS)]
        numbers = [None if number is None else int(number) for number, _ in pair]
        missing = None in numbers
        units.append(
            UnitSupport(
                code=unit.code,
                name=unit.name,
                prefecture_code=unit.prefecture_code,
                prefecture_name=names[unit.prefecture_code],
                population=None if residents != residents else int(residents),  # NaN
                clinics=None if missing else numbers[0],
                hospitals=None if missing else numbers[1],
                note=str(IndicatorValue.Reason(pair[0][1]).label) if missing else "",
            )
        )
    return units, year, people_year


def _classes(units: Sequence[UnitSupport]) -> tuple[SupportClass, ...]:
    found = []
    for label, _low, _below in CLASSES:
        inside = [unit for unit in units if unit.population is not None and class_of(unit.population) == label]
        totals = [unit.total for unit in inside if unit.total is not None]
        found.append(
            SupportClass(
                label=label,
                none=sum(total == 0 for total in totals),
                some=sum(0 < total < MANY for total in totals),
                many=sum(total >= MANY for total in totals),
                unknown=len(inside) - len(totals),
            )
        )
    return tuple(found)


def _finding(units: Sequence[UnitSupport], without: Sequence[UnitSupport]) -> str:
    """`届出の名簿を取り込んだ26都道府県の974市区町村のうち、212（21.8％）に…がありません。`"""
    known = [unit for unit in units if unit.total is not None]
    if not known:
        return "届出の名簿がまだ取り込まれていないため、在支診・在支病のない市区町村を数えられません。"
    prefectures = len({unit.prefecture_code for unit in known})
    share = len(without) / len(known) * 100
    many = sum((unit.total or 0) >= MANY for unit in known)
    said = f"届出の名簿を取り込んだ{prefectures}都道府県の{len(known):,}市区町村（政令指定都市は行政区）のうち、"
    return f"{said}{len(without):,}（{share:.1f}％）に在支診・在支病がなく、{many:,}に{MANY}以上あります。"
