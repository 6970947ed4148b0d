"""Presentations of 指標詳細: funnel, deciles, surroundings. Page, chart, CSV, XLSX and JSON show the same figures."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from indicators.definitions.registry import get_definition
from indicators.formulas.funnels import Counted, allows_funnel, make_funnel
from indicators.models import Indicator
from indicators.related import find_related
from regions.models import Region
from tests.html import assert_sound
from tests.indicators.places import add_source, add_value, make_country, make_indicator, make_notified_clinics
from zaitaku.lib.statistics.funnels import Signal
from zaitaku.lib.statistics.intervals import exact_poisson_interval
from zaitaku.lib.workbooks import read_workbook

PAGE = "/indicators/DAY_S22/"
# Ten prefectures of 100,000 people; nine with 50, one with 120: the nation's rate is 57 per 100,000.
COUNTS = {f"{number:02d}": 50.0 for number in range(30, 39)} | {"01": 120.0}


def make_ten_prefectures() -> Indicator:
    country = make_country()
    indicator = make_indicator("DAY_S22")
    for code, count in COUNTS.items():
        region = country.regions.get(code) or Region.objects.create(
            kind="prefecture", code=code, name=f"{code}県", parent=country["00"]
        )
        add_value(indicator, region, numerator=count, denominator=100_000, interval=(count - 10, count + 10))
    add_value(indicator, country["00"], numerator=570, denominator=1_000_000, interval=(52, 62))
    add_source(indicator)
    cache.clear()
    return indicator


def page_of(client: Client, query: str) -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200, response.content.decode()[:400]
    return response.content.decode()


def files_of(client: Client, query: str) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[list[Any]]]:
    """Rows of JSON, CSV and XLSX."""
    data = json.loads(client.get(f"{PAGE}figures.json{query}").content)["rows"]
    text = client.get(f"{PAGE}figures.csv{query}").content.decode("utf-8-sig")
    book = read_workbook(client.get(f"{PAGE}figures.xlsx{query}").content, filename="f.xlsx")
    return data, list(csv.DictReader(io.StringIO(text, newline=""))), [list(r) for r in book.sheet("データ").rows]


def test_funnel_limits_are_the_exact_poisson_limits_around_the_nation() -> None:
    regions = [Counted(code=code, count=count, denominator=100_000) for code, count in COUNTS.items()]
    nation = Counted(code="00", count=570, denominator=1_000_000)
    funnel = make_funnel(get_definition("DAY_S22"), regions, nation=nation)
    assert funnel is not None
    assert funnel.target == pytest.approx(57)
    assert not funnel.is_pooled
    # A region is outside when its own exact interval leaves the expected 57 out: 50 does not, 120 does.
    assert exact_poisson_interval(120, confidence=0.998)[0] > 57
    point = funnel.point("01")
    assert point is not None
    assert point.signal == Signal.HIGH_ALARM
    # At 57 expected the smallest count outside 95 % is 73, since 72 still holds 57 in its interval.
    assert exact_poisson_interval(72)[0] < 57 < exact_poisson_interval(73)[0]
    assert 71 < point.warning_high < 74
    assert funnel.outside(2) == 1


def test_without_a_nation_the_funnel_stands_around_the_regions_shown() -> None:
    regions = [Counted(code=str(n), count=10 + n, denominator=1000.0) for n in range(5)]
    funnel = make_funnel(get_definition("DAY_S22"), regions, nation=None)
    assert funnel is not None
    assert funnel.is_pooled
    assert funnel.target == pytest.approx(1200)
    assert make_funnel(get_definition("DAY_S22"), regions[:4], nation=None) is None


def test_claims_have_no_funnel_and_counts_of_institutions_do() -> None:
    assert allows_funnel(get_definition("DAY_S22"))
    assert not allows_funnel(get_definition("ACU_P02"))


@pytest.mark.django_db
def test_the_funnel_shows_the_same_in_page_chart_json_csv_and_xlsx(client: Client) -> None:
    make_ten_prefectures()
    page = page_of(client, "?prefecture=01&tab=funnel")
    assert_sound(page)
    data, lines, cells = files_of(client, "?prefecture=01&tab=funnel")
    own = next(row for row in data if row["region_code"] == "01")
    line = next(row for row in lines if row["地域コード"] == "01")
    sheet = dict(zip(cells[0], next(row for row in cells if row[5] == "01"), strict=True))
    assert own["signal"] == line["限界に対する位置"] == sheet["限界に対する位置"] == "99.8％限界の外（高い）"
    assert own["alarm_high"] == sheet["99.8%限界上限"] == float(line["99.8%限界上限"])
    assert f"{own['alarm_low']:,.1f}～{own['alarm_high']:,.1f}" in page
    (script,) = re.findall(r"data-chart-wide>(.*?)</script>", page, flags=re.DOTALL)
    points = [trace for trace in json.loads(script)["data"] if trace["mode"] == "markers"]
    assert (points[-1]["x"], points[-1]["y"]) == ([100_000], [own["value"]])
    assert "北海道は99.8％限界の外（高い）です。" in page


@pytest.mark.django_db
def test_the_deciles_behind_the_trend_are_in_the_table_and_in_every_file(client: Client) -> None:
    make_ten_prefectures()
    page = page_of(client, "?prefecture=01&tab=trend")
    data, lines, cells = files_of(client, "?prefecture=01&tab=trend")
    median = [row for row in data if row["region_name"] == "中央値"]
    assert [(row["year"], row["value"], row["level"]) for row in median] == [(2025, 50.0, "都道府県の分布")]
    assert [row["値"] for row in lines if row["地域名"] == "中央値"] == ["50"]
    assert sum(row[6] == "中央値" for row in cells) == 1
    assert '（分布）中央値</th><td class="number">50.0</td>' in page


@pytest.mark.django_db
def test_surroundings_list_areas_municipalities_and_similar_prefectures(client: Client) -> None:
    make_notified_clinics()
    cache.clear()
    page = page_of(client, "?prefecture=01&tab=around")
    assert_sound(page)
    data, _lines, _cells = files_of(client, "?prefecture=01&tab=around")
    shown = {row["region_name"]: row["value"] for row in data}
    assert shown["函館市"] == 0
    assert shown["札幌市北区"] is None
    assert "函館市</th>" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "words", "nearest"),
    [
        ("/indicators/ACU_P02/?prefecture=01&tab=funnel", "ファンネルプロットは描けません", "?prefecture=01"),
        (f"{PAGE}?prefecture=01&tab=funnel&measure=count", "実数ではファンネル", "tab=funnel"),
        (f"{PAGE}?prefecture=&tab=around", "都道府県を選ぶと", f"{PAGE}?prefecture="),
        (f"{PAGE}figures.png?prefecture=&tab=around", "都道府県を選ぶと", f"{PAGE}?prefecture="),
    ],
)
def test_a_presentation_that_cannot_be_leads_to_the_nearest_one(
    client: Client, address: str, words: str, nearest: str
) -> None:
    make_ten_prefectures()
    response = client.get(address)
    assert response.status_code == 404
    assert words in response.content.decode()
    assert nearest in response.content.decode().replace("&amp;", "&")


@pytest.mark.django_db
@pytest.mark.parametrize("tab", ["chart", "trend", "funnel"])
def test_every_chart_is_a_picture_with_its_provenance(client: Client, tab: str) -> None:
    make_ten_prefectures()
    query = f"?prefecture=01&tab={tab}"
    svg = client.get(f"{PAGE}figures.svg{query}")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    text = svg.content.decode()
    assert "在宅療養支援診療所数（計）" in text
    assert "出典：北海道厚生局「届出受理医療機関名簿（医科）」" in text
    assert "データ時点：2025年10月1日" in text
    assert f'href="{PAGE}figures.png{query.replace("&", "&amp;").replace("&amp;tab=chart", "")}"' in page_of(
        client, query
    )


@pytest.mark.django_db
def test_a_table_has_no_picture_and_says_so(client: Client) -> None:
    make_ten_prefectures()
    assert client.get(f"{PAGE}figures.png?prefecture=01&tab=table").status_code == 404
    assert "figures.png" not in page_of(client, "?prefecture=01&tab=table")


@pytest.mark.django_db
def test_twenty_thousand_characters_are_answered_in_japanese(client: Client) -> None:
    make_ten_prefectures()
    for name in ("prefecture", "year", "scheme", "tab", "as_at"):
        response = client.get(f"{PAGE}?level=area&{name}={'9' * 20_000}")
        assert response.status_code in (400, 404), name
        assert "いちばん近い表示を開く" in response.content.decode()
    assert client.get(f"{PAGE}?prefecture=01&basket={'X,' * 10_000}").status_code == 200


def test_related_indicators_share_what_is_counted_before_the_scene() -> None:
    known = [get_definition(code) for code in ("DAY_S22", "DAY_S02", "DAY_P15", "EOL_P04")]
    found = find_related(known[0], known, available=frozenset({"DAY_S02", "DAY_P15"}))
    assert [(one.code, one.why) for one in found] == [
        ("DAY_S02", "同じものを数える（分母や方法が違う）"),
        ("DAY_P15", "同じ場面のプロセス"),
    ]
