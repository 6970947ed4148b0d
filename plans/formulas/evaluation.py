"""The declared rules of the yearly evaluation: what is judged of a target and of a policy, or why nothing can be. Pure.

docs/ja/21-evaluation.md states them in the same words, and `TARGET_RULES` and `POLICY_RULES` stand on every page that
shows a judgement.

A target is judged by `plans.formulas.progress.judge` if there is a figure that can be held against the baseline. It
cannot if no newer figure is stored, if the newest is hidden or missing, if the definition has changed since, or if a
change of rules (`series_breaks.csv`) lies between. A policy is judged by the steps of its roadmap that were due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plans.formulas.progress import BEHIND, KEEP, ON_COURSE, REACHED, UNKNOWN, WORSE, Course, judge

TARGET, POLICY = "target", "policy"
STOPPED, DONE, PLANNED = "stopped", "done", "planned"
_LABELS = {REACHED: "A 達成", ON_COURSE: "B 順調", BEHIND: "C 遅れ", WORSE: "D 悪化", UNKNOWN: "判定できない"}
_POLICY_LABELS = {**_LABELS, WORSE: "D 未着手・中止"}

TARGET_RULES = (
    ("A 達成", "目標値に達した（「維持する」目標は、保ちたい値の±5％以内）"),
    ("B 順調", "その値の年度に見込んだ値（各年の目標を直線で結んだ値）に達した"),
    ("C 遅れ", "現状値より悪くないが、見込んだ値に届かない（「維持する」目標は±10％以内）"),
    ("D 悪化", "現状値より悪い（「維持する」目標は±10％を超えた）"),
    (
        "判定できない",
        "現状値より新しい値がない、値が秘匿・データなし・対象外、定義が変わった、制度の改定をまたいで比べられない",
    ),
)
POLICY_RULES = (
    ("A 達成", "施策の状況が「完了」で、ロードマップの項目がすべて済んだ"),
    ("B 順調", "その年度までのロードマップの項目がすべて済んだ"),
    ("C 遅れ", "その年度までの項目に済んでいないものがある"),
    ("D 未着手・中止", "中止した、または「予定」のままで、その年度までの項目が1つも済んでいない"),
    ("判定できない", "その年度までのロードマップの項目がない"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actual:
    """The figure of a year. `value` None: `state` and `reason` say why. `edition`: of the definition, None by hand."""

    year: int
    value: float | None
    text: str
    state: str
    lower: float | None = None
    upper: float | None = None
    reason: str = ""
    edition: int | None = None
    is_provisional: bool = False
    is_manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparability:
    """What might cut the series: the definition's edition at the baseline, and changes of rules (position, note)."""

    baseline_edition: int | None = None
    breaks: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rule gives, its application in words, and what to know beside it. `expected` is None if not judged."""

    judgement: str
    text: str
    expected: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a roadmap."""

    year: int
    is_done: bool


def label_of(judgement: str, subject: str) -> str:
    """The words of a judgement; D of a policy is 未着手・中止, since a policy does not get worse."""
    return (_POLICY_LABELS if subject == POLICY else _LABELS).get(judgement, "")


def judge_target(
    course: Course, actual: Actual | None, *, year: int, comparability: Comparability, decimals: int
) -> Verdict:
    """The verdict on a target for the evaluation of `year`; `actual` is the newest figure up to then."""
    if why := _unjudged(course, actual, year=year, comparability=comparability):
        return Verdict(judgement=UNKNOWN, text=why)
    assert actual is not None  # `_unjudged` has looked
    assert actual.value is not None
    found = judge(course, actual=actual.value, year=actual.year)
    expected = course.end if course.direction == KEEP else course.expected(actual.year)
    return Verdict(
        judgement=found,
        text=_reason(course, actual, found, expected, decimals),
        expected=expected,
        notes=tuple(_notes(actual, year=year, expected=expected, decimals=decimals)),
    )


def _unjudged(course: Course, actual: Actual | None, *, year: int, comparability: Comparability) -> str:
    """Why nothing can be judged, empty if it can."""
    if actual is None or actual.year <= course.baseline_year:
        return f"現状値（{course.baseline_year}年度）より新しい、{year}年度までの値がまだないため、判定できません。"
    if actual.value is None:
        why = f"（{actual.reason}）" if actual.reason else ""
        return f"{actual.year}年度の値は「{actual.state}」{why}のため、判定できません。"
    before = comparability.baseline_edition
    if before is not None and actual.edition is not None and before != actual.edition:
        return (
            f"指標の定義が第{before}版から第{actual.edition}版に変わり、現状値と比べられないため、判定できません。"
            "いまの定義の値で目標を置き直してください。"
        )
    for position, note in comparability.breaks:
        if course.baseline_year < position < actual.year + 1:
            return (
                f"現状値（{course.baseline_year}年度）と{actual.year}年度の間に変更があります。{note}判定できません。"
            )
    return ""


def _reason(course: Course, actual: Actual, found: str, expected: float, decimals: int) -> str:
    words = {
        REACHED: f"目標値{_number(course.end, decimals)}に達した",
        ON_COURSE: f"{actual.year}年度に見込んだ{_number(expected, decimals)}に達した",
        BEHIND: f"現状値より悪くないが、{actual.year}年度に見込んだ{_number(expected, decimals)}に届かない",
        WORSE: f"現状値{_number(course.baseline, decimals)}より悪い",
    }
    if course.direction == KEEP:
        within = {REACHED: "±5％以内", BEHIND: "±5％を超え±10％以内", WORSE: "±10％を超えた"}
        words = {key: f"保ちたい値{_number(course.end, decimals)}の{text}" for key, text in within.items()}
    return f"{actual.year}年度の値{_number(actual.value, decimals)}は、{words[found]}ので「{_LABELS[found]}」です。"


def _notes(actual: Actual, *, year: int, expected: float, decimals: int) -> Sequence[str]:
    said = []
    if actual.year != year:
        said.append(
            f"{year}年度の値はまだないので、いちばん新しい{actual.year}年度の値を、同じ年度の見込みと比べました。"
        )
    if actual.is_provisional:
        said.append("暫定値です。確定した値で判定が変わることがあります。")
    if actual.is_manual:
        said.append("手で入力した値です。出典を確かめてください。")
    if actual.lower is not None and actual.upper is not None and actual.lower <= expected <= actual.upper:
        low, high = _number(actual.lower, decimals), _number(actual.upper, decimals)
        said.append(
            f"見込みの{_number(expected, decimals)}は95％信頼区間（{low}〜{high}）に入ります。"
            "偶然のばらつきで判定が変わりうる差です。"
        )
    return said


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:,.{decimals}f}"


def judge_policy(*, year: int, starts: int, status: str, steps: Sequence[StepState]) -> Verdict:
    """The verdict on a policy for a year by the steps of its roadmap that were due by then."""
    due = [step for step in steps if step.year <= year]
    done = sum(step.is_done for step in due)
    counted = f"{year}年度までの項目{len(due)}のうち{done}が済み"
    if status == STOPPED:
        return Verdict(judgement=WORSE, text="施策の状況が「中止」です。")
    if year < starts:
        return Verdict(judgement=UNKNOWN, text=f"{starts}年度に始まる施策なので、まだ判定できません。")
    if status == DONE and all(step.is_done for step in steps):
        what = "ロードマップの項目がすべて済み、" if steps else ""
        return Verdict(judgement=REACHED, text=f"{what}施策の状況が「完了」です。")
    if not due:
        return Verdict(judgement=UNKNOWN, text=f"{year}年度までのロードマップの項目がないため、判定できません。")
    if done == len(due):
        return Verdict(judgement=ON_COURSE, text=f"{counted}です。")
    if not done and status == PLANNED:
        return Verdict(judgement=WORSE, text=f"{counted}で、状況も「予定」のままです。")
    return Verdict(judgement=BEHIND, text=f"{counted}です。")
