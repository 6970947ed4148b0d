"""ホーム: value, comparison and change of five indicators; what is missing is said and never shown as 0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.home_panels import HomePanel, PanelItem, add_home_panel
from indicators.models import Indicator, IndicatorValue, Status
from indicators.queries.home import TILES
from regions.models import Region
from tests.html import assert_sound
from zaitaku.lib.prefectures import PREFECTURES, Prefecture
from zaitaku.navigation import next_steps
from zaitaku.sources.models import ImportRun, SourceFile

pytestmark = pytest.mark.django_db
NOT_IMPORTED = IndicatorValue.Reason.NOT_IMPORTED


@pytest.fixture
def places() -> Mapping[str, Region]:
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    prefectures = [
        Region.objects.create(kind="prefecture", code=place.code, name=place.name, parent=nation)
        for place in PREFECTURES[:3]
    ]
    return {region.code: region for region in (nation, *prefectures)}


def store(
    code: str,
    region: Region,
    value: float | None,
    *,
    year: int = 2022,
    interval: tuple[float, float] | None = None,
    reason: int = 0,
) -> None:
    indicator, _ = Indicator.objects.get_or_create(
        code=code, defaults={"version": 1, "digest": "0", "name": code, "name_kana": "", "definition": {}}
    )
    lower, upper = interval or (None, None)
    IndicatorValue.objects.create(
        indicator=indicator,
        indicator_version=1,
        region=region,
        year=year,
        value=value,
        numerator=None if value is None else value * 2,
        lower=lower,
        upper=upper,
        status=Status.MISSING if value is None else Status.OBSERVED,
        reason=reason,
    )


def load_list(code: str, *, as_of: dt.date = dt.date(2025, 10, 1)) -> SourceFile:
    return SourceFile.objects.create(
        kind="notification_list",
        key=f"notification_list/{code}/{as_of}",
        publisher="地方厚生局",
        title="届出受理医療機関名簿（医科）",
        as_of=as_of,
        licence="公共データ利用規約（第1.0版）",
        filename=f"{code}.xlsx",
        sha256=code.zfill(64),
        size=1,
        retrieved_on=dt.date(2026, 11, 1),
        prefecture_code=code,
    )


def page_of(client: Client, code: str = "01") -> str:
    return client.get(f"/?prefecture={code}").content.decode()


def test_a_tile_shows_value_nation_place_and_change(client: Client, places: Mapping[str, Region]) -> None:
    store("DAY_P15", places["00"], 100.0)
    store("DAY_P15", places["01"], 120.04)
    store("DAY_P15", places["02"], 130.0)
    store("DAY_P15", places["03"], 90.0)
    store("DAY_P15", places["01"], 110.0, year=2021)
    page = page_of(client)
    assert_sound(page)
    assert "120.0<small>" in page
    assert "全国 100.0：全国より高い" in page
    assert "値のある3都道府県のうち高い順に2番目" in page
    assert "2021年度 110.0 から ＋10.0" in page


def test_a_difference_within_the_interval_is_called_so(client: Client, places: Mapping[str, Region]) -> None:
    store("DAY_S22", places["00"], 100.0, year=2025)
    store("DAY_S22", places["01"], 110.0, year=2025, interval=(95.0, 125.0))
    store("DAY_S22", places["02"], 80.0, year=2025, interval=(70.0, 90.0))
    assert "全国との差は誤差の範囲" in page_of(client, "01")
    assert "全国より低い（差あり、望ましくない側）" in page_of(client, "02")


def test_an_indicator_without_direction_is_neither_judged_nor_ranked(
    client: Client, places: Mapping[str, Region]
) -> None:
    store("ACU_P01", places["00"], 100.0)
    store("ACU_P01", places["01"], 200.0, interval=(190.0, 210.0))
    store("ACU_P01", places["02"], 50.0)
    page = page_of(client)
    assert "全国より高い（差あり）" in page
    assert "望ましい側" not in page
    assert "番目" not in page


def test_a_prefecture_without_its_list_reads_not_imported_and_never_zero(
    client: Client, places: Mapping[str, Region]
) -> None:
    load_list("02")
    store("DAY_S22", places["00"], None, year=2025, reason=NOT_IMPORTED)
    store("DAY_S22", places["01"], None, year=2025, reason=NOT_IMPORTED)
    store("DAY_S22", places["02"], 80.0, year=2025)
    page = page_of(client)
    assert '<p class="tile__none">未取込</p>' in page
    assert "北海道の届出受理医療機関名簿は未取込です" in page
    assert "全国値なし。値のある1都道府県の中央値 80.0" in page
    assert "ほかに45都道府県の届出受理医療機関名簿が未取込" in page


def test_zero_is_a_value(client: Client, places: Mapping[str, Region]) -> None:
    store("DAY_S23", places["01"], 0.0, year=2025)
    assert "0.0<small>" in page_of(client)


def test_an_old_list_is_pointed_out(client: Client) -> None:
    load_list("01", as_of=dt.date(2020, 10, 1))
    assert "2年以上前のものです" in page_of(client)


def test_a_code_that_is_no_prefecture_is_named_and_the_list_is_offered(client: Client) -> None:
    page = client.get("/?prefecture=99<b>").content.decode()
    assert "都道府県コード「99&lt;b&gt;」はありません" in page
    assert page.count('href="/?prefecture=') >= 47


def test_the_home_page_takes_few_queries_however_much_there_is(
    client: Client, places: Mapping[str, Region], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in TILES:
        for region in places.values():
            store(code, region, 1.0)
    # sources, values, the prefecture and its standings (4), what was taken in lately, running jobs, as-of date, and the
    # definitions in force (2 more where they are not remembered)
    with django_assert_max_num_queries(11):
        page_of(client)


def test_a_rate_without_its_denominator_shows_the_count_and_names_what_is_missing(
    client: Client, places: Mapping[str, Region]
) -> None:
    store("EOL_P03", places["01"], None, reason=IndicatorValue.Reason.NO_DENOMINATOR)
    IndicatorValue.objects.update(numerator=4321)
    page = page_of(client)
    assert "実数 4,321人" in page
    assert "分母（死亡数）の2022年度の値がないため、率は計算できません" in page


def test_what_was_taken_in_lately_is_announced_with_its_edition(client: Client) -> None:
    now = timezone.now()
    for code, days in (("01", 3), ("02", 3), ("03", 90)):
        source = load_list(code)
        ImportRun.objects.create(
            source=source,
            filename="list.xlsx",
            status=ImportRun.Status.APPLIED,
            started_at=now - dt.timedelta(days=days),
            finished_at=now - dt.timedelta(days=days),
        )
    assert page_of(client, "01").count("に取込：") == 1
    assert "に取込：" not in page_of(client, "03")


def test_another_app_may_add_a_panel_and_its_dates_are_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def tasks(_request: HttpRequest, prefecture: Prefecture) -> HomePanel | None:
        if prefecture.code != "01":
            return None
        late = PanelItem(text="現状の章を書く", url="/help/", due="2026年11月1日", is_late=True)
        return HomePanel(title="計画の仕事", items=(late,))

    monkeypatch.setattr("indicators.home_panels._makers", [])
    add_home_panel(tasks)
    page = page_of(client, "01")
    assert_sound(page)
    assert "計画の仕事" in page
    assert "期限：2026年11月1日" in page
    assert "期限を過ぎています" in page
    assert "計画の仕事" not in page_of(client, "02")


@pytest.mark.parametrize(
    ("role", "offered"),
    [("prefecture", "プロファイルで現状を確かめる"), ("analyst", "条件を選んでデータを入手する"), ("", "手引きを読む")],
)
def test_each_role_is_offered_what_it_does_next(role: str, offered: str) -> None:
    steps = next_steps(role, prefecture_query="?prefecture=28")
    assert offered in [step.text for step in steps]
    assert all(step.url.startswith("/") for step in steps)
    profile = [step.url for step in steps if step.url.startswith("/profile/")]
    assert profile in ([], ["/profile/?prefecture=28"])
