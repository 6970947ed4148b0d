"""What the API gives: the figures of the pages, page after page, with gaps that stay gaps."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from indicators.models import IndicatorValue, Status
from tests.indicators.places import Country, Reason, add_gap, make_notified_clinics

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Country:
    return make_notified_clinics()[0]


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    answer: dict[str, Any] = response.json()
    return answer


def read_all(client: Client, address: str | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while address:
        page = read(client, address)
        rows += page["results"]
        address = page["next"]
    return rows


LEVELS = "level=nation&level=prefecture&level=area&level=city&level=municipality"


@pytest.mark.parametrize("limit", [1, 2, 5000])
def test_the_values_are_those_of_the_csv_for_the_same_conditions_however_they_are_cut(
    client: Client, country: Country, limit: int
) -> None:
    query = f"indicator=DAY_S22&{LEVELS}&scheme=iryoken2-8"
    lines = client.get(f"/download/figures.csv?{query}").getvalue()
    downloaded = list(csv.DictReader(io.StringIO(lines.decode("utf-8-sig"))))
    rows = read_all(client, f"/api/v1/values/?{query}&limit={limit}")
    assert len(downloaded) == len(rows) == 8
    names = {
        "指標コード": "indicator_code", "指標名": "indicator_name", "地域区分": "level_label",
        "圏域区分": "area_scheme",
        "地域コード": "region_code", "地域名": "region_name", "都道府県コード": "prefecture_code",
        "都道府県名": "prefecture_name", "単位": "unit", "状態": "status_label", "秘匿区分": "suppression",
        "値がない理由": "reason", "分母の注記": "denominator_note", "出典": "source",
    }  # fmt: skip
    numbers = {
        "年度": "year", "値": "value", "分子": "numerator", "分母": "denominator", "95%信頼区間下限": "lower",
        "95%信頼区間上限": "upper", "定義の版": "definition_version",
    }  # fmt: skip
    found = {(row["region_code"], row["year"]): row for row in rows}
    for line in downloaded:
        row = found[line["地域コード"], int(line["年度"])]
        assert {name: row[key] or "" for name, key in names.items()} == {name: line[name] for name in names}
        said = {name: float(line[name]) if line[name] else None for name in numbers}
        assert {name: row[key] for name, key in numbers.items()} == said


def test_the_values_are_those_of_the_page_but_not_rounded(client: Client, country: Country) -> None:
    shown = {
        row["region_code"]: row["value"] for row in read(client, "/indicators/DAY_S22/figures.json?prefecture=")["rows"]
    }
    rows = read_all(client, "/api/v1/values/?indicator=DAY_S22")
    assert {row["region_code"]: row["value"] and round(row["value"], 1) for row in rows} == {
        code: value for code, value in shown.items() if code != "00"
    }


def test_a_gap_is_null_and_says_what_it_is(client: Client, country: Country) -> None:
    add_gap_of_few(country)
    rows = read_all(client, f"/api/v1/values/?indicator=DAY_S22&{LEVELS}")
    said = {row["region_code"]: (row["value"], row["status"], row["suppression"]) for row in rows}
    assert said["0102"] == (None, "suppressed", "公表元の秘匿")
    assert said["01102"] == (None, "suppressed", "秘匿（小さい数）")
    assert said["13"] == (None, "not_imported", None)
    assert said["01202"] == (0.0, "observed", None)


def add_gap_of_few(country: Country) -> None:
    from indicators.models import Indicator

    indicator = Indicator.objects.get(code="DAY_S22")
    add_gap(indicator, country["01102"], status=Status.SUPPRESSED, reason=Reason.SMALL_NUMBER)


def test_a_page_neither_repeats_nor_hides_a_row_when_others_come_and_go(client: Client, country: Country) -> None:
    address = "/api/v1/values/?indicator=DAY_S22&level=prefecture&limit=1"
    first = read(client, address)
    assert [row["region_code"] for row in first["results"]] == ["01"]
    IndicatorValue.objects.filter(region=country["01"]).delete()
    second = read(client, first["next"])
    assert [row["region_code"] for row in second["results"]] == ["13"]


def test_the_version_of_the_values_changes_with_a_computation(client: Client, country: Country) -> None:
    from django.utils import timezone

    from indicators.models import Indicator

    address = "/api/v1/values/?indicator=DAY_S22"
    before = read(client, address)["data_version"]
    assert read(client, address)["data_version"] == before
    Indicator.objects.update(computed_at=timezone.now())
    assert read(client, address)["data_version"] != before


def test_regions_schemes_definitions_and_sources_are_read(client: Client, country: Country) -> None:
    assert [row["code"] for row in read_all(client, "/api/v1/regions/?kind=prefecture&limit=2")] == ["01", "13", "28"]
    ward = read(client, "/api/v1/regions/ward/01101/")
    assert (ward["parent_kind"], ward["parent_code"], ward["prefecture_code"]) == ("municipality", "01100", "01")
    area = read(client, "/api/v1/regions/area/0101/?scheme=iryoken2-8")
    assert (area["scheme"], area["prefecture_code"]) == ("iryoken2-8", "01")
    scheme = read(client, "/api/v1/schemes/iryoken2-8/")
    assert [one["code"] for one in scheme["areas"]] == ["0101", "0102"]
    assert read(client, "/api/v1/definitions/DAY_S22/")["definition"]["code"] == "DAY_S22"
    listed = {row["code"]: row for row in read_all(client, "/api/v1/indicators/?limit=50")}
    assert listed["DAY_S22"]["years"] == [2025]
    assert len(listed) == len(read_all(client, "/api/v1/definitions/"))
    source = read_all(client, "/api/v1/sources/")[0]
    assert source == read(client, f"/api/v1/sources/{source['id']}/")


def test_a_private_group_of_areas_is_not_given_out(client: Client, country: Country) -> None:
    import datetime as dt

    from regions.models import AreaScheme, Region

    scheme = AreaScheme.objects.create(
        key="own", kind=AreaScheme.Kind.CUSTOM, name="わたしの地域", effective_from=dt.date(2026, 1, 1)
    )
    Region.objects.create(kind="area", code="1", name="わたしの地域", parent=country["01"], scheme=scheme)
    names = [row["name"] for row in read_all(client, "/api/v1/regions/?kind=area&limit=1000")]
    assert names == ["南渡島", "南檜山"]
    assert client.get("/api/v1/schemes/own/").status_code == 404
    assert client.get("/api/v1/values/?indicator=DAY_S22&level=area&scheme=own").status_code == 404


def test_benchmarks_are_those_of_the_standings_for_an_indicator_and_for_a_region(
    client: Client, country: Country
) -> None:
    page = read(client, "/api/v1/benchmarks/?indicator=DAY_S22&level=prefecture")
    for row in page["results"]:
        assert row["status"] in ("observed", "not_imported")
        assert (row["value"] is None) == (row["status"] == "not_imported")
        assert row["sentence"].startswith(row["region_name"])
    region = read_all(client, "/api/v1/benchmarks/?region=01&level=prefecture")
    assert region == [row for row in page["results"] if row["region_code"] == "01"]


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/api/v1/regions/", 3),
        ("/api/v1/institutions/", 3),
        ("/api/v1/sources/", 3),
        (f"/api/v1/values/?indicator=DAY_S22&{LEVELS}", 8),
    ],
)
def test_a_page_takes_few_queries_however_long_it_is(
    client: Client, country: Country, address: str, most: int, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(most):
        read(client, address)
