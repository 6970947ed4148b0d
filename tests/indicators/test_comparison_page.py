from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.cache import cache
from django.test import Client

from indicators.basket import parse_basket
from indicators.comparisons import ComparisonQuery
from indicators.queries.comparison import get_comparison
from tests.indicators.places import make_notified_clinics
from zaitaku.lib.workbooks import read_workbook

pytestmark = pytest.mark.django_db
PAGE = "/comparison/"
TWO = "?area=01&area=28&basket=DAY_S22"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def html(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode()


def test_page_chart_csv_json_and_xlsx_show_the_same_figures_and_differences(client: Client) -> None:
    make_notified_clinics()
    page = html(client, PAGE + TWO)
    data = json.loads(client.get(f"{PAGE}figures.json{TWO}").content)["rows"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}figures.csv{TWO}").content.decode("utf-8-sig"))))
    book = read_workbook(client.get(f"{PAGE}figures.xlsx{TWO}").content, filename="f.xlsx")
    header, *cells = book.sheet("データ").rows

    # 兵庫県 25.0 (21.7–28.7) − 北海道 50.0 (45.2–55.1): −25 − √(3.3² + 5.1²) and −25 + √(3.7² + 4.8²)
    assert [row["value"] for row in data] == [50.0, 25.0]
    assert (data[1]["gap"], data[1]["gap_lower"], data[1]["gap_upper"]) == (-25.0, -31.1, -18.9)
    assert [line["値"] for line in lines] == ["50", "25"]
    assert (lines[1]["基準との差"], lines[1]["差の95%区間下限"]) == ("'-25", "-31.1") or lines[1]["基準との差"] == "-25"
    assert [row[header.index("値")] for row in cells] == [50.0, 25.0]
    assert "低く、偶然では説明しにくい差です（差の95％区間 －31.1～－18.9、望ましくない側）" in page
    (chart,) = re.findall(r'<script type="application/json" data-chart-wide>(.*?)</script>', page, flags=re.DOTALL)
    assert [trace["x"] for trace in json.loads(chart)["data"]] == [[50.0], [25.0]]
    assert "北海道とくらべて判定できた1組のうち、1組は偶然では説明しにくい差" in page


def test_an_area_without_a_figure_is_named_with_its_reason_and_never_zero(client: Client) -> None:
    make_notified_clinics()
    page = html(client, f"{PAGE}?area=01&area=13&basket=DAY_S22")
    assert "未取込" in page
    assert "値がないため比べられません" in page
    row = json.loads(client.get(f"{PAGE}figures.json?area=01&area=13&basket=DAY_S22").content)["rows"][1]
    assert (row["value"], row["gap"], row["status"]) == (None, None, "未取込")


def test_areas_that_overlap_are_not_judged(client: Client) -> None:
    make_notified_clinics()
    result = get_comparison(ComparisonQuery(areas=("01", "01202"), basket=parse_basket("DAY_S22")))
    figure = result.indicators[0].figures[1]
    assert figure.certainty == "重なる地域なので、差の有無は判定しません"
    assert figure.gap is not None
    assert figure.gap.lower is None
    assert "重なる地域です" in " ".join(result.notes)
    assert "区分の異なる地域" in " ".join(result.notes)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?area=01&area=99", "都道府県コード「99」はありません"),
        ("?area=01&area=iryoken2-8:9999", "「9999」という圏域はありません"),
        ("?area=01&area=nosuch:1", "圏域の区分「nosuch」はありません"),
        ("?area=01&area=group:nosuch", "保存された地域グループ「nosuch」はありません"),
        ("?area=01&area=units:99999", "コード「99999」の市区町村はありません"),
        ("?area=01&set=best", "指標の組「best」はありません"),
        ("?area=01&basket=NO_SUCH", "比較かごの指標コード「NO_SUCH」はない"),
        ("?area=01&area=28&area=13&area=01101&area=01102&area=01202", "一度に比べられるのは5地域まで"),
        (f"?area=01&x={'a' * 20_000}", "条件が長すぎて読み取れません"),
    ],
)
def test_what_is_wrong_in_an_address_is_named_above_the_nearest_comparison(
    client: Client, query: str, said: str
) -> None:
    make_notified_clinics()
    page = html(client, PAGE + query, status=400)
    assert said in page
    assert "<h1>地域の比較</h1>" in page
    if len(query) < 1_000:
        assert "北海道" in page


def test_the_same_area_or_indicator_named_twice_counts_once(client: Client) -> None:
    make_notified_clinics()
    page = html(client, f"{PAGE}?area=01&area=01&basket=DAY_S22,DAY_S22")
    assert "くらべる地域（1／5）" in page
    assert "比較かごの1指標" in page


def test_without_an_area_the_page_says_what_to_do_and_finds_places(client: Client) -> None:
    make_notified_clinics()
    assert "くらべる地域を選んでください" in html(client, PAGE)
    assert "?area=0101" not in html(client, f"{PAGE}?words=函館")
    assert "?area=01202" in html(client, f"{PAGE}?words=函館")
    assert "?area=iryoken2-8%3A0101" in html(client, f"{PAGE}?words=南渡島")


def test_a_name_in_an_address_cannot_become_markup(client: Client) -> None:
    make_notified_clinics()
    page = html(client, f"{PAGE}?area=units:01202~<script>alert(1)</script>&basket=DAY_S22")
    assert "<script>alert" not in page
