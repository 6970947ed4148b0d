"""Yearly milestones of a target, where it should stand in a year, and the judgement by the declared rule. Pure.

The rule (docs/ja/targets.md states it in the same words):

    A 達成   the end value is reached
    B 順調   the value of the course for that year is reached
    C 遅れ   better than the baseline or equal to it, but behind the course
    D 悪化   worse than the baseline
    判定できない   there is no figure newer than the baseline

A target to be kept is reached within 5 % of its value, behind within 10 %, and worse beyond. The course runs straight
from point to point: baseline, milestones, end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

REACHED, ON_COURSE, BEHIND, WORSE, UNKNOWN = "reached", "on_course", "behind", "worse", "unknown"
RAISE, LOWER, KEEP = "raise", "lower", "keep"
KEPT_WITHIN, STRAYED_WITHIN = 0.05, 0.10
# Sums of decimals as typed ("12.3") are compared; what differs by less is rounding noise.
_NOISE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The way of a target: where it begins, passes and ends. `milestones` by fiscal year."""

    direction: str
    baseline: float
    baseline_year: int
    end: float
    end_year: int
    milestones: Mapping[int, float]

    def expected(self, year: int) -> float:
        """Where the target shall stand in a year; before the baseline its value, after the end the end value."""
        inside = {k: v for k, v in self.milestones.items() if self.baseline_year < k < self.end_year}
        points = sorted({self.baseline_year: self.baseline, **inside, self.end_year: self.end}.items())
        if year <= self.baseline_year:
            return self.baseline
        for (start, low), (stop, high) in pairwise(points):
            if year <= stop:
                return low + (high - low) * (year - start) / (stop - start)
        return self.end

    def progress(self, actual: float) -> float | None:
        """The part of the way that is done: 0 at the baseline, 1 at the end; None for a target that is kept."""
        way = self.end - self.baseline
        return None if self.direction == KEEP or abs(way) < _NOISE else (actual - self.baseline) / way


def linear_milestones(
    baseline: float, *, baseline_year: int, end: float, end_year: int, years: Iterable[int], decimals: int
) -> dict[int, float]:
    """The proposal: equal steps from baseline to end, for those of `years` that lie between them."""
    step = (end - baseline) / (end_year - baseline_year)
    between = [year for year in years if baseline_year < year < end_year]
    return {year: round(baseline + step * (year - baseline_year), decimals) for year in between}


def judge(course: Course, *, actual: float | None, year: int) -> str:
    """The judgement of a figure of `year` by the rule above."""
    if actual is None or year <= course.baseline_year:
        return UNKNOWN
    if course.direction == KEEP:
        return _judge_kept(course.end, actual)
    sign = 1 if course.direction == RAISE else -1
    if sign * (actual - course.end) >= -_NOISE:
        return REACHED
    if sign * (actual - course.expected(year)) >= -_NOISE:
        return ON_COURSE
    return BEHIND if sign * (actual - course.baseline) >= -_NOISE else WORSE


def _judge_kept(wanted: float, actual: float) -> str:
    away = abs(actual - wanted)
    if away <= KEPT_WITHIN * abs(wanted) + _NOISE:
        return REACHED
    return BEHIND if away <= STRAYED_WITHIN * abs(wanted) + _NOISE else WORSE
