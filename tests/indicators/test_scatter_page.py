from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.core.cache import cache
from django.test import Client

from indicators.definitions import get_definition
from indicators.results import Figure, State
from indicators.scatters import ScatterPoint, count_quadrants, find_cautions, find_means
from tests.indicators.places import add_value, make_indicator, make_notified_clinics

pytestmark = pytest.mark.django_db
PAGE = "/scatter/"
TWO = "?x=DAY_S22&y=DAY_S23&prefecture=28"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def make_two() -> None:
    """DAY_S22 50.0 and 25.0, DAY_S23 5.0 and 10.0 in 北海道 and 兵庫県; 東京都 has no 在支診 in the list."""
    country, _ = make_notified_clinics()
    hospitals = make_indicator("DAY_S23")
    add_value(hospitals, country["01"], numerator=40, denominator=800_000)
    add_value(hospitals, country["28"], numerator=80, denominator=800_000)
    add_value(hospitals, country["13"], numerator=80, denominator=1_600_000)


def test_page_chart_csv_and_json_show_the_same_points(client: Client) -> None:
    make_two()
    page = client.get(PAGE + TWO).content.decode()
    rows = json.loads(client.get(f"{PAGE}figures.json{TWO}").content)["rows"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}figures.csv{TWO}").content.decode("utf-8-sig"))))
    found = [(row["region_code"], row["x_value"], row["y_value"]) for row in rows]
    assert found == [("01", 50.0, 5.0), ("13", None, 5.0), ("28", 25.0, 10.0)]
    assert [(line["横軸の値"], line["縦軸の値"]) for line in lines] == [("50", "5"), ("", "5"), ("25", "10")]
    assert lines[1]["横軸の状態"] == "未取込"
    (chart,) = re.findall(r'<script type="application/json" data-chart-wide>(.*?)</script>', page, flags=re.DOTALL)
    others, own = json.loads(chart)["data"]
    assert (others["x"], others["y"], own["x"], own["y"]) == ([50.0], [5.0], [25.0], [10.0])
    assert "どちらかの値がない1地域は含みません" in page


def test_what_is_not_to_be_concluded_stands_beside_the_chart(client: Client) -> None:
    make_two()
    page = client.get(PAGE + TWO).content.decode()
    assert "相関は因果を示しません" in page
    assert "生態学的誤謬" in page
    assert "同じ分母（75歳以上人口）で割っています" in page


def test_shared_parts_of_two_indicators_are_named() -> None:
    part, whole = get_definition("DAY_S02"), get_definition("DAY_S22")
    said = " ".join(find_cautions(part, whole))
    assert "分子には同じ項目が" in said
    assert "縦軸と横軸が同じ指標" in find_cautions(whole, whole)[0]


def test_means_and_quadrants_by_hand() -> None:
    def point(x: float | None, y: float) -> ScatterPoint:
        figures = [Figure(state=State.OBSERVED if v is not None else State.MISSING, value=v) for v in (x, y)]
        return ScatterPoint(code="1", name="a", prefecture_name="", x=figures[0], y=figures[1], is_own=False)

    points = [point(1, 1), point(3, 1), point(2, 4), point(None, 99)]
    assert find_means(points) == (2.0, 2.0)
    assert dict(count_quadrants(points, 2.0, 2.0)) == {
        "両方とも平均以上": 1, "縦軸だけ平均以上": 0, "両方とも平均未満": 1, "横軸だけ平均以上": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?x=NO_SUCH", "指標コード「NO_SUCH」はありません"),
        ("?level=x", "地域の区分「x」は選べません"),
        ("?prefecture=99", "都道府県コード「99」はありません"),
        ("?level=area&scheme=x", "圏域の区分「x」はありません"),
        (f"?x={'a' * 20_000}", "条件が長すぎて読み取れません"),
    ],
)
def test_what_is_wrong_in_an_address_is_named_above_the_nearest_view(client: Client, query: str, said: str) -> None:
    make_two()
    response = client.get(PAGE + query)
    assert response.status_code == 400
    assert said in response.content.decode()


def test_a_picture_of_the_chart_can_be_taken_away(client: Client) -> None:
    make_two()
    response = client.get(f"{PAGE}figures.svg{TWO}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "相関は因果を示しません" in response.content.decode()
