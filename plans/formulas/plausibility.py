"""Whether a target can be believed: its place among the peers, the pace it asks for, and the demand to come. Pure.

None of this decides anything: each finding says what was compared with what, and the official writes down why the
target is right all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plans.formulas.findings import Finding, Weight
from plans.formulas.progress import KEEP, LOWER, RAISE, Course

LOOKED_BACK = 5
# A pace that fewer than one in ten peers kept up is called hard; a target that hardly moves is called idle.
_RARE = 0.10
_IDLE = 0.01
_FEWEST_PEERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The mean change a year between two years."""

    from_year: int
    to_year: int
    per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a target is held against. All values are protected figures in one measure.

    `peers`: each region's figures by year, without the own; `own`: likewise. `peer_target` is the end value in the
    measure of `peers` (a count is made a rate first; None if that cannot be done). `demand`: estimated demand by year.
    """

    own: Mapping[int, float]
    peers: Sequence[Mapping[int, float]]
    peer_baseline: float | None
    peer_target: float | None
    demand: Mapping[int, float]
    is_count: bool
    good_direction: str


def share_below(values: Sequence[float], value: float) -> float | None:
    """The share of values below `value`, equal ones counted half (0–1); None without values."""
    if not values:
        return None
    below = sum(one < value for one in values)
    return (below + sum(one == value for one in values) / 2) / len(values)


def past_pace(figures: Mapping[int, float], *, span: int = LOOKED_BACK) -> Pace | None:
    """The mean yearly change from the oldest figure of the last `span` years to the newest; None with one figure."""
    if not figures:
        return None
    last = max(figures)
    first = min(year for year in figures if year >= last - span)
    if first == last:
        return None
    return Pace(from_year=first, to_year=last, per_year=(figures[last] - figures[first]) / (last - first))


def needed_pace(course: Course) -> float:
    """The mean yearly change from the baseline to the end."""
    return (course.end - course.baseline) / (course.end_year - course.baseline_year)


def value_at(series: Mapping[int, float], year: int) -> float | None:
    """A series at a year, straight between its years; None outside them."""
    before = [one for one in series if one <= year]
    after = [one for one in series if one >= year]
    if not before or not after:
        return None
    start, stop = max(before), min(after)
    if start == stop:
        return series[start]
    return series[start] + (series[stop] - series[start]) * (year - start) / (stop - start)


def find_plausibility(course: Course, evidence: Evidence) -> tuple[Finding, ...]:
    """All findings on a target: direction, place among the peers, pace, demand."""
    return (
        *_direction(course, evidence),
        *_place(evidence),
        *_pace(course, evidence),
        *_demand(course, evidence),
    )


def _direction(course: Course, evidence: Evidence) -> Iterator[Finding]:
    wrong = {"higher": LOWER, "lower": RAISE}.get(evidence.good_direction)
    if course.direction == wrong:
        word = "高い" if wrong == LOWER else "低い"
        yield Finding(
            weight=Weight.ERROR,
            check="方向",
            text=f"この指標は{word}ほうが望ましいとされています。目標の方向が逆です。",
        )
    elif evidence.good_direction == "neutral" and course.direction != KEEP:
        yield Finding(
            weight=Weight.NOTE,
            check="方向",
            text="この指標に一律の望ましい方向はありません。増やす（減らす）理由を「目標値の考え方」に書いてください。",
        )


def _place(evidence: Evidence) -> Iterator[Finding]:
    newest = _newest(evidence.peers)
    if evidence.peer_target is None or len(newest) < _FEWEST_PEERS:
        text = "比べられる地域の値が少ないため、分布の中の位置は示せません。"
        yield Finding(weight=Weight.NOTE, check="ほかの地域との比較", text=text)
        return
    after = share_below(newest, evidence.peer_target)
    assert after is not None  # there are peers
    before = None if evidence.peer_baseline is None else share_below(newest, evidence.peer_baseline)
    start = "" if before is None else f"現状は下から{before:.0%}の位置、"
    beyond = not min(newest) <= evidence.peer_target <= max(newest)
    tail = "いまどの地域も達していない値です。実現できる根拠を書いてください。" if beyond else ""
    yield Finding(
        weight=Weight.WARNING if beyond else Weight.GOOD,
        check="ほかの地域との比較",
        text=f"値のある{len(newest)}地域の最新の分布で、{start}目標値は下から{after:.0%}の位置です。{tail}",
    )


def _newest(peers: Sequence[Mapping[int, float]]) -> list[float]:
    """The figures of the newest year that any peer has: different years are not mixed."""
    years = [max(one) for one in peers if one]
    return [one[max(years)] for one in peers if max(years) in one] if years else []


def _pace(course: Course, evidence: Evidence) -> Iterator[Finding]:
    needed = needed_pace(course)
    past = past_pace(evidence.own)
    if past is None:
        text = f"目標には年{needed:+,.1f}が必要です。過去の値が1年分しかないため、これまでの変化とは比べられません。"
        yield Finding(weight=Weight.NOTE, check="変化の速さ", text=text)
    else:
        span = past.to_year - past.from_year
        is_idle = course.direction != KEEP and abs(course.end - course.baseline) <= _IDLE * abs(course.baseline)
        is_faster = abs(needed) > 2 * abs(past.per_year) or needed * past.per_year < 0
        weight = Weight.WARNING if course.direction != KEEP and (is_idle or is_faster) else Weight.GOOD
        text = (
            f"過去{span}年（{past.from_year}–{past.to_year}年度）の変化は年{past.per_year:+,.1f}；"
            f"目標には年{needed:+,.1f}が必要です。{_pace_words(is_idle=is_idle, is_faster=is_faster)}"
        )
        yield Finding(weight=weight, check="変化の速さ", text=text)
    if course.direction != KEEP and not evidence.is_count:
        yield from _pace_of_peers(needed, evidence)


def _pace_words(*, is_idle: bool, is_faster: bool) -> str:
    if is_idle:
        return "現状とほとんど変わらない目標です。"
    return "これまでの2倍を超える速さ、または逆の向きです。何を変えるのかを施策で示してください。" if is_faster else ""


def _pace_of_peers(needed: float, evidence: Evidence) -> Iterator[Finding]:
    paces = [pace.per_year for pace in map(past_pace, evidence.peers) if pace is not None]
    if len(paces) < _FEWEST_PEERS:
        return
    fast = sum(pace >= needed if needed > 0 else pace <= needed for pace in paces)
    yield Finding(
        weight=Weight.WARNING if fast < _RARE * len(paces) else Weight.GOOD,
        check="ほかの地域の速さ",
        text=f"過去{LOOKED_BACK}年に、この速さ（年{needed:+,.1f}）以上で変わったのは{len(paces)}地域のうち{fast}です。",
    )


def _demand(course: Course, evidence: Evidence) -> Iterator[Finding]:
    start = value_at(evidence.demand, course.baseline_year)
    stop = value_at(evidence.demand, course.end_year)
    if not evidence.is_count or course.baseline <= 0 or not start or stop is None:
        return
    growth = stop / start - 1
    wanted = course.end / course.baseline - 1
    falls_short = course.direction == RAISE and wanted < growth
    tail = "目標の伸びが需要の伸びに届きません。1か所あたりの担う量が増えることになります。" if falls_short else ""
    yield Finding(
        weight=Weight.WARNING if falls_short else Weight.GOOD,
        check="需要推計との整合",
        text=f"訪問診療の需要推計は{course.baseline_year}年から{course.end_year}年に{growth:+.1%}、"
        f"目標は{wanted:+.1%}です。{tail}",
    )
