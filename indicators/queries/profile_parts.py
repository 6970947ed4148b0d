"""What lies inside a place: its areas or municipalities × indicators, and how unequal they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indicators.cards import make_card
from indicators.definitions.registry import get_definition
from indicators.profile_words import make_mark
from indicators.profiles import (
    Inequality,
    Matrix,
    MatrixCell,
    MatrixRow,
    Measure,
    Part,
    ProfileQuery,
    SpineRow,
)
from indicators.queries.benchmark import Place, get_places, make_figure, no_figure
from indicators.queries.profile_spine import card_order, detail_querystring, reference_of
from indicators.queries.standings import Against, StandingRow, get_standing_matrix
from indicators.queries.stored_standings import read_of_regions, read_values
from indicators.results import Figure, IndicatorQuery, Level, State
from indicators.results import Measure as Shown
from zaitaku.lib.statistics.comparison import Position, Verdict

# 在支診 and 在支病: what a municipality has none of, and whose unevenness is measured.
CLINICS, HOSPITALS = "DAY_S22", "DAY_S23"
_GINI = "X_S13"
MATRIX_NOTE = (
    "▲・▽は{reference}の値との差が偶然では説明しにくいもの（▲望ましい側、▽望ましくない側、◆良し悪しのない指標の差）。"
    "▁▂▄▆█は全国の{level}の中での位置（▁低いほうの5分の1～█高いほうの5分の1）で、差の判定ではありません。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsInside:
    """The regions inside a place: their level and codes, in order."""

    level: Level
    label: str
    codes: tuple[str, ...]


def get_matrix(query: ProfileQuery, inside: PartsInside, *, name: str, prefecture_name: str) -> Matrix:
    """Every part of the place × every indicator with figures at the level of the parts."""
    scheme = query.scheme if inside.level == Level.AREA else ""
    if not inside.codes:
        return Matrix(title="", level=inside.level, scheme=scheme, parts=(), rows=(), compared=0, note="")
    found = get_standing_matrix(
        level=inside.level, prefecture=query.prefecture, scheme=scheme, against=Against.PREFECTURE
    )
    places = [number for number, (code, _name) in enumerate(found.regions) if code in set(inside.codes)]
    rows = sorted(
        (
            _make_row(code, [found.rows[place][column] for place in places], query, inside.level, prefecture_name)
            for column, code in enumerate(found.codes)
        ),
        key=lambda row: card_order(row.card),
    )
    return Matrix(
        title=f"{name}の{inside.label}別の指標",
        level=inside.level,
        scheme=scheme,
        parts=tuple(_part(*found.regions[place], query, inside.level) for place in places),
        rows=tuple(rows),
        compared=sum(cell.position is not Position.NOT_COMPARED for row in rows for cell in row.cells),
        note=MATRIX_NOTE.format(reference=prefecture_name, level=inside.label),
    )


def _part(code: str, name: str, query: ProfileQuery, level: Level) -> Part:
    place = {"area": code} if level == Level.AREA else {"area": "", "municipality": code}
    return Part(code=code, name=name, querystring=query.change(**place).querystring())


def _make_row(
    code: str, standings: Sequence[StandingRow | None], query: ProfileQuery, level: Level, prefecture_name: str
) -> MatrixRow:
    known = [one for one in standings if one is not None]
    comparator = known[0].comparator if known else None
    return MatrixRow(
        card=make_card(get_definition(code)),
        year=known[0].year if known else 0,
        reference=reference_of(comparator, prefecture_name),
        cells=tuple(_cell(one) for one in standings),
        querystring=detail_querystring(code, query, level=level),
    )


def _cell(standing: StandingRow | None) -> MatrixCell:
    if standing is None:
        none = Position.NOT_COMPARED
        return MatrixCell(figure=no_figure(), position=none, mark=make_mark(none, Verdict.NOT_COMPARED), fifth=None)
    mark = make_mark(standing.position, standing.verdict)
    symbol = {"same": "", "different": "◆"}.get(mark.tone, mark.symbol)
    return MatrixCell(
        figure=standing.figure,
        position=standing.position,
        mark=replace(mark, symbol=symbol),
        fifth=None if standing.decile is None else (standing.decile + 1) // 2,
    )


def get_inequality(query: ProfileQuery, unit_codes: Iterable[str], rows: Sequence[SpineRow]) -> Inequality:
    """Gap, Gini and the municipalities without any 在支診・在支病, each named."""
    wanted = set(unit_codes)
    if not wanted:
        return Inequality(measures=(), without=(), note="")
    units = get_places(IndicatorQuery(code="", level=Level.MUNICIPALITY, prefecture=query.prefecture))
    year, inside = _read_units([unit for unit in units if unit.code in wanted])
    known = [unit for unit in inside if unit.total is not None]
    without = tuple(_part(one.code, one.name, query, Level.MUNICIPALITY) for one in known if one.total == 0)
    by_code = {row.card.code: row for row in rows}
    measures = [_none(inside, known, without, year)]
    measures += [measure for measure in (_gini(by_code.get(_GINI)), _gap(known, year)) if measure]
    unknown = len(inside) - len(known)
    note = f"{len(inside)}市区町村のうち{unknown}は値がないため含みません。" if unknown and known else ""
    return Inequality(measures=tuple(measures), without=without, note=note)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A municipality (or ward) with its figures of 在支診 and 在支病; None where the country has none."""

    code: str
    name: str
    clinics: Figure | None
    hospitals: Figure | None

    @property
    def total(self) -> float | None:
        """How many it has of both; None if either is not known."""
        counts = [None if one is None else one.numerator for one in (self.clinics, self.hospitals)]
        return None if None in counts else sum(one or 0.0 for one in counts)


def _read_units(places: Sequence[Place]) -> tuple[int | None, list[_Unit]]:
    """The newest year of 在支診, and the units with their figures of it (three queries). Figures alone: where each unit
    stands among 1,892 is not asked for."""
    ids = [place.id for place in places]
    items = (CLINICS, HOSPITALS)
    found = {one.code: one for one in read_of_regions(ids, level=Level.MUNICIPALITY, scheme="", codes=items)}
    values = read_values([(one.indicator_id, one.year) for one in found.values()], region_ids=ids)

    def figure(code: str, place: Place) -> Figure | None:
        if code not in found:
            return None
        value = values.get((found[code].indicator_id, found[code].year, place.id))
        return no_figure() if value is None else make_figure(*value, measure=Shown.RATE)

    units = [_Unit(place.code, place.name, *(figure(code, place) for code in items)) for place in places]
    return (found[CLINICS].year if CLINICS in found else None), units


def _none(inside: Sequence[_Unit], known: Sequence[_Unit], without: Sequence[Part], year: int | None) -> Measure:
    label = "在支診・在支病がどちらもない市区町村の割合"
    if not known:
        reason = next((one.clinics.reason for one in inside if one.clinics), "値がありません")
        state = next((one.clinics.state for one in inside if one.clinics), State.MISSING)
        figure = Figure(state=state, reason=reason, text=state.label)
        return Measure(key="none", label=label, figure=figure, unit="%", year=year, sentence=reason)
    value = round(100 * len(without) / len(known), 1)
    figure = Figure(
        state=State.OBSERVED, value=value, numerator=len(without), denominator=len(known), text=f"{value:,.1f}"
    )
    names = "、".join(one.name for one in without)
    sentence = f"{len(known)}市区町村のうち{len(without)}" + (f"（{names}）" if names else "（すべてにあります）")
    return Measure(key="none", label=label, figure=figure, unit="%", year=year, sentence=f"{sentence}。")


def _gini(row: SpineRow | None) -> Measure | None:
    if row is None:
        return None
    text = "0は市区町村の率がすべて同じ、100は1か所に集中していることを表します。"
    if row.reference.is_known:
        text += f"{row.reference.label}は{row.reference.text}です。"
    return Measure(key="gini", label=row.card.name, figure=row.figure, unit=row.card.unit, year=row.year, sentence=text)


def _gap(known: Sequence[_Unit], year: int | None) -> Measure | None:
    """The difference between the highest and the lowest rate of 在支診."""
    rated = [(one, one.clinics.value) for one in known if one.clinics is not None and one.clinics.value is not None]
    if len(rated) < 2:
        return None
    card = make_card(get_definition(CLINICS))
    (low, lowest), (high, highest) = min(rated, key=lambda one: one[1]), max(rated, key=lambda one: one[1])
    value = round(highest - lowest, 1)
    lows = [one.name for one, rate in rated if rate == lowest]
    named = low.name if len(lows) == 1 else f"{low.name}など{len(lows)}市区町村"
    return Measure(
        key="gap",
        label=f"{card.name}の最大と最小の差",
        figure=Figure(state=State.OBSERVED, value=value, text=f"{value:,.1f}"),
        unit=card.unit,
        year=year,
        sentence=f"最大は{high.name}の{highest:,.1f}、最小は{named}の{lowest:,.1f}（{card.unit}）。"
        "人口の少ない市区町村の率は1か所で大きく動きます。",
    )
