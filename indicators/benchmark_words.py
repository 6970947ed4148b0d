"""What a benchmark says in plain Japanese. Pure: numbers in, words out."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from zaitaku.lib.statistics.comparison import Position, Verdict
from zaitaku.lib.statistics.multiplicity import expected_false_signals
from zaitaku.lib.statistics.trends import Trend, TrendReason

POSITIONS = {Position.HIGHER: "高い", Position.LOWER: "低い", Position.SAME: "差があるとは言えない"}
VERDICTS = {
    Verdict.BETTER: "望ましい側の差",
    Verdict.WORSE: "望ましくない側の差",
    Verdict.SAME: "差があるとは言えない",
    Verdict.NO_JUDGEMENT: "良し悪しは判断しない",
    Verdict.NOT_COMPARED: "比べられない",
}
TRENDS = {
    Trend.INCREASING: "増えています",
    Trend.DECREASING: "減っています",
    Trend.NO_CHANGE: "はっきりした変化はありません",
}
_NO_TREND = {
    TrendReason.TOO_FEW_YEARS: "5年分の値がないため",
    TrendReason.YEAR_GAP: "年が続いていないため",
    TrendReason.POOLED_YEARS: "複数年の合算のため",
    TrendReason.NO_INTERVALS: "信頼区間がないため",
    TrendReason.EVERYONE_OR_NOT_DEFINED: "値が定まらない年があるため",
    TrendReason.NOT_COMPARABLE_OVER_TIME: "標準化した比は年どうしを比べられないため",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one sentence is about: names as the page writes them, numbers as it shows them."""

    region: str
    subject: str
    year: int
    value: str
    unit: str
    comparator: str
    comparator_value: str
    interval: str
    position: Position
    verdict: Verdict
    rank: int
    rank_low: int | None
    rank_high: int | None
    ranked: int
    trend: Trend
    trend_reason: TrendReason


def make_sentence(words: Words) -> str:
    """`北海道の…は…で、全国（…）より低く、95％信頼区間（…）でみても差があります。…位（95％区間 …位）です。…。`"""
    value = f"{words.region}の{words.subject}（{words.year}年度）は{words.value}{words.unit}"
    return "。".join((f"{value}{_against(words)}", _rank(words), _trend(words))) + "。"


def _against(words: Words) -> str:
    if not words.comparator_value:
        return f"です。{words.comparator}の値がないため比べられません"
    compared = f"{words.comparator}（{words.comparator_value}{words.unit}）"
    if words.position is Position.NOT_COMPARED:
        return f"、{compared}です。偶然のばらつきを測れない指標なので、差の有無は判定しません"
    if words.position is Position.SAME:
        return f"で、{compared}と差があるとは言えません（95％区間 {words.interval}）"
    word = "高く" if words.position is Position.HIGHER else "低く"
    judgement = f"、{VERDICTS[words.verdict]}" if words.verdict in (Verdict.BETTER, Verdict.WORSE) else ""
    return f"で、{compared}より{word}、偶然では説明しにくい差です（95％区間 {words.interval}{judgement}）"


def _rank(words: Words) -> str:
    place = f"値のある{words.ranked}地域の中で高い順に{words.rank}位"
    if words.rank_low is None or words.rank_high is None:
        return place
    return f"{place}（95％区間 {words.rank_low}–{words.rank_high}位）"


def _trend(words: Words) -> str:
    if words.trend is Trend.CANNOT_BE_CALCULATED:
        return f"最近5年の傾向は、{_NO_TREND.get(words.trend_reason, '')}判定できません"
    return f"最近5年では{TRENDS[words.trend]}"


def no_trend(reason: TrendReason) -> str:
    """Why there is no trend, as the end of a sentence: `5年分の値がないため`."""
    return _NO_TREND.get(reason, "")


def multiple_testing_note(comparisons: int) -> str:
    """How many differences chance alone would show among so many comparisons."""
    if comparisons < 2:
        return ""
    expected = expected_false_signals(comparisons)
    number = f"{expected:.1f}" if expected < 10 else f"{expected:.0f}"
    return (
        f"{comparisons}地域を比べているので、本当は差がなくても偶然だけで約{number}地域が「差がある」と出ます。"
        "1つの地域の判定だけで結論を出さないでください。"
    )


def data_age(as_of: dt.date | None, *, today: dt.date) -> str:
    """`2年3か月前の値`; nothing if the date is not known."""
    if as_of is None:
        return ""
    months = max((today.year - as_of.year) * 12 + today.month - as_of.month - (today.day < as_of.day), 0)
    years, rest = divmod(months, 12)
    text = (f"{years}年" if years else "") + (f"{rest}か月" if rest or not years else "")
    return f"{text}前の値（{as_of.year}年{as_of.month}月{as_of.day}日時点）"


def whole(number: float) -> int | None:
    """A rank as a whole number; None for NaN."""
    return None if math.isnan(number) else int(number)
