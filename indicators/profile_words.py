"""What a profile says in plain Japanese: marks, sentences, notes. Pure: numbers in, words out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from indicators.profiles import Mark, OutlookLine, Reference
from indicators.results import DefinitionCard
from zaitaku.lib.statistics.comparison import Position, Verdict
from zaitaku.lib.statistics.multiplicity import expected_false_signals
from zaitaku.lib.statistics.trends import Trend, TrendReason

_HIGH_OR_LOW = {Position.HIGHER: "高い", Position.LOWER: "低い"}
_TREND_WORDS = {
    Trend.INCREASING: "増えている",
    Trend.DECREASING: "減っている",
    Trend.NO_CHANGE: "変化なし",
}
_JUDGEMENTS = {"better": "（望ましい側）", "worse": "（望ましくない側）"}
NO_CHANGES_TO_TELL = (
    "変化を判定できる指標はまだありません。判定には、区間のある値が5年続けて必要です。"
    "値の動きは、各指標の「推移」で見られます。"
)


def make_mark(position: Position, verdict: Verdict) -> Mark:
    """▲ and ▽ only where the definition has a direction; a neutral indicator is higher or lower, nothing more."""
    if position is Position.NOT_COMPARED:
        return Mark(symbol="", word="判定しない", tone="none")
    if position is Position.SAME:
        return Mark(symbol="－", word="差があるとは言えない", tone="same")
    word = _HIGH_OR_LOW[position]
    if verdict is Verdict.BETTER:
        return Mark(symbol="▲", word=f"望ましい側（{word}）", tone="better")
    if verdict is Verdict.WORSE:
        return Mark(symbol="▽", word=f"望ましくない側（{word}）", tone="worse")
    return Mark(symbol="", word=f"{word}（良し悪しなし）", tone="different")


def trend_text(trend: Trend, reason: TrendReason) -> str:
    """`増えている`, or a dash where no trend can be told."""
    if trend is Trend.CANNOT_BE_CALCULATED:
        return "年数不足" if reason is TrendReason.TOO_FEW_YEARS else "判定できない"
    return _TREND_WORDS[trend]


def gap_sentence(
    *,
    name: str,
    subject: str,
    value: float,
    text: str,
    unit: str,
    count: str,
    year: int,
    reference: Reference,
    mark: Mark,
) -> str:
    """`…は8.0か所（実数12か所、2025年度）。全国10.0か所の0.80倍で、偶然では説明しにくい差です（望ましくない側）。`"""
    shown, _, base = unit.partition("/")
    number = f"実数{count}、" if count else ""
    times = f"の{value / reference.value:.2f}倍で" if reference.value else "と比べて"
    return (
        f"{name}の{subject}{f'（{base}あたり）' if base else ''}は{text}{shown}（{number}{year}年度）。"
        f"{reference.label}{reference.text}{shown}{times}、偶然では説明しにくい差です{_JUDGEMENTS.get(mark.tone, '')}。"
    )


def change_sentence(*, name: str, card: DefinitionCard, trend: Trend, points: Sequence[tuple[int, float]]) -> str:
    """`…は2018年度の10.0か所から2022年度の14.0か所へ増えました。偶然では説明しにくい変化です。`"""
    (first_year, first), (last_year, last) = points[0], points[-1]
    unit = card.unit.partition("/")[0]
    word = "増えました" if trend is Trend.INCREASING else "減りました"
    return (
        f"{name}の{card.name}は{first_year}年度の{first:,.1f}{unit}から{last_year}年度の{last:,.1f}{unit}へ{word}。"
        "偶然では説明しにくい変化です。"
    )


def many_indicators_note(comparisons: int) -> str:
    """How many of so many comparisons chance alone would call certain."""
    if not comparisons:
        return "比較相手の値と区間の両方がある指標がないため、差の有無を判定していません。"
    expected = expected_false_signals(comparisons)
    return (
        f"この地域について{comparisons}指標を比べました。本当は差がなくても、偶然だけで約{expected:.1f}指標が"
        "「差がある」と出ます。1つの判定だけで結論を出さないでください。"
    )


def people(number: float | None) -> str:
    """`5,369,834人`."""
    return "値なし" if number is None else f"{number:,.0f}人"


def share(part: float | None, whole: float | None) -> str:
    """`17.3％`; nothing where it cannot be formed."""
    return f"{part / whole * 100:.1f}％" if part is not None and whole else ""


def times_between(line: OutlookLine, *, start: int, end: int) -> float | None:
    """How many times as much it is at the end; None where either is missing or the first is zero."""
    first, last = line.at(start), line.at(end)
    return last / first if first and last is not None else None


def log_gap(value: float | None, reference: float | None) -> float | None:
    """How far value and reference lie apart as a ratio, 0 for none; ∞ where exactly one of them is 0."""
    if value is None or reference is None or value < 0 or reference < 0:
        return None
    if value == 0 or reference == 0:
        return 0.0 if value == reference else math.inf
    return abs(math.log(value / reference))
