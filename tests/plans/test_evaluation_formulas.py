"""The declared rules against a table made by hand: every row of the manual's page has its cases here."""

from __future__ import annotations

import pytest

from plans.formulas.evaluation import (
    Actual,
    Comparability,
    StepState,
    judge_policy,
    judge_target,
    label_of,
)
from plans.formulas.progress import Course

NOTHING = Comparability()


def course(direction: str, baseline: float, end: float) -> Course:
    """From 2022 to 2026 without milestones: a quarter of the way each year."""
    return Course(direction=direction, baseline=baseline, baseline_year=2022, end=end, end_year=2026, milestones={})


def actual(value: float | None, year: int = 2024, **more: object) -> Actual:
    return Actual(year=year, value=value, text=str(value), state="値あり", **more)  # type: ignore[arg-type]  # fields of it


# direction, baseline, end, figure of 2024 (half way), judgement by hand
TABLE = (
    ("raise", 100, 120, 121, "reached"),
    ("raise", 100, 120, 120, "reached"),
    ("raise", 100, 120, 110, "on_course"),
    ("raise", 100, 120, 109.9, "behind"),
    ("raise", 100, 120, 100, "behind"),
    ("raise", 100, 120, 99.9, "worse"),
    ("lower", 100, 80, 80, "reached"),
    ("lower", 100, 80, 90, "on_course"),
    ("lower", 100, 80, 95, "behind"),
    ("lower", 100, 80, 101, "worse"),
    ("keep", 100, 100, 104, "reached"),
    ("keep", 100, 100, 95, "reached"),
    ("keep", 100, 100, 91, "behind"),
    ("keep", 100, 100, 111, "worse"),
    ("raise", 0, 4, 0, "behind"),
    ("raise", 0, 4, 2, "on_course"),
)


@pytest.mark.parametrize(("direction", "baseline", "end", "value", "expected"), TABLE)
def test_a_figure_is_judged_as_the_table_says(
    direction: str, baseline: float, end: float, value: float, expected: str
) -> None:
    found = judge_target(course(direction, baseline, end), actual(value), year=2024, comparability=NOTHING, decimals=1)
    assert found.judgement == expected
    assert label_of(expected, "target") in found.text


@pytest.mark.parametrize(
    ("given", "comparability", "why"),
    [
        (None, NOTHING, "現状値（2022年度）より新しい、2024年度までの値がまだない"),
        (actual(110, 2022), NOTHING, "まだない"),
        (Actual(year=2024, value=None, text="秘匿", state="秘匿", reason="10人未満"), NOTHING, "「秘匿」（10人未満）"),
        (Actual(year=2023, value=None, text="データなし", state="データなし"), NOTHING, "2023年度の値は「データなし」"),
        (actual(110, edition=2), Comparability(baseline_edition=1), "定義が第1版から第2版に変わり"),
        (actual(110), Comparability(breaks=((2024 + 2 / 12, "改定がありました。"),)), "改定がありました"),
    ],
)
def test_what_is_missing_hidden_or_not_comparable_is_never_judged(
    given: Actual | None, comparability: Comparability, why: str
) -> None:
    found = judge_target(course("raise", 100, 120), given, year=2024, comparability=comparability, decimals=1)
    assert found.judgement == "unknown"
    assert why in found.text
    assert "判定できません" in found.text
    assert found.expected is None


@pytest.mark.parametrize(
    ("position", "expected"), [(2022.0, "on_course"), (2021.5, "on_course"), (2025.0, "on_course"), (2022.5, "unknown")]
)
def test_only_a_change_of_rules_between_baseline_and_figure_cuts_the_series(position: float, expected: str) -> None:
    cut = Comparability(breaks=((position, "改定。"),))
    found = judge_target(course("raise", 100, 120), actual(110), year=2024, comparability=cut, decimals=1)
    assert found.judgement == expected


def test_the_same_edition_and_a_figure_by_hand_can_be_compared() -> None:
    same = Comparability(baseline_edition=1)
    way = course("raise", 100, 120)
    assert judge_target(way, actual(110, edition=1), year=2024, comparability=same, decimals=1).judgement == "on_course"
    by_hand = judge_target(way, actual(110, is_manual=True), year=2024, comparability=same, decimals=1)
    assert by_hand.judgement == "on_course"
    assert "手で入力した値です" in by_hand.notes[0]


def test_chance_an_older_year_and_provisional_figures_are_told() -> None:
    given = actual(106, 2023, lower=104.0, upper=108.0, is_provisional=True)
    found = judge_target(course("raise", 100, 120), given, year=2024, comparability=NOTHING, decimals=1)
    assert (found.judgement, found.expected) == ("on_course", 105.0)
    assert [word in " ".join(found.notes) for word in ("2023年度の値を", "暫定値", "104.0〜108.0")] == [True] * 3


# status, steps (year, done), year, judgement by hand
POLICIES: tuple[tuple[str, list[tuple[int, bool]], int, str], ...] = (
    ("running", [(2024, True), (2025, True)], 2024, "on_course"),
    ("running", [(2024, True), (2025, False)], 2024, "on_course"),
    ("running", [(2024, True), (2025, False)], 2025, "behind"),
    ("running", [(2024, False)], 2024, "behind"),
    ("planned", [(2024, False)], 2024, "worse"),
    ("planned", [(2024, True), (2024, False)], 2024, "behind"),
    ("done", [(2024, True), (2025, True)], 2024, "reached"),
    ("done", [], 2024, "reached"),
    ("done", [(2024, True), (2024, False)], 2024, "behind"),
    ("stopped", [(2024, True)], 2024, "worse"),
    ("running", [], 2024, "unknown"),
    ("running", [(2025, True)], 2024, "unknown"),
    ("running", [(2024, True)], 2023, "unknown"),
)


@pytest.mark.parametrize(("status", "steps", "year", "expected"), POLICIES)
def test_a_policy_is_judged_as_the_table_says(
    status: str, steps: list[tuple[int, bool]], year: int, expected: str
) -> None:
    found = judge_policy(year=year, starts=2024, status=status, steps=[StepState(*one) for one in steps])
    assert found.judgement == expected
    assert found.text


def test_a_policy_does_not_get_worse() -> None:
    assert label_of("worse", "policy") == "D 未着手・中止"
    assert label_of("worse", "target") == "D 悪化"
