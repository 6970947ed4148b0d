"""Stored standings: the same as worked out slowly, kept incrementally, and nothing of hidden figures in them."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from indicators.actions.compute import compute_indicators
from indicators.definitions import get_definition
from indicators.formulas.peers import NOWHERE, PLACE, SHARES, find_spreads, read_places
from indicators.formulas.standing import Column, find_development, find_standing
from indicators.models import IndicatorValue, PeerGroup, PeerStanding
from indicators.queries.standings import (
    get_level_standings,
    get_quantile_bands,
    get_region_standings,
    get_similar_regions,
    get_standing_matrix,
)
from indicators.results import Level
from indicators.standings import Against, StandingRow
from regions.models import Region
from tests.indicators.small_country import UNITS, SmallCountry, make_country
from zaitaku.lib.statistics.comparison import Position
from zaitaku.lib.statistics.ranking import quantile_points, ranks, ranks_within
from zaitaku.lib.statistics.trends import Trend, TrendReason

CLINICS = "DAY_S22"  # 在支診・在支病: with intervals
VISITS = "ACU_P02"  # claims: without
CODES = (CLINICS, VISITS)
HOKKAIDO = {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}
AOMORI = {"02": 9.0, "02201": 8.0, "02202": 1.0}
SCHEME = "iryoken2-7"
numbers = st.one_of(st.just(math.nan), st.integers(-3, 3).map(float))


@given(st.lists(st.tuples(numbers, st.integers(0, 3)), min_size=1, max_size=30))
def test_a_rank_within_a_group_is_the_rank_of_the_group_alone(rows: list[tuple[float, int]]) -> None:
    values, groups = (np.array(column) for column in zip(*rows, strict=True))
    rank, counted = ranks_within(values, groups)
    for group in set(groups.tolist()):
        inside = groups == group
        assert np.array_equal(rank[inside], ranks(values[inside]), equal_nan=True)
        assert set(counted[inside].tolist()) == {int((~np.isnan(values[inside])).sum())}


@given(st.lists(st.lists(numbers, min_size=4, max_size=4), min_size=1, max_size=3))
def test_the_spread_of_many_years_is_that_of_each_year(years: list[list[float]]) -> None:
    values = np.array(years)
    spreads = find_spreads(values)
    for number, row in enumerate(values):
        assert spreads.points[number] == pytest.approx(quantile_points(row, shares=SHARES), nan_ok=True)
        known = row[~np.isnan(row)]
        assert spreads.counted[number] == known.size
        if known.size:
            assert spreads.mean[number] == pytest.approx(known.mean())
            assert spreads.deviation[number] == pytest.approx(known.std())


def test_a_record_is_sixteen_bytes_and_a_region_without_one_is_not_the_same_as_its_comparator() -> None:
    assert PLACE.itemsize == 16
    assert int(NOWHERE["against_nation"]) == Position.NOT_COMPARED
    assert read_places(NOWHERE.tobytes())["trend"].tolist() == [Trend.CANNOT_BE_CALCULATED]


@pytest.fixture
def country() -> SmallCountry:
    """Clinics in six years, the lists of both prefectures; claims of two years. All computed."""
    country = make_country()
    for year in range(2020, 2026):
        more = {"01": 10.0 * (year - 2020), "01101": 10.0 * (year - 2020)}
        hokkaido = {code: number + more.get(code, 0.0) for code, number in HOKKAIDO.items()}
        if year < 2025:
            country.people("resident_register", year, dict.fromkeys(UNITS, 1000))
        country.list_clinics(year, hokkaido | AOMORI, source=country.source(as_of=dt.date(year, 10, 1)))
    claims(country, 2023, 190.0)
    claims(country, 2024, 170.0)
    compute_indicators(CODES)
    return country


def claims(country: SmallCountry, year: int, of_hokkaido: float) -> None:
    source = country.source(as_of=dt.date(year + 1, 3, 31), kind="ndb_open_data")
    country.observe("ndb.medical.claims.114000110", year, {"00": 300.0, "01": of_hokkaido}, source=source)


def stored(code: str, level: Level) -> dict[int, tuple[int, bytes | None]]:
    found = PeerStanding.objects.filter(indicator__code=code, group__kind=level.value).order_by("year")
    return {
        year: (counted, None if places is None else bytes(places))
        for year, counted, places in found.values_list("year", "counted", "places")
    }


def everything() -> list[tuple[object, ...]]:
    rows = PeerStanding.objects.order_by("indicator_id", "group_id", "year").values_list(
        "indicator_id", "group_id", "year", "counted", "compared", "mean", "deviation", "points", "places"
    )
    return [(*row[:-1], None if row[-1] is None else bytes(row[-1])) for row in rows]


def slowly(code: str, regions: list[Region], year: int, *, above: bool) -> list[tuple[object, ...]]:
    """Position, rank with interval, decile, 偏差値, trend of each region, straight from its stored values.

    `above`: against its prefecture, else the nation.
    """
    definition = get_definition(code)
    names = ("value", "numerator", "denominator", "lower", "upper")
    found = {
        (row.region_id, row.year): [math.nan if getattr(row, n) is None else getattr(row, n) for n in names]
        for row in IndicatorValue.objects.filter(indicator__code=code)
    }
    years = sorted({one for _region, one in found if one <= year})

    def column(one: int) -> Column:
        return Column(*np.array([found[region.pk, one] for region in regions]).T)

    ids = dict(Region.objects.filter(scheme=None).values_list("code", "pk"))
    comparator = np.array([found[ids[region.code[:2] if above else "00"], year][0] for region in regions])
    standing = find_standing(definition, column(year), comparator=comparator)
    trend = find_development(definition, [column(one) for one in years], years=years).recent
    ranked = (standing.rank, standing.rank_low, standing.rank_high, standing.decile)
    return [
        (
            int(standing.position[n]),
            *(None if math.isnan(column[n]) else int(column[n]) for column in ranked),
            None if math.isnan(standing.score[n]) else round(float(standing.score[n]), 1),
            int(trend.direction[n]) if not math.isnan(standing.rank[n]) else int(Trend.CANNOT_BE_CALCULATED),
        )
        for n in range(len(regions))
    ]


def told(row: StandingRow) -> tuple[object, ...]:
    return (int(row.position), row.rank, row.rank_low, row.rank_high, row.decile, row.score, int(row.trend))


@pytest.mark.django_db
def test_stored_and_live_standings_are_those_worked_out_slowly(country: SmallCountry) -> None:
    """Of every level, the newest year (stored) and an earlier one (live), against the nation and the prefecture."""
    checked = 0
    for code, level, year, against in itertools.product((CLINICS, VISITS), Level, (None, 2023), Against):
        scheme = SCHEME if level == Level.AREA else ""
        table = get_level_standings(code, level=level, scheme=scheme, year=year, against=against)
        if table.year is None or table.spread is None:  # claims are published by prefecture only
            assert (code, level) in ((VISITS, Level.AREA), (VISITS, Level.MUNICIPALITY))
            continue
        regions = [Region.objects.get(pk=row.region_id) for row in table.rows]
        inside = against is Against.PREFECTURE and level != Level.PREFECTURE
        expected = slowly(code, regions, table.year, above=inside)
        assert [told(row) for row in table.rows] == expected
        checked += 1
    assert checked == 16


@pytest.mark.django_db
def test_a_trend_of_six_years_is_stored_with_the_newest(country: SmallCountry) -> None:
    (row, _spread), *_ = get_region_standings("01101", level=Level.MUNICIPALITY, codes=[CLINICS])
    assert (row.year, row.trend, row.trend_reason) == (2025, Trend.INCREASING, TrendReason.NONE)
    assert "最近5年では増えています" in row.sentence


@pytest.mark.django_db
def test_places_are_stored_for_the_newest_year_alone_and_spreads_for_all(country: SmallCountry) -> None:
    years = stored(CLINICS, Level.MUNICIPALITY)
    assert sorted(years) == list(range(2020, 2026))
    assert [year for year, (_counted, places) in years.items() if places is not None] == [2025]
    bands = get_quantile_bands(CLINICS, level=Level.MUNICIPALITY, years=[2024, 2025])
    assert [(band.year, band.count, len(band.points)) for band in bands] == [(2024, 6, 11), (2025, 6, 11)]


@pytest.mark.django_db
def test_only_what_depends_on_a_change_is_stored_again_and_it_is_what_a_full_computation_stores(
    country: SmallCountry,
) -> None:
    before = dict(PeerStanding.objects.filter(indicator__code=VISITS).values_list("year", "counted"))
    changed = HOKKAIDO | {"01101": 90.0, "01": 97.0}
    country.list_clinics(2022, changed | AOMORI, source=country.source(as_of=dt.date(2022, 12, 1)))
    assert CLINICS in compute_indicators(CODES, if_needed=True).computed
    assert dict(PeerStanding.objects.filter(indicator__code=VISITS).values_list("year", "counted")) == before
    step_by_step = everything()
    compute_indicators(CODES)
    assert everything() == step_by_step


@pytest.mark.django_db
def test_a_newest_year_that_goes_gives_its_place_to_the_year_before(country: SmallCountry) -> None:
    from zaitaku.sources.models import SourceFile

    newest = SourceFile.objects.filter(observations__year=2025, observations__item__code__startswith="notification")
    SourceFile.objects.filter(pk__in=newest.values("pk")).update(withdrawn_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    compute_indicators(CODES, if_needed=True)
    years = stored(CLINICS, Level.MUNICIPALITY)
    assert [year for year, (_counted, places) in years.items() if places is not None] == [2024]
    step_by_step = everything()
    compute_indicators(CODES)
    assert everything() == step_by_step


@pytest.mark.django_db
def test_hidden_figures_stand_nowhere_and_change_nobody_elses_standing(country: SmallCountry) -> None:
    hidden = country.source(as_of=dt.date(2025, 12, 1))
    for number in (1, 2, 3):
        for kind in ("clinic", "hospital"):
            country.observe(f"notification.shien_{kind}_{number}", 2025, {"01202": None}, source=hidden)
    compute_indicators(CODES, if_needed=True)
    rows = get_level_standings(CLINICS, level=Level.MUNICIPALITY)
    hakodate = rows.row("01202")
    assert hakodate is not None
    assert (told(hakodate)[:6], hakodate.trend) == ((9, None, None, None, None, None), Trend.CANNOT_BE_CALCULATED)
    assert (hakodate.prefecture_rank, hakodate.prefecture_ranked) == (None, 3)
    assert [row.ranked for row in rows.rows] == [5] * 6
    assert "表示できません：公表時に秘匿されています" in hakodate.sentence
    places = stored(CLINICS, Level.MUNICIPALITY)[2025][1]
    assert places is not None
    assert read_places(places)[2]["rank"] == 0


@pytest.mark.django_db
def test_other_regions_make_another_group_and_the_old_one_loses_its_standings(country: SmallCountry) -> None:
    before = set(PeerGroup.objects.filter(kind="municipality").values_list("pk", flat=True))
    Region.objects.filter(code="01203").update(valid_to=dt.date(2026, 4, 1))
    compute_indicators(CODES, if_needed=True)
    assert not PeerStanding.objects.filter(group__in=before).exists()
    table = get_level_standings(CLINICS, level=Level.MUNICIPALITY)
    assert table.spread is not None
    assert table.spread.count == 5


@pytest.mark.django_db
def test_a_profile_takes_few_queries_however_many_indicators(country: SmallCountry) -> None:
    with CaptureQueriesContext(connection) as few:
        get_region_standings("0104", level=Level.AREA, scheme=SCHEME)
    assert len(few) <= 7  # definitions and lists of regions, which are remembered outside of tests
    matrix = get_standing_matrix(level=Level.AREA, scheme=SCHEME, prefecture="01")
    assert matrix.regions == (("0101", "0101"), ("0104", "0104"))
    at = matrix.codes.index(CLINICS)
    assert [row[at].figure.numerator for row in matrix.rows if row[at]] == [4, 58]  # type: ignore[union-attr] # filtered in the same line


@pytest.mark.django_db
def test_a_designated_city_has_figures_but_no_place_among_its_wards(country: SmallCountry) -> None:
    with pytest.raises(Region.DoesNotExist):
        get_region_standings("01100", level=Level.MUNICIPALITY)


@pytest.mark.django_db
def test_as_at_a_day_is_worked_out_from_what_counted_then(country: SmallCountry) -> None:
    now = get_level_standings(CLINICS, level=Level.PREFECTURE)
    then = get_level_standings(CLINICS, level=Level.PREFECTURE, as_at=dt.date(2026, 11, 2))
    assert [told(row) for row in then.rows] == [told(row) for row in now.rows]
    long_ago = get_level_standings(CLINICS, level=Level.PREFECTURE, as_at=dt.date(2026, 10, 1))
    assert (long_ago.rows, long_ago.spread) == ((), None)


@pytest.mark.django_db
def test_similar_regions_come_with_the_reasons(country: SmallCountry) -> None:
    found = get_similar_regions("0104", level=Level.AREA, scheme=SCHEME)
    assert found.region_code == "0104"
    with pytest.raises(Region.DoesNotExist):
        get_similar_regions("9999", level=Level.AREA, scheme=SCHEME)
