"""The page of a group: its figures, live from protected unit values, beside those of its prefecture and the nation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from indicators.benchmark_words import POSITIONS
from indicators.cards import make_card, notices
from indicators.definitions.registry import get_definition
from indicators.definitions.schema import Definition
from indicators.formulas.standing import Column, compare
from indicators.group_profiles import GroupProfile, GroupRow
from indicators.groups import ChosenUnits
from indicators.models import IndicatorValue
from indicators.queries.benchmark import make_figure, no_figure
from indicators.queries.comparison import get_sources
from indicators.queries.groups import get_group_figures
from indicators.results import Figure, Measure
from regions.models import Population
from regions.queries.population import get_population_matrix
from regions.queries.regions import get_nation, get_prefectures
from zaitaku.lib.prefectures import prefecture as find_prefecture
from zaitaku.lib.statistics.comparison import Position

_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "status", "reason")
_PHASES = ("discharge", "daily", "acute", "eol", "cross")
NOTE = (
    "構成する市区町村の、公表できる値だけを足し合わせて計算しています。1つでも秘匿・未取込の市区町村があると、その指標の値は表示しません。"
    "率は分子と分母をそれぞれ合計してから割っています（率の平均ではありません）。"
)


def get_group_profile(name: str, chosen: ChosenUnits, *, querystring: str, reference: str) -> GroupProfile:
    """Every indicator of the group in its newest year."""
    figures = get_group_figures(chosen.units)
    alone = find_prefecture(chosen.prefectures[0]) if len(chosen.prefectures) == 1 else None
    nation, own = _stored({code: year for code, (year, _) in figures.items()}, alone.code if alone else "")
    rows = [
        _row(get_definition(code), year, figure, nation.get(code), own.get(code) if alone else None, bool(alone))
        for code, (year, figure) in figures.items()
    ]
    rows.sort(key=lambda row: (_PHASES.index(row.card.phase), row.card.code))
    total, aged, year = _people([unit.id for unit in chosen.units])
    return GroupProfile(
        name=name,
        units=chosen.units,
        prefecture_name=alone.name if alone else "",
        population=total,
        aged_75=aged,
        population_year=year,
        rows=tuple(rows),
        sources=get_sources({row.card.code: row.year for row in rows if row.figure.value is not None}),
        notes=(*notices(row.card for row in rows), NOTE, *chosen.notes),
        querystring=querystring,
        reference=reference,
    )


def _row(
    definition: Definition,
    year: int,
    figure: Figure,
    nation: Figure | None,
    own: Figure | None,
    is_inside: bool,
) -> GroupRow:
    prefecture = (own or no_figure()) if is_inside else None
    base = prefecture or nation or no_figure()
    return GroupRow(
        card=make_card(definition),
        year=year,
        figure=figure,
        nation=nation or no_figure(),
        prefecture=prefecture,
        certainty=_certainty(definition, figure, base),
    )


def _certainty(definition: Definition, figure: Figure, base: Figure) -> str:
    """`高い（偶然では説明しにくい差）` by the rule of the definition (interval or funnel)."""
    if figure.value is None or base.value is None:
        return "比べられません"
    parts = (figure.value, figure.numerator, figure.denominator, figure.lower, figure.upper)
    column = Column(*(np.array([math.nan if part is None else part]) for part in parts))
    position = Position(int(compare(definition, column, comparator=np.array([base.value]))[0]))
    if position is Position.NOT_COMPARED:
        return "偶然のばらつきを測れない指標なので判定しません"
    if position is Position.SAME:
        return "差があるとは言えません"
    return f"{POSITIONS[position]}（偶然では説明しにくい差）"


def _stored(years: Mapping[str, int], prefecture_code: str) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """The stored figures of the nation and the prefecture in these years (one query)."""
    ids = {get_nation().id: 0} | {region.id: 1 for region in get_prefectures() if region.code == prefecture_code}
    found: tuple[dict[str, Figure], dict[str, Figure]] = ({}, {})
    values = IndicatorValue.objects.filter(indicator__code__in=years, region_id__in=ids)
    for region, code, year, *row in values.values_list("region_id", "indicator__code", "year", *_FIELDS):
        if years[code] == year:
            found[ids[region]][code] = make_figure(*row, measure=Measure.RATE)
    return found


def _people(unit_ids: Sequence[int]) -> tuple[int | None, int | None, int | None]:
    """Residents, those of 75 and over, and the year of the newest register; None where a unit is not in it."""
    matrix = get_population_matrix(Population.Basis.RESIDENT_REGISTER.value)
    if not matrix.years:
        return None, None, None
    year = matrix.years[-1]
    sums = [float(matrix.of(unit_ids, year=year, age=age).sum()) for age in ("total", "75plus")]
    total, aged = (None if math.isnan(number) else int(number) for number in sums)
    return total, aged, year
