from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.charts.bars import make_bars
from indicators.forms import IndicatorQueryForm
from indicators.models import Indicator, IndicatorValue
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.results import IndicatorQuery, Level, Measure, Order, State, Tab
from indicators.templatetags.figure_rows import figure_rows
from tests.indicators.places import add_value, make_country, make_indicator, make_notified_clinics
from zaitaku.lib.workbooks import read_workbook

pytestmark = pytest.mark.django_db
PAGE = "/indicators/DAY_S22/"


def html(client: Client, address: str, *, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:500]
    return response.content.decode() if response.headers.get("Content-Encoding") != "gzip" else ""


def figures_of_table(page: str) -> dict[str, str]:
    """Region name → text of the value cell."""
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td class="number">(.*?)</td>', page, flags=re.DOTALL)
    return {name: re.sub(r"<[^>]+>", "", cell).strip() for name, cell in rows}


def figures_of_chart(page: str) -> dict[str, tuple[float, str]]:
    """Category (r + code) → height of the bar and the text on it."""
    (data,) = re.findall(r"<script type=\"application/json\" data-chart-wide>(.*?)</script>", page, flags=re.DOTALL)
    bars = [trace for trace in json.loads(data)["data"] if trace["type"] == "bar"]
    return {
        name: (height, text)
        for trace in bars
        for name, height, text in zip(trace["x"], trace["y"], trace["text"], strict=True)
    }


def test_page_chart_json_csv_and_xlsx_show_the_same_figures(client: Client) -> None:
    make_notified_clinics()
    address = "?prefecture=01"
    page = html(client, PAGE + address)
    data = json.loads(client.get(f"{PAGE}figures.json{address}").content)["rows"]
    text = client.get(f"{PAGE}figures.csv{address}").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    sheet = read_workbook(client.get(f"{PAGE}figures.xlsx{address}").content, filename="f.xlsx").sheet("データ")
    header, *cells = sheet.rows

    expected = [("01", "北海道", "50.0", 50.0), ("28", "兵庫県", "25.0", 25.0), ("13", "東京都", "未取込", None)]
    table, chart = figures_of_table(page), figures_of_chart(page)
    for place, (code, name, shown, value) in enumerate(expected):
        assert table[name] == shown
        assert chart[f"r{code}"][0] == (value or 0)
        assert (data[place]["region_code"], data[place]["value"]) == (code, value)
        assert lines[place]["地域コード"] == code
        assert lines[place]["値"] == ("" if value is None else str(int(value)))
        assert cells[place][header.index("地域コード")] == code
        assert cells[place][header.index("値")] == ("" if value is None else value)
    assert chart["r13"][1] == "未取込"
    assert lines[2]["状態"] == cells[2][header.index("状態")] == data[2]["status"] == "未取込"


def test_csv_opens_in_excel_with_bom_crlf_and_leading_zeros(client: Client) -> None:
    make_notified_clinics()
    response = client.get(f"{PAGE}figures.csv?prefecture=01&level=municipality&order=jis")
    assert response.headers["Content-Disposition"] == 'attachment; filename="DAY_S22_municipality_01_rate_2025.csv"'
    assert response.content.startswith("\ufeff指標コード,".encode())
    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert lines[1].split(",")[5:7] == ["01101", "札幌市中央区"]
    assert lines[-1] == ""


def test_zero_hidden_missing_and_not_imported_stay_four_things(client: Client) -> None:
    make_notified_clinics()
    areas = get_indicator_result(IndicatorQuery(code="DAY_S22", level=Level.AREA, scheme="iryoken2-8", prefecture="01"))
    units = get_indicator_result(IndicatorQuery(code="DAY_S22", level=Level.MUNICIPALITY, prefecture="01"))
    nation = get_indicator_result(IndicatorQuery(code="DAY_S22"))
    assert {row.name: row.figure.state for row in areas.rows} == {
        "南渡島": State.OBSERVED,
        "南檜山": State.SUPPRESSED,
    }
    assert {row.name: (row.figure.value, row.figure.state) for row in units.rows} == {
        "札幌市中央区": (50.0, State.OBSERVED),
        "函館市": (0.0, State.OBSERVED),
        "札幌市北区": (None, State.MISSING),
    }
    assert next(row for row in nation.rows if row.code == "13").figure.state == State.NOT_IMPORTED


def test_without_every_prefecture_there_is_no_national_value_and_the_page_says_so(client: Client) -> None:
    make_notified_clinics()
    page = html(client, f"{PAGE}?prefecture=01")
    assert "全国値なし（3都道府県のうち2県のみ取込済）" in page
    assert "出典：北海道厚生局「届出受理医療機関名簿（医科）」（北海道 2025年10月1日現在）を加工して作成" in page


def test_a_count_is_the_numerator_and_has_neither_interval_nor_comparator() -> None:
    make_notified_clinics()
    result = get_indicator_result(IndicatorQuery(code="DAY_S22", measure=Measure.COUNT))
    first = result.rows[0].figure
    assert (first.value, first.lower, first.text, result.unit) == (400.0, None, "400", "か所")
    assert result.comparators == ()


def test_own_prefecture_is_marked_and_ranked_among_those_with_a_value() -> None:
    make_notified_clinics()
    result = get_indicator_result(IndicatorQuery(code="DAY_S22", prefecture="28", order=Order.JIS))
    assert [row.code for row in result.rows] == ["01", "13", "28"]
    own = result.rows[2]
    assert (own.is_own, own.rank) == (True, 2)


def test_trend_holds_every_year_and_leaves_gaps() -> None:
    country, indicator = make_country(), make_indicator("ACU_P01")
    for year, numerator in ((2019, 100), (2022, 150)):
        add_value(indicator, country["01"], numerator=numerator, denominator=100_000, year=year)
        add_value(indicator, country["00"], numerator=1_000, denominator=1_000_000, year=year)
    add_value(indicator, country["28"], numerator=1, denominator=100_000, year=2022)
    result = get_indicator_result(IndicatorQuery(code="ACU_P01", prefecture="01", tab=Tab.TREND))
    shown = {series.label: [point.figure.value for point in series.points] for series in result.series}
    assert result.years == (2019, 2022)
    assert shown == {"全国": [100.0, 100.0], "北海道": [100.0, 150.0], "東京都": [None, None], "兵庫県": [None, 1.0]}


@pytest.mark.parametrize(
    "query",
    [
        IndicatorQuery(code="DAY_S22"),
        IndicatorQuery(code="DAY_S22", prefecture="01", year=2025, order=Order.JIS, tab=Tab.MAP),
        IndicatorQuery(code="DAY_S22", level=Level.AREA, scheme="kosoiki", prefecture="47", measure=Measure.COUNT),
        IndicatorQuery(code="DAY_S22", level=Level.MUNICIPALITY, tab=Tab.TABLE),
    ],
)
def test_the_address_of_a_view_gives_that_view_again(query: IndicatorQuery) -> None:
    form = IndicatorQueryForm(query.parameters(), code="DAY_S22", own_prefecture="13")
    assert form.is_valid()
    assert form.query == query


def test_an_address_without_a_prefecture_takes_the_visitors_own() -> None:
    form = IndicatorQueryForm({}, code="DAY_S22", own_prefecture="13")
    assert form.is_valid()
    assert form.query.prefecture == "13"


@pytest.mark.parametrize(
    ("parameters", "status", "words", "nearest"),
    [
        ("?year=abc", 400, "年度「abc」を読み取れません", f'href="{PAGE}?prefecture='),
        ("?level=world", 400, "地域の区分「world」は選べません", f'href="{PAGE}?prefecture='),
        ("?prefecture=99&tab=map", 400, "都道府県コード「99」はありません", "tab=map"),
        ("?prefecture=01&order=" + "x" * 20_000, 400, "…」は選べません", f'href="{PAGE}?prefecture=01"'),
        ("?prefecture=01&year=2019", 404, "2019年度の値はありません", f'href="{PAGE}?prefecture=01&amp;year=2025"'),
        ("?level=area&prefecture=01&scheme=old", 404, "圏域の区分「old」はありません", "scheme=iryoken2-8"),
    ],
)
def test_a_wrong_address_gets_a_japanese_page_with_the_nearest_view(
    client: Client, parameters: str, status: int, words: str, nearest: str
) -> None:
    make_notified_clinics()
    page = html(client, PAGE + parameters, status=status)
    assert words in page
    assert nearest in page


def test_an_unknown_indicator_is_answered_with_similar_ones(client: Client) -> None:
    page = html(client, "/indicators/DAYS22/", status=404)
    assert "指標コード「DAYS22」はありません" in page
    assert "/indicators/DAY_S22/" in page


def test_an_unknown_file_type_is_not_found(client: Client) -> None:
    assert client.get(f"{PAGE}figures.exe").status_code == 404


def test_an_indicator_without_data_says_which_file_would_fill_it(client: Client) -> None:
    make_country()
    page = html(client, "/indicators/X_O03/?prefecture=01")
    assert "在宅医療に関する患者・家族の満足度はデータ未整備です。" in page
    assert "この指標を表示するには" in page
    assert "まだ計算されていません" not in page
    assert "?phase=cross&amp;available=yes" in page
    # Nothing to choose, nothing to take away.
    assert 'name="order"' not in page
    assert "figures.csv" not in page


@pytest.mark.parametrize(
    "address",
    [
        "?prefecture=01",
        "?level=area&prefecture=01",
        "?level=municipality&prefecture=01",
        "?level=area&prefecture=01&tab=trend",
    ],
)
def test_a_cold_page_takes_at_most_fourteen_queries(client: Client, address: str) -> None:
    make_notified_clinics()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html(client, PAGE + address)
    assert len(queries) <= 14, [query["sql"][:120] for query in queries]


def test_a_warm_page_asks_only_for_the_state_of_definitions_and_values(client: Client) -> None:
    make_notified_clinics()
    html(client, f"{PAGE}?prefecture=01")
    with CaptureQueriesContext(connection) as queries:
        html(client, f"{PAGE}?prefecture=01")
    assert len(queries) == 2


def test_a_kept_page_is_never_older_than_the_last_computation(client: Client) -> None:
    country, indicator = make_notified_clinics()
    assert figures_of_table(html(client, f"{PAGE}?prefecture=01"))["北海道"] == "50.0"
    IndicatorValue.objects.filter(indicator=indicator, region=country["01"]).update(value=60.0)
    Indicator.objects.filter(pk=indicator.pk).update(computed_at=timezone.now())
    assert figures_of_table(html(client, f"{PAGE}?prefecture=01"))["北海道"] == "60.0"


def test_a_browser_that_has_the_page_gets_304(client: Client) -> None:
    make_notified_clinics()
    tag = client.get(f"{PAGE}?prefecture=01").headers["ETag"]
    again = client.get(f"{PAGE}?prefecture=01", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_is_sent_compressed_to_who_accepts_it(client: Client) -> None:
    import gzip

    make_notified_clinics()
    plain = client.get(f"{PAGE}?prefecture=01").content
    packed = client.get(f"{PAGE}?prefecture=01", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain
    assert len(packed.content) < len(plain) / 3


def test_a_signed_in_visitor_gets_an_own_page(client: Client, django_user_model: Any) -> None:
    make_notified_clinics()
    anonymous = html(client, f"{PAGE}?prefecture=01")
    client.force_login(django_user_model.objects.create_user("tanto", display_name="担当 花子"))
    own = client.get(f"{PAGE}?prefecture=01")
    assert "担当 花子" in own.content.decode()
    assert "担当 花子" not in anonymous
    assert "ETag" not in own.headers


def test_a_year_that_is_not_there_names_the_nearest() -> None:
    make_notified_clinics()
    with pytest.raises(NoSuchView) as refusal:
        get_indicator_result(IndicatorQuery(code="DAY_S22", year=2030))
    assert refusal.value.nearest.year == 2025


def test_every_row_of_the_table_leads_to_where_its_figure_comes_from(client: Client) -> None:
    make_notified_clinics()
    page = html(client, f"{PAGE}?prefecture=01")
    for kind, code in (("prefecture", "01"), ("prefecture", "13"), ("nation", "00")):
        assert f'href="{PAGE}figures/{kind}/{code}/2025/"' in page
    areas = html(client, f"{PAGE}?level=area&prefecture=01")
    assert f'href="{PAGE}figures/iryoken2-8/0101/2025/"' in areas
    assert "圏域の版：二次医療圏（第8次医療計画）（2024年4月1日から現在まで）" in areas


def test_a_name_in_the_table_is_escaped() -> None:
    make_country()
    result = get_indicator_result(IndicatorQuery(code="DAY_S22"))
    first = replace(result.rows[0], name="<b>&県")
    rows = figure_rows(replace(result, rows=(first,)), "?as_at=2026-10-01")
    assert "<b>" not in rows
    assert "&lt;b&gt;&amp;県" in rows


def test_a_parameter_that_does_not_exist_is_answered_with_the_choices_in_japanese(client: Client) -> None:
    page = html(client, f"{PAGE}?level=x", status=400)
    assert "選べるのはprefecture（都道府県）・area（圏域）・municipality（市区町村）です。" in page


def test_names_of_few_bars_lie_flat_and_both_lines_are_named_inside_a_narrow_chart() -> None:
    make_country()
    result = get_indicator_result(IndicatorQuery(code="DAY_S22"))
    assert make_bars(replace(result, rows=result.rows[:4])).layout["xaxis"]["tickangle"] == 0
    two = replace(result, comparators=(*result.comparators, *result.comparators)[:2])
    narrow = make_bars(two, is_narrow=True)
    assert narrow.layout["margin"]["b"] >= 16 * len(two.comparators)
