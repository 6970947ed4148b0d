from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.compute import compute_indicators
from indicators.definitions.national_facts import national_facts
from indicators.nationals import (
    CLASSES,
    NationalQuery,
    SupportClass,
    Tab,
    class_of,
    plan_status,
    register_plan_status,
)
from indicators.queries.national import get_national
from regions.models import AreaMembership, AreaScheme, Population, Region
from regions.queries.home_care_areas import AreaUnit, get_home_care_areas
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
PAGE = "/national/"
TODAY = dt.date(2026, 11, 1)
# 青森県 is not imported.
CLINICS = {"01101": 4.0, "01102": 12.0, "01202": 0.0, "01203": 3.0}
PEOPLE = {"01101": 240_000, "01102": 280_000, "01202": 4_000, "01203": 11_000, "02201": 27_000, "02202": 16_000}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def country() -> SmallCountry:
    made = make_country()
    register = made.source(as_of=dt.date(2025, 1, 1), kind="population_by_age")
    Population.objects.bulk_create(
        Population(region=made.regions[code], source=register, basis="resident_register", year=2025, count=count)
        for code, count in PEOPLE.items()
    )
    made.list_clinics(2025, CLINICS, source=made.source(as_of=dt.date(2025, 10, 1)))
    compute_indicators(["DAY_S22", "DAY_S23", "X_S05"])
    return made


def test_prefectures_stand_with_their_figures_and_the_same_in_csv_and_json(
    client: Client, country: SmallCountry
) -> None:
    page = client.get(f"{PAGE}?sort=DAY_S22").content.decode()
    rows = json.loads(client.get(f"{PAGE}figures.json?sort=DAY_S22").content)["rows"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}figures.csv?sort=DAY_S22").content.decode("utf-8-sig"))))
    found = {row["prefecture_code"]: row for row in rows if row["indicator_code"] == "DAY_S22"}
    # 19 clinics among 4,000 people of 75 and over
    assert (found["01"]["value"], found["01"]["numerator"], found["01"]["denominator"]) == (475.0, 19, 4000)
    assert (found["02"]["value"], found["02"]["status"]) == (None, "未取込")
    values = {line["都道府県コード"]: line["値"] for line in lines if line["指標コード"] == "DAY_S22"}
    assert values == {"01": "475", "02": ""}
    assert "475.0" in page
    assert "未取込" in page


def test_municipalities_without_any_are_counted_by_class_and_those_not_imported_apart(
    client: Client, country: SmallCountry
) -> None:
    result = get_national(NationalQuery(tab=Tab.MUNICIPALITIES))
    by_label = {one.label: one for one in result.classes}
    assert by_label["5千人未満"] == SupportClass(label="5千人未満", none=1, some=0, many=0, unknown=0)
    assert by_label["1万～3万人"] == SupportClass(label="1万～3万人", none=0, some=1, many=0, unknown=2)
    assert by_label["10万人以上"] == SupportClass(label="10万人以上", none=0, some=1, many=1, unknown=0)
    assert by_label["5千～1万人"].share is None
    assert [unit.code for unit in result.units] == ["01202"]
    assert "1都道府県の4市区町村" in result.finding
    assert "1（25.0％）に在支診・在支病がなく、1に10以上あります" in result.finding
    rows = json.loads(client.get(f"{PAGE}figures.json?tab=municipalities").content)["rows"]
    assert [(row["code"], row["population"], row["clinics"]) for row in rows] == [("01202", 4000, 0)]


@pytest.mark.parametrize(
    ("people", "label"), [(0, "5千人未満"), (4_999, "5千人未満"), (5_000, "5千～1万人"), (100_000, "10万人以上")]
)
def test_a_class_holds_its_lower_bound(people: int, label: str) -> None:
    assert class_of(people) == label


def test_the_classes_leave_no_gap() -> None:
    assert [below for _, _, below in CLASSES[:-1]] == [low for _, low, _ in CLASSES[1:]]


def test_what_is_not_registered_is_said_and_never_zero(client: Client, country: SmallCountry) -> None:
    page = client.get(f"{PAGE}?tab=areas").content.decode()
    assert "図にできる都道府県がまだありません" in page
    assert page.count("未登録") > 47
    rows = json.loads(client.get(f"{PAGE}figures.json?tab=areas").content)["rows"]
    assert {(row["areas"], row["active"], row["hubs"], row["status"]) for row in rows} == {(None, None, None, "未登録")}


def test_published_totals_stand_with_their_dates(client: Client, country: SmallCountry) -> None:
    facts = national_facts()
    assert [(f.secondary + f.narrower + f.none) for f in facts.area_units] == [47, 47]
    assert facts.designations.other_share == 26.2  # (11,309 − 8,350) ÷ 11,309
    page = client.get(f"{PAGE}?tab=areas").content.decode()
    assert "2025年9月" in page
    assert "病院・診療所以外が26.2％" in page


def adopt(country: SmallCountry, prefecture: str, areas: dict[str, tuple[str, ...]]) -> None:
    by = User.objects.create_user(f"official-{prefecture}", password="secret-of-official")
    scheme = AreaScheme.objects.create(
        key=f"home-{prefecture}", kind=AreaScheme.Kind.HOME_CARE_AREA, name="在宅医療圏",
        prefecture=country.regions[prefecture], effective_from=dt.date(2026, 4, 1), adopted_at=dt.datetime(
            2026, 3, 1, tzinfo=dt.UTC), adopted_by=by,
    )  # fmt: skip
    for code, units in areas.items():
        area = Region.objects.create(
            kind="area", code=code, name=code, parent=country.regions[prefecture], scheme=scheme
        )
        for unit in units:
            AreaMembership.objects.create(scheme=scheme, area=area, unit=country.regions[unit])


def test_the_unit_of_adopted_areas_follows_from_what_they_are_made_of(country: SmallCountry) -> None:
    adopt(country, "01", {"a": ("01101", "01102", "01203"), "b": ("01202",)})  # as the 二次医療圏
    adopt(country, "02", {"c": ("02201",), "d": ("02202",)})
    found = get_home_care_areas(TODAY)
    assert (found["01"].areas, found["01"].unit) == (2, AreaUnit.SECONDARY)
    assert (found["02"].areas, found["02"].unit) == (2, AreaUnit.MUNICIPALITY)
    assert get_home_care_areas(dt.date(2026, 3, 1)) == {}


def test_the_status_of_plans_comes_from_whoever_registers_it() -> None:
    assert plan_status() == {}
    register_plan_status(lambda: {"01": "協議中"})
    try:
        assert plan_status() == {"01": "協議中"}
    finally:
        register_plan_status(dict)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?tab=x", "表示「x」は選べません"),
        ("?set=x", "指標の組「x」は選べません"),
        ("?tab=municipalities&people=x", "人口の階級「x」は選べません"),
        ("?tab=municipalities&prefecture=99", "都道府県コード「99」はありません"),
        (f"?sort={'a' * 20_000}", "条件が長すぎて読み取れません"),
    ],
)
def test_what_is_wrong_in_an_address_is_named_above_the_nearest_view(
    client: Client, country: SmallCountry, query: str, said: str
) -> None:
    response = client.get(PAGE + query)
    assert response.status_code == 400
    assert said in response.content.decode()


def test_the_tables_take_few_queries_however_many_prefectures_there_are(client: Client, country: SmallCountry) -> None:
    for address, most in ((PAGE, 25), (f"{PAGE}?tab=areas", 12), (f"{PAGE}?tab=municipalities", 25)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= most, [query["sql"][:120] for query in queries]
