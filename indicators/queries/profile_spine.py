"""The indicators of one place among its peers, and what of that is certain enough to look at first."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from django.db.models import Count, Sum

from indicators.cards import make_card
from indicators.definitions.registry import get_definition
from indicators.definitions.schema import BETWEEN_UNITS, Definition, Kind, Method, Phase
from indicators.formulas.standing import Column, compare
from indicators.models import IndicatorValue
from indicators.profile_words import (
    NO_CHANGES_TO_TELL,
    change_sentence,
    gap_sentence,
    log_gap,
    make_mark,
    many_indicators_note,
    trend_text,
)
from indicators.profiles import Attention, FirstLook, ProfileQuery, Reference, SpineGroup, SpineRow
from indicators.queries.standings import Against, Spread, StandingRow, get_region_standings
from indicators.results import DefinitionCard, Figure, IndicatorQuery, Level
from regions.models import Region
from zaitaku.lib.statistics.comparison import Polarity, Position, Verdict, judge
from zaitaku.lib.statistics.trends import POINTS_USED, Trend

MOST_SHOWN = 5
POOLED = "都道府県計"
"""How the prefectures with a value are called when taken together: `26都道府県計`."""
_PHASES, _KINDS = tuple(Phase), tuple(Kind)
# What is no sum over a sum has no value for several prefectures taken together.
_NOT_POOLED = {Method.COUNT, Method.COMPOSITE, Method.STANDARDISED_RATIO, Method.STANDARDISED_RATE, *BETWEEN_UNITS}
NO_REFERENCE = Reference(label="", value=None, text="")


def get_spine(query: ProfileQuery, *, prefecture_name: str) -> tuple[SpineRow, ...]:
    """Every indicator with figures at the place's level, by phase, kind and code.

    A prefecture is compared with the nation, or where that has no value with all prefectures that have one taken
    together; areas and municipalities with their prefecture.
    """
    against = Against.NATION if query.level == Level.PREFECTURE else Against.PREFECTURE
    found = get_region_standings(query.code, level=query.level, scheme=query.peer_scheme, against=against)
    return make_spine(found, query, prefecture_name=prefecture_name)


def make_spine(
    found: Sequence[tuple[StandingRow, Spread]], query: ProfileQuery, *, prefecture_name: str
) -> tuple[SpineRow, ...]:
    """The rows of standings that were read already (one query at the most)."""
    is_prefecture = query.level == Level.PREFECTURE
    pools = _get_pools([row for row, _ in found if not _has_value(row.nation)]) if is_prefecture else {}
    label = "全国" if is_prefecture else prefecture_name
    rows = (_make_row(row, spread, query, label=label, pool=pools.get(row.indicator_code)) for row, spread in found)
    return tuple(sorted(rows, key=lambda row: card_order(row.card)))


def card_order(card: DefinitionCard) -> tuple[int, int, bool, str]:
    """By 場面, then S/P/O, a prefecture's own after the official ones, then by code."""
    return _PHASES.index(Phase(card.phase)), _KINDS.index(Kind(card.kind)), bool(card.owner), card.code


def group_by_phase(rows: Iterable[SpineRow]) -> tuple[SpineGroup, ...]:
    """The rows under the headings of the four 場面 and 共通."""
    groups: dict[str, list[SpineRow]] = {}
    for row in rows:
        groups.setdefault(row.card.phase, []).append(row)
    return tuple(
        SpineGroup(phase=phase, label=members[0].card.phase_label, rows=tuple(members))
        for phase, members in groups.items()
    )


def reference_of(figure: Figure | None, label: str) -> Reference:
    """A figure to compare with; none if it has no number."""
    if figure is None or figure.value is None:
        return NO_REFERENCE
    return Reference(label=label, value=figure.value, text=figure.text)


def _make_row(row: StandingRow, spread: Spread, query: ProfileQuery, *, label: str, pool: Reference | None) -> SpineRow:
    definition = get_definition(row.indicator_code)
    reference, position = reference_of(row.comparator, label), row.position
    if pool is not None:
        reference, position = pool, _position(definition, row.figure, pool)
    polarity = Polarity(definition.direction.value)
    verdict = Verdict(int(judge(np.array([position], dtype=np.int8), polarity=polarity)[0]))
    return SpineRow(
        card=make_card(definition),
        year=row.year,
        figure=row.figure,
        reference=reference,
        spread=spread,
        position=position,
        verdict=verdict,
        mark=make_mark(position, verdict),
        trend=row.trend,
        trend_text=trend_text(row.trend, row.trend_reason),
        gap=log_gap(row.figure.value, reference.value),
        querystring=detail_querystring(row.indicator_code, query),
    )


def detail_querystring(code: str, query: ProfileQuery, *, level: Level | None = None) -> str:
    """The view of 指標詳細 that lists the place among its peers, or its parts of `level`."""
    level = level or query.level
    scheme = query.scheme if level == Level.AREA else ""
    return IndicatorQuery(code=code, level=level, prefecture=query.prefecture, scheme=scheme).querystring()


def _has_value(figure: Figure | None) -> bool:
    return figure is not None and figure.value is not None


def _get_pools(rows: Collection[StandingRow]) -> dict[str, Reference]:
    """All prefectures with a value taken together: sum over sum, from shown figures alone (one query, if any)."""
    years = {row.indicator_code: row.year for row in rows}
    definitions = {code: get_definition(code) for code in years}
    wanted = [code for code, definition in definitions.items() if definition.method not in _NOT_POOLED]
    if not wanted:
        return {}
    found = (
        IndicatorValue.objects.filter(
            indicator__code__in=wanted,
            year__in=set(years.values()),
            region__kind=Region.Kind.PREFECTURE,
            value__isnull=False,
        )
        .values_list("indicator__code", "year")
        .annotate(above=Sum("numerator"), below=Sum("denominator"), number=Count("region_id"))
    )
    return {
        code: _pool(above / below * definitions[code].multiplier, number)
        for code, year, above, below, number in found
        if year == years[code] and below and above is not None
    }


def _pool(value: float, number: int) -> Reference:
    rounded = round(value, 1)
    return Reference(label=f"{number}{POOLED}", value=rounded, text=f"{rounded:,.1f}")


def _position(definition: Definition, figure: Figure, pool: Reference) -> Position:
    numbers = (figure.value, figure.numerator, figure.denominator, figure.lower, figure.upper)
    column = Column(*(np.array([math.nan if one is None else one], dtype=np.float64) for one in numbers))
    return Position(int(compare(definition, column, comparator=np.array([pool.value], dtype=np.float64))[0]))


def get_first_look(rows: Sequence[SpineRow], *, name: str, region_id: int) -> FirstLook:
    """The greatest of the gaps and changes that chance does not explain, with how many were looked at."""
    certain = [row for row in rows if row.position in (Position.HIGHER, Position.LOWER)]
    compared = sum(row.position is not Position.NOT_COMPARED for row in rows)
    developed = [row for row in rows if row.trend is not Trend.CANNOT_BE_CALCULATED]
    largest = sorted(certain, key=lambda row: -(row.gap or 0.0))[:MOST_SHOWN]
    notes = [many_indicators_note(compared)]
    if not developed:
        notes.append(NO_CHANGES_TO_TELL)
    return FirstLook(
        gaps=tuple(_attention(order, row, _gap_sentence(row, name=name)) for order, row in enumerate(largest, start=1)),
        changes=_changes(developed, name=name, region_id=region_id),
        certain_gaps=len(certain),
        compared=compared,
        developed=len(developed),
        notes=tuple(notes),
    )


def _attention(order: int, row: SpineRow, sentence: str) -> Attention:
    return Attention(
        order=order, card=row.card, year=row.year, mark=row.mark, sentence=sentence, querystring=row.querystring
    )


def _gap_sentence(row: SpineRow, *, name: str) -> str:
    count = row.figure.numerator
    return gap_sentence(
        name=name,
        subject=row.card.name,
        value=row.figure.value or 0.0,
        text=row.figure.text,
        unit=row.card.unit,
        count=f"{count:,.0f}{row.card.count_unit}" if count is not None and row.card.count_unit else "",
        year=row.year,
        reference=row.reference,
        mark=row.mark,
    )


def _changes(developed: Sequence[SpineRow], *, name: str, region_id: int) -> tuple[Attention, ...]:
    """Certain changes, the greatest first (one query, if there are any)."""
    moving = {row.card.code: row for row in developed if row.trend in (Trend.INCREASING, Trend.DECREASING)}
    if not moving:
        return ()
    series = _get_series(moving, region_id=region_id)

    def size(row: SpineRow) -> float:
        points = series[row.card.code]
        return -(log_gap(points[-1][1], points[0][1]) or 0.0)

    largest = sorted(moving.values(), key=size)[:MOST_SHOWN]
    return tuple(
        _attention(order, row, change_sentence(name=name, card=row.card, trend=row.trend, points=series[row.card.code]))
        for order, row in enumerate(largest, start=1)
    )


def _get_series(rows: Mapping[str, SpineRow], *, region_id: int) -> dict[str, list[tuple[int, float]]]:
    """(year, value) of the years a trend was told from."""
    found: dict[str, list[tuple[int, float]]] = {code: [] for code in rows}
    values = IndicatorValue.objects.filter(region_id=region_id, indicator__code__in=rows, value__isnull=False)
    for code, year, value in values.order_by("year").values_list("indicator__code", "year", "value"):
        if year <= rows[code].year:
            found[code].append((year, value or 0.0))
    return {code: points[-POINTS_USED:] for code, points in found.items()}
