"""Where regions stand: by hand for the pure parts, then the whole layer on a small country."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from indicators.actions.compute import compute_indicators
from indicators.benchmark_words import Words, data_age, make_sentence, multiple_testing_note
from indicators.definitions import get_definition
from indicators.definitions.schema import Comparison, Direction
from indicators.formulas.standing import Column, compare, find_development, find_standing
from indicators.queries.standings import get_level_standings
from indicators.results import Level
from indicators.standings import Against
from tests.indicators.small_country import make_country
from zaitaku.lib.statistics.comparison import Position, Verdict
from zaitaku.lib.statistics.intervals import poisson_interval
from zaitaku.lib.statistics.trends import Trend, TrendReason

CLINICS = get_definition("DAY_S22")


def _column(counts: list[float], people: float = 10_000) -> Column:
    """Clinics per 100,000 of `people` each, with Poisson limits; NaN is hidden."""
    n = np.array(counts)
    scale = CLINICS.multiplier / people
    lower, upper = poisson_interval(n)
    return Column(n * scale, n, np.full(n.shape, people), lower * scale, upper * scale)


def test_a_region_differs_where_its_interval_leaves_the_comparator_out() -> None:
    """100 per 100,000 is 10 clinics: 10 is the same, 30 higher (20.2 at the least), 1 lower (5.6 at the most)."""
    column = _column([10, 30, 1, np.nan])
    standing = find_standing(CLINICS, column, comparator=np.full(4, 100.0))
    assert standing.position.tolist() == [Position.SAME, Position.HIGHER, Position.LOWER, Position.NOT_COMPARED]
    assert standing.verdict.tolist() == [Verdict.SAME, Verdict.BETTER, Verdict.WORSE, Verdict.NOT_COMPARED]
    assert standing.rank.tolist()[:3] == [2, 1, 3]
    assert np.isnan(standing.rank[3])
    assert standing.ranked == standing.compared == 3


def test_without_a_direction_there_is_no_better_or_worse() -> None:
    neutral = CLINICS.model_copy(update={"direction": Direction.NEUTRAL})
    standing = find_standing(neutral, _column([10, 30]), comparator=np.full(2, 100.0))
    assert standing.verdict.tolist() == [Verdict.NO_JUDGEMENT, Verdict.NO_JUDGEMENT]


def test_claims_have_no_verdict_because_chance_cannot_be_told_from_difference() -> None:
    column = _column([10, 30])
    assert compare(get_definition("ACU_P02"), column, comparator=np.full(2, 100.0)).tolist() == [9, 9]


def test_a_funnel_asks_what_chance_would_do_around_the_comparator() -> None:
    """Expected 10: 17 lies inside the 95 % limits of Poisson (lower limit of 17: 9.9), 18 outside (10.7)."""
    funnel = CLINICS.model_copy(update={"comparison": Comparison.FUNNEL})
    assert compare(funnel, _column([10, 17, 18]), comparator=np.full(3, 100.0)).tolist() == [0, 0, 1]


def test_rank_intervals_hold_the_rank_and_are_wide_where_counts_are_small() -> None:
    standing = find_standing(CLINICS, _column([3, 4, 5, 400]), comparator=np.full(4, np.nan))
    assert (standing.rank_low <= standing.rank).all()
    assert (standing.rank_high >= standing.rank).all()
    assert (standing.rank_low[3], standing.rank_high[3]) == (1, 1)
    assert standing.rank_high[0] - standing.rank_low[0] >= 1


def test_five_years_in_a_row_make_a_trend_and_fewer_do_not() -> None:
    years = [2018, 2019, 2020, 2021, 2022]
    rising = [_column([100 + 40 * step, 100]) for step in range(5)]
    found = find_development(CLINICS, rising, years=years)
    assert found.recent.direction.tolist() == [Trend.INCREASING, Trend.NO_CHANGE]
    short = find_development(CLINICS, rising[:3], years=years[:3])
    assert short.recent.reason.tolist() == [TrendReason.TOO_FEW_YEARS] * 2
    assert np.isnan(short.p).all()


def _words(**changes: object) -> Words:
    base: dict[str, object] = {
        "region": "甲市",
        "subject": "在支診",
        "year": 2025,
        "value": "12.0",
        "unit": "か所",
        "comparator": "全国",
        "comparator_value": "20.0",
        "interval": "8.0–17.0",
        "position": Position.LOWER,
        "verdict": Verdict.WORSE,
        "rank": 12,
        "rank_low": 7,
        "rank_high": 19,
        "ranked": 40,
        "trend": Trend.NO_CHANGE,
        "trend_reason": TrendReason.NONE,
    }
    return Words(**{**base, **changes})  # type: ignore[arg-type]  # a test's own dictionary


def test_the_sentence_says_difference_certainty_rank_and_trend() -> None:
    assert make_sentence(_words()) == (
        "甲市の在支診（2025年度）は12.0か所で、全国（20.0か所）より低く、偶然では説明しにくい差です"
        "（95％区間 8.0–17.0、望ましくない側の差）。値のある40地域の中で高い順に12位（95％区間 7–19位）。"
        "最近5年でははっきりした変化はありません。"
    )


def test_the_sentence_claims_no_difference_where_there_is_none_to_claim() -> None:
    same = make_sentence(_words(position=Position.SAME, verdict=Verdict.SAME))
    assert "全国（20.0か所）と差があるとは言えません" in same
    unknown = make_sentence(_words(comparator_value="", position=Position.NOT_COMPARED, rank_low=None, rank_high=None))
    assert "全国の値がないため比べられません。値のある40地域の中で高い順に12位。" in unknown
    neutral = make_sentence(_words(verdict=Verdict.NO_JUDGEMENT))
    assert "望まし" not in neutral


def test_many_comparisons_come_with_the_number_of_false_alarms_to_expect() -> None:
    assert "335地域" in multiple_testing_note(335)
    assert "約17地域" in multiple_testing_note(335)
    assert multiple_testing_note(1) == ""


def test_the_age_of_data_is_counted_in_full_months() -> None:
    assert data_age(dt.date(2023, 3, 31), today=dt.date(2025, 3, 30)) == "1年11か月前の値（2023年3月31日時点）"
    assert data_age(dt.date(2025, 3, 1), today=dt.date(2025, 3, 20)) == "0か月前の値（2025年3月1日時点）"
    assert data_age(None, today=dt.date(2025, 3, 30)) == ""


@pytest.mark.django_db
def test_units_are_compared_with_their_prefecture_and_hidden_ones_stand_nowhere() -> None:
    """北海道: 12 clinics for 4,000; 札幌市中央区 5 of 1,000, 小樽市 none."""
    country = make_country()
    figures = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}
    country.list_clinics(2025, figures, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    table = get_level_standings("DAY_S22", level=Level.MUNICIPALITY, prefecture="01", against=Against.PREFECTURE)
    assert [row.region_code for row in table.rows] == ["01101", "01102", "01202", "01203"]
    row = table.row("01101")
    assert row is not None
    assert row.comparator is not None
    assert row.comparator.value == 300
    assert (row.rank, row.prefecture_rank, row.figure.value, row.position) == (1, 1, 500, Position.SAME)
    assert "北海道（300.0か所）と差があるとは言えません" in row.sentence
    nationwide = get_level_standings("DAY_S22", level=Level.PREFECTURE)
    aomori = nationwide.row("02")
    assert aomori is not None
    assert (aomori.rank, aomori.verdict) == (None, Verdict.NOT_COMPARED)
    assert "未取込" in aomori.sentence


@pytest.mark.django_db
def test_a_new_computation_makes_a_new_benchmark() -> None:
    country = make_country()
    country.list_clinics(2025, {"01": 12.0}, source=country.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22"])
    first = get_level_standings("DAY_S22", level=Level.PREFECTURE)
    country.list_clinics(2025, {"01": 16.0}, source=country.source(as_of=dt.date(2026, 1, 1)))
    compute_indicators(["DAY_S22"])
    second = get_level_standings("DAY_S22", level=Level.PREFECTURE)
    assert [row.figure.value for row in first.rows if row.region_code == "01"] == [300]
    assert [row.figure.value for row in second.rows if row.region_code == "01"] == [400]
