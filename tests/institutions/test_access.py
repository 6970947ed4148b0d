"""アクセス: the calculation against a slow one, and the page and its files against figures worked out by hand."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from institutions.access import AccessQuery, State
from institutions.actions.bodies import follow_registers
from institutions.definitions import notification_symbols
from institutions.definitions.access_capacity import capacity_choices
from institutions.formulas.access import Places, Share, near_any, reach, summarise
from institutions.models import Institution, Notification
from institutions.queries.access import get_access, list_supply
from institutions.queries.lists import SUPPORT_FAMILIES
from regions.models import Population, Region
from tests.html import assert_sound
from tests.indicators.conftest import plain_static_files
from tests.institutions.designated import DAY, make_country, make_institution
from zaitaku.lib.geodesics import distances_km, positions_km
from zaitaku.lib.statistics.accessibility import geodesic_weights
from zaitaku.lib.workbooks import read_workbook
from zaitaku.sources.models import SourceFile

__all__ = ["plain_static_files"]
GEOD = Geod(ellps="GRS80")
AT = "?prefecture=01"
# Residents of 75 and over, all invented. By the representative points of the fixtures 札幌市中央区 and 北区 are 11.4 km
# apart; 小樽市 and 余市町 are more than 16 km from everything else.
PEOPLE = {"01101": 1000, "01102": 3000, "01203": 500, "01408": 2000}


def places(points: np.ndarray, amounts: object, landmasses: object = None) -> Places:
    count = len(points)
    lands = np.zeros(count, dtype=np.int64) if landmasses is None else np.array(landmasses, dtype=np.int64)
    return Places(points=points, amounts=np.array(amounts, dtype=np.float64), landmasses=lands)


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), threshold=st.sampled_from([8.0, 16.0]))
def test_the_fast_calculation_equals_the_slow_one(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    homes = np.column_stack((rng.uniform(34.9, 35.2, 9), rng.uniform(138.9, 139.2, 9)))
    clinics = np.vstack((np.column_stack((rng.uniform(34.9, 35.2, 6), rng.uniform(138.9, 139.2, 6))), homes[:1]))
    people, capacity = rng.integers(0, 900, 9).astype(float), rng.integers(1, 4, 7).astype(float)
    lands = rng.integers(0, 2, 9), rng.integers(0, 2, 7)
    found = reach(places(homes, people, lands[0]), places(clinics, capacity, lands[1]), threshold_km=threshold)

    def kilometres(home: int, clinic: int) -> float:
        (north, east), (other_north, other_east) = homes[home], clinics[clinic]
        return float(GEOD.inv(east, north, other_east, other_north)[2]) / 1000

    inside = [[kilometres(home, clinic) <= threshold for clinic in range(7)] for home in range(9)]
    demand = [sum(people[home] for home in range(9) if inside[home][clinic]) for clinic in range(7)]
    shares = [
        sum(capacity[clinic] / demand[clinic] for clinic in range(7) if inside[home][clinic] and demand[clinic])
        for home in range(9)
    ]
    over = [
        sum(inside[home][clinic] and lands[0][home] != lands[1][clinic] for clinic in range(7)) for home in range(9)
    ]
    assert found.counts.tolist() == [sum(row) for row in inside]
    assert found.over_sea.tolist() == over
    np.testing.assert_allclose(found.shares, shares)
    np.testing.assert_allclose(found.people, demand)


def test_sixteen_kilometres_are_measured_on_the_ellipsoid() -> None:
    # GRS 80 at 35° N, by pyproj: 16 km to the north is 0.1442243°, to the east 0.1752967°; a sphere is 40 m off.
    start = np.array([[35.0, 139.0]])
    to_north, to_east = (GEOD.fwd(139.0, 35.0, azimuth, 16_000) for azimuth in (0, 90))
    exact = np.array([[to_north[1], to_north[0]], [to_east[1], to_east[0]]])
    inside, outside = start + (exact - start) * 0.999, start + (exact - start) * 1.001
    assert geodesic_weights(start, inside, threshold_km=16).toarray().tolist() == [[1, 1]]
    assert geodesic_weights(start, outside, threshold_km=16).toarray().tolist() == [[0, 0]]


def test_a_place_reaches_what_stands_at_the_same_point_and_nothing_where_nothing_is() -> None:
    here = np.array([[35.0, 139.0]])
    assert geodesic_weights(here, here, threshold_km=8).toarray().tolist() == [[1]]
    assert geodesic_weights(here, np.empty((0, 2)), threshold_km=8).shape == (1, 0)


@given(seed=st.integers(0, 10_000))
def test_the_straight_line_through_the_earth_is_never_longer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.uniform((24, 123), (46, 146), (2, 2))
    chord = np.linalg.norm(positions_km(*one) - positions_km(*other))
    assert chord <= float(distances_km(*one, *other)) * (1 + 1e-9) + 1e-6


def test_a_group_is_weighted_by_people_and_told_only_if_every_unit_is() -> None:
    # (1,000 × 2 + 3,000 × 4) ÷ 4,000 = 3.5; 1,000 people reach nothing.
    assert summarise([(1000, 2.0, 0), (3000, 4.0, 5)]) == Share(people=4000, per_person=3.5, out_of_reach=1000)
    assert summarise([(1000, 2.0, 0), (3000, 4.0, 5)]).share_out_of_reach == 25.0
    assert summarise([(1000, 2.0, 1), (None, None, None)]).per_person is None
    assert summarise([]).people is None
    nobody = summarise([(0.0, 1.0, 3)])
    assert (nobody.people, nobody.per_person, nobody.share_out_of_reach) == (0, None, None)


def test_places_near_others_are_found_each_within_its_own_distance() -> None:
    points = np.array([[35.0, 139.0], [35.0, 139.0]])
    others = np.array([[35.0, 139.1]])  # 9.13 km away
    assert near_any(points, others, within_km=np.array([9.0, 9.5])).tolist() == [False, True]
    assert near_any(points, np.empty((0, 2)), within_km=np.array([9.0, 9.5])).tolist() == [False, False]


def test_every_way_to_count_weighs_every_grade() -> None:
    grades = {one.symbol for one in notification_symbols().values() if one.family in SUPPORT_FAMILIES}
    for choice in capacity_choices().values():
        assert set(choice.weights) == grades
        assert choice.note
        assert all(weight > 0 for weight in choice.weights.values())


# From here on 北海道 with four units: one 機能強化型 clinic in 中央区, one former clinic in 北区.


def hold(institution: Institution, symbol: str, *, started: dt.date = dt.date(2024, 4, 1)) -> None:
    Notification.objects.create(
        institution=institution,
        symbol=symbol,
        number=symbol,
        started_on=started,
        listed_from=DAY,
        source=institution.source,
        source_row=5,
    )


@pytest.fixture
def hokkaido(db: None) -> Region:
    """中央区: 支援診1 (weight 3). 北区: 支援診3, before that 支援診2 (weight 1). 小樽市: no clinic that counts."""
    prefecture = make_country()
    source = SourceFile.objects.create(
        key="people", sha256="b" * 64, kind="population_by_age", title="人口", size=1, retrieved_on=DAY, as_of=DAY
    )
    for code, count in PEOPLE.items():
        unit = Region.objects.get(code=code, is_base_unit=True)
        for ages, number in (((75, 84), count - 100), ((85, None), 100)):
            Population.objects.create(
                region=unit, source=source, basis="resident_register", year=2025, sex="both",
                age_from=ages[0], age_to=ages[1], count=number,
            )  # fmt: skip
    hold(make_institution(1, "デモ中央医院", unit="01101"), "支援診1")
    north = make_institution(2, "デモ北医院", unit="01102")
    hold(north, "支援診2", started=dt.date(2020, 4, 1))
    hold(north, "支援診3")
    hold(make_institution(3, "デモ小樽医院", unit="01203"), "在医総管1")
    SourceFile.objects.filter(kind="notification_list").update(prefecture_code="01")
    follow_registers()
    return prefecture


def test_an_institution_counts_once_in_its_current_grade_and_others_not_at_all(hokkaido: Region) -> None:
    assert [(one.name, one.symbol, one.is_approximate) for one in list_supply(today=DAY)] == [
        ("デモ中央医院", "支援診1", True),
        ("デモ北医院", "支援診3", True),
    ]


def test_the_figures_are_those_worked_out_by_hand(hokkaido: Region) -> None:
    result = get_access(AccessQuery(prefecture="01"), today=DAY)
    units = {one.code: one for one in result.units}
    # Each ward reaches both clinics, so both are shared by 4,000 people: (3 + 1) ÷ 4,000 = 10 for 10,000.
    assert units["01101"].count == units["01102"].count == 2
    assert units["01101"].per_people == pytest.approx(10)
    assert units["01203"].state is State.NONE
    assert (units["01203"].count, units["01203"].per_people) == (0, 0)
    areas = {one.name: one for one in result.areas}
    assert areas["札幌"].per_people == pytest.approx(10)
    assert areas["札幌"].share.out_of_reach == 0
    assert (areas["後志"].per_people, areas["後志"].share.out_of_reach, areas["後志"].units_out) == (0, 2500, 2)
    # 2,500 of 6,500 people; (4,000 × 10 + 2,500 × 0) ÷ 6,500.
    assert result.total.share.share_out_of_reach == pytest.approx(100 * 2500 / 6500)
    assert result.total.per_people == pytest.approx(40_000 / 6500)
    assert [city.name for city in result.cities] == ["札幌市"]
    assert "38.5％（2,500人）" in result.finding


def test_counting_alike_and_only_the_oldest_changes_the_figures_as_by_hand(hokkaido: Region) -> None:
    query = AccessQuery(prefecture="01", capacity="equal", age="85plus")
    result = get_access(query, today=DAY)
    # 2 clinics for 200 people.
    assert result.areas[1].per_people == pytest.approx(100)
    assert result.unit == "機関／85歳以上1万人"


def test_an_unknown_population_is_no_figure_and_not_zero(hokkaido: Region) -> None:
    Population.objects.filter(region__code="01203").delete()
    result = get_access(AccessQuery(prefecture="01"), today=DAY)
    unit = next(one for one in result.units if one.code == "01203")
    assert unit.state is State.NO_PEOPLE
    assert (unit.count, unit.per_people) == (None, None)
    assert result.total.share.people is None
    assert "県全体の値はありません" in result.finding


def test_a_prefecture_without_a_list_has_no_figures_and_marks_the_border_of_its_neighbour(hokkaido: Region) -> None:
    # 木曽岬町 (三重県) and 弥富市 (愛知県) are neighbours; 北海道's list is the only one there is.
    for code, name, unit_code, unit_name in (
        ("23", "愛知県", "23235", "弥富市"),
        ("24", "三重県", "24303", "木曽岬町"),
    ):
        parent = Region.objects.create(kind="prefecture", code=code, name=name, parent=hokkaido.parent)
        Region.objects.create(kind="municipality", code=unit_code, name=unit_name, parent=parent, is_base_unit=True)
    missing = get_access(AccessQuery(prefecture="23"), today=DAY)
    assert missing.as_of is None
    assert [one.state for one in missing.units] == [State.NOT_IMPORTED]
    assert "まだ取り込まれていません" in missing.finding
    SourceFile.objects.filter(kind="notification_list").update(prefecture_code="24")
    neighbour = get_access(AccessQuery(prefecture="24"), today=DAY)
    assert neighbour.missing_neighbours == ("愛知県",)
    assert [(one.name, one.state, one.is_at_border) for one in neighbour.at_border] == [
        ("木曽岬町", State.NO_PEOPLE, True)
    ]
    # Far away nothing is missing.
    assert get_access(AccessQuery(prefecture="01"), today=DAY).missing_neighbours == ()


@pytest.mark.usefixtures("plain_static_files")
def test_the_page_and_its_files_show_the_same_figures(hokkaido: Region, client: Client) -> None:
    response = client.get(reverse("institutions:access") + AT)
    text = response.content.decode()
    assert response.status_code == 200
    assert_sound(text)
    for said in ("2,500", "38.5％", "10.0", "0（なし）", "届く機関なし（0）", "代表点1つ", "要確認", "支援診2は1.5"):
        assert said in text
    address = reverse("institutions:access-file", args=["json"]) + AT
    rows = {row["code"]: row for row in json.loads(client.get(address).content)["rows"]}
    assert rows["0103"]["people_out"] == 2500
    assert rows["01101"]["capacity"] == 10
    assert rows["01203"]["institutions"] == 0
    csv = client.get(reverse("institutions:access-file", args=["csv"]) + AT).content.decode("utf-8-sig")
    assert "市区町村,01101,札幌市中央区,札幌,1000,10,2,0,0,0,届く機関あり,0," in csv
    book = read_workbook(client.get(reverse("institutions:access-file", args=["xlsx"]) + AT).content, filename="a.xlsx")
    assert book.sheet("データ").rows[1][:3] == ["都道府県", "01", "北海道"]
    svg = client.get(reverse("institutions:access-file", args=["svg"]) + AT)
    assert b"<svg" in svg.content[:400]


@pytest.mark.usefixtures("plain_static_files")
def test_the_institutions_counted_are_listed_with_what_is_approximate(hokkaido: Region, client: Client) -> None:
    at = AT + "&tab=institutions"
    text = client.get(reverse("institutions:access") + at).content.decode()
    assert_sound(text)
    assert "デモ中央医院" in text
    assert "概略" in text
    assert "デモ小樽医院" not in text
    rows = json.loads(client.get(reverse("institutions:access-file", args=["json"]) + at).content)["rows"]
    assert [(row["name"], row["weight"], row["people"]) for row in rows] == [
        ("デモ中央医院", 3, 4000),
        ("デモ北医院", 1, 4000),
    ]
    assert client.get(reverse("institutions:access-file", args=["png"]) + at).status_code == 404


@pytest.mark.usefixtures("plain_static_files")
def test_more_institutions_take_no_more_queries(hokkaido: Region, client: Client) -> None:
    address = reverse("institutions:access") + AT + "&tab=institutions"

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = count()
    for serial in range(10, 20):
        hold(make_institution(serial, f"デモ医院{serial}"), "支援診3")
    follow_registers()
    assert len(list_supply(today=DAY)) == 12
    assert count() == few


@pytest.mark.usefixtures("plain_static_files")
def test_what_is_wrong_in_the_address_is_named_and_the_nearest_view_shown(hokkaido: Region, client: Client) -> None:
    response = client.get(reverse("institutions:access") + AT + "&reach=99&age=x")
    assert response.status_code == 400
    assert "距離「99」は選べません" in response.content.decode()
    assert "38.5％" in response.content.decode()
    assert client.get(reverse("institutions:access-file", args=["csv"]) + AT + "&reach=99").status_code == 400
    assert client.get(reverse("institutions:access-file", args=["csv"])).status_code == 404
    assert client.get(reverse("institutions:access-file", args=["pdf"]) + AT).status_code == 404
    assert "都道府県" in Client().get(reverse("institutions:access")).content.decode()


@pytest.mark.usefixtures("plain_static_files")
def test_before_anything_is_imported_the_page_says_so(db: None, client: Client) -> None:
    response = client.get(reverse("institutions:access") + AT)
    assert response.status_code == 200
    assert "名簿が未取込です" in response.content.decode()
