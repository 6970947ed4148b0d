"""What the pages say about an indicator, taken from its definition. Pure: definition in, words out."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.definitions.own import find_outdated_values
from indicators.definitions.schema import BETWEEN_UNITS, Basis, Definition, Direction, Interval, Method, Visibility
from indicators.definitions.schema import Level as DefinedLevel
from indicators.definitions.series_breaks import breaks
from indicators.results import DefinitionCard, Level, SeriesBreak
from zaitaku.lib.prefectures import prefecture

_LEVELS = {
    DefinedLevel.PREFECTURE: Level.PREFECTURE,
    DefinedLevel.AREA: Level.AREA,
    DefinedLevel.UNIT: Level.MUNICIPALITY,
}
_DIRECTIONS = {
    Direction.HIGHER: "高いほど望ましい",
    Direction.LOWER: "低いほど望ましい",
    Direction.NEUTRAL: "高い・低いだけでは良し悪しを判断しません",
}
_BASES = {
    Basis.PROVIDER: "医療機関の所在地で集計（流入する患者が多いと高く出ます）",
    Basis.RESIDENT: "患者の住所地で集計",
    Basis.NONE: "地域ごとに集計",
}
_EVIDENCE = {
    "A": "名称を公表資料で確認",
    "A2": "名称を公表資料で確認（一部要確認）",
    "B": "名称は要確認",
    "C": "この仕組みの提案",
}


def make_card(definition: Definition) -> DefinitionCard:
    """The definition in the words of the page."""
    unit, _, base = definition.unit.partition("/")
    outdated = find_outdated_values(definition.code)
    return DefinitionCard(
        code=definition.code,
        name=definition.name,
        name_kana=definition.kana,
        version=definition.version,
        phase=definition.phase.value,
        phase_label=definition.phase.label,
        kind=definition.kind.value,
        kind_label=definition.kind.label,
        kind_letter=definition.kind.letter,
        why=definition.why,
        numerator=definition.numerator.text,
        denominator=definition.denominator.text if definition.denominator else "（なし。実数）",
        formula=_formula(definition),
        unit=definition.unit,
        count_unit="" if unit == "%" else unit,
        rate_phrase=_rate_phrase(base),
        has_rate=definition.method is not Method.COUNT,
        has_interval=definition.interval is not Interval.NONE,
        direction=definition.direction.value,
        direction_label=_DIRECTIONS[definition.direction],
        basis=definition.basis.value,
        basis_label=_BASES[definition.basis],
        sources=tuple(f"{s.name}（{s.periodicity}、{_lag(s.lag)}）" for s in definition.sources),
        levels=tuple(_LEVELS[level] for level in definition.levels if level in _LEVELS),
        core_label=definition.core_label,
        is_official=definition.official_table,
        evidence_label=f"{_owner(definition)}の独自の指標" if definition.owner else _EVIDENCE[definition.evidence],
        next_review=definition.next_review,
        checked_by=definition.checked_by,
        owner=definition.owner,
        owner_label=f"{_owner(definition)}独自の指標" if definition.owner else "",
        visibility_label=f"{_owner(definition)}だけに表示" if definition.visibility is Visibility.PREFECTURE else "",
        caveats=definition.caveats,
        to_fill=definition.to_fill,
        notice=outdated.notice if outdated else "",
    )


def notices(cards: Iterable[DefinitionCard]) -> tuple[str, ...]:
    """For pages of several indicators: which of them show the values of an older definition."""
    return tuple(dict.fromkeys(f"「{card.name}」（{card.code}）：{card.notice}" for card in cards if card.notice))


def series_breaks(definition: Definition) -> tuple[SeriesBreak, ...]:
    """Changes of rules that cut the series of this indicator, from the dated table."""
    codes = [item.code for item in definition.numerator.items]
    return tuple(
        SeriesBreak(position=one.position, label=one.label, note=one.note)
        for one in breaks()
        if any(code.startswith(one.items) for code in codes)
    )


def _formula(definition: Definition) -> str:
    if definition.denominator is None:
        return definition.numerator.text
    text = f"{definition.numerator.text} ÷ {definition.denominator.text}"
    if definition.method in BETWEEN_UNITS:
        is_gini = definition.method is Method.GINI_BETWEEN_UNITS
        text = f"市区町村ごとの（{text}）の{'ジニ係数（人口で重み付け）' if is_gini else '最大と最小の差'}"
    return text if definition.multiplier == 1 else f"{text} × {definition.multiplier:,.0f}"


def _owner(definition: Definition) -> str:
    place = prefecture(definition.owner)
    return place.name if place else ""


def _lag(text: str) -> str:
    """`公表まで約2年`; what is no length of time, as a prefecture's own survey has it, stands by itself."""
    return f"公表まで{text}" if text.startswith("約") else text


def _rate_phrase(base: str) -> str:
    """`75歳以上10万人` → `75歳以上10万人あたり`; a unit without a base needs no phrase."""
    if not base:
        return ""
    return f"{base}人あたり" if base.startswith("死亡") else f"{base}あたり"
