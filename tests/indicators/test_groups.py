"""Groups of municipalities: their figures, who may change them, and the pages around them."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from indicators.actions.compute import compute_indicators
from indicators.actions.groups import (
    TooManyGroups,
    change_group,
    delete_group,
    restore_group,
    save_group,
    undo_change,
)
from indicators.formulas.figures import Reason
from indicators.group_models import SavedGroup, SavedGroupVersion
from indicators.queries.groups import choose, get_group, get_group_figures, get_groups_of
from indicators.queries.unit_figures import compute_group, read_unit_figures
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.accounts.models import User

pytestmark = pytest.mark.django_db
CLINICS = {"01101": 4.0, "01102": 6.0, "01202": 2.0, "01203": 3.0, "02201": 5.0, "02202": 0.0}


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def country() -> SmallCountry:
    """支援診 of 2025 in every unit with 1,000 people of 75 and over; home visits published by area only."""
    made = make_country()
    made.list_clinics(2025, CLINICS, source=made.source(as_of=dt.date(2025, 10, 1)))
    claims = made.source(as_of=dt.date(2025, 3, 31), kind="ndb")
    made.observe("ndb.medical.claims.114000110", 2025, {"0104": 300.0, "0101": 50.0, "0201": None}, source=claims)
    compute_indicators(["DAY_S22", "X_S05", "ACU_P02"])
    return made


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("owner", password="secret-of-owner", role=User.Role.ANALYST)


def test_a_group_is_the_sum_of_its_units(country: SmallCountry) -> None:
    year, figure = get_group_figures(choose(["01202", "01203"]).units)["DAY_S22"]
    # 5 clinics among 2,000 people of 75 and over
    assert (year, figure.numerator, figure.denominator, figure.value) == (2025, 5, 2000, 250.0)
    assert figure.lower == pytest.approx(81.2, abs=0.1)  # exact Poisson of 5: 1.623–11.668
    assert figure.upper == pytest.approx(583.4, abs=0.1)


def test_a_group_of_all_units_of_an_area_has_the_stored_figures_of_the_area(country: SmallCountry) -> None:
    figures = get_group_figures(choose(["01101", "01102", "01203"]).units)
    for code in ("DAY_S22", "ACU_P02"):
        stored = country.value(code, "0104", 2025)
        assert figures[code][1].numerator == stored.numerator
        assert figures[code][1].value == pytest.approx(stored.value, abs=0.05)


def test_what_is_published_by_area_has_no_figure_in_a_group_that_cuts_one(country: SmallCountry) -> None:
    figure = get_group_figures(choose(["01101", "01202"]).units)["ACU_P02"][1]
    assert figure.value is None
    assert figure.numerator is None
    assert "圏域ごとにだけ公表" in figure.reason


def test_a_hidden_part_hides_the_group(country: SmallCountry) -> None:
    units = [country.regions[code].pk for code in ("02201", "02202")]
    found = compute_group(units, known=read_unit_figures())["ACU_P02"].figures
    assert int(found.value.reason[0]) == Reason.NUMERATOR_SUPPRESSED
    assert not found.numerator.has_number[0]


def test_units_without_any_are_counted_within_the_group(country: SmallCountry) -> None:
    _, figure = get_group_figures(choose(["02201", "02202"]).units)["X_S05"]
    assert (figure.numerator, figure.denominator, figure.value) == (1, 2, 50.0)


def test_changes_are_kept_and_taken_back(country: SmallCountry, owner: User) -> None:
    group = save_group(name="函館周辺", unit_codes=("01202",), by=owner)
    change_group(group.key, name="函館と小樽", unit_codes=("01202", "01203"), by=owner)
    change_group(group.key, name="函館と小樽", unit_codes=("01202", "01203"), by=owner)
    now = get_group(group.key)
    assert now is not None
    assert (now.name, now.number, now.can_undo) == ("函館と小樽", 2, True)
    undo_change(group.key, by=owner)
    before = get_group(group.key)
    assert before is not None
    assert (before.name, before.unit_codes, before.number) == ("函館周辺", ("01202",), 3)
    delete_group(group.key, by=owner)
    assert get_groups_of(owner.pk) == ()
    restore_group(group.key, by=owner)
    assert [one.name for one in get_groups_of(owner.pk)] == ["函館周辺"]


def test_only_the_owner_changes_a_group(country: SmallCountry, owner: User) -> None:
    group = save_group(name="函館", unit_codes=("01202",), by=owner)
    other = User.objects.create_user("other", password="secret-of-other", role=User.Role.ANALYST)
    for change in (delete_group, restore_group, undo_change):
        with pytest.raises(PermissionDenied):
            change(group.key, by=other)


def test_nobody_keeps_more_groups_than_one_may(
    country: SmallCountry, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indicators.actions.groups.MOST_GROUPS", 1)
    save_group(name="函館", unit_codes=("01202",), by=owner)
    with pytest.raises(TooManyGroups):
        save_group(name="小樽", unit_codes=("01203",), by=owner)


def test_the_database_refuses_a_group_without_a_name_or_units_or_with_two_of_one_number(owner: User) -> None:
    group = SavedGroup.objects.create(key="abc", owner=owner)
    SavedGroupVersion.objects.create(group=group, number=1, name="函館", unit_codes=["01202"])
    for wrong in (
        {"number": 2, "name": "", "unit_codes": ["01202"]},
        {"number": 2, "name": "函館", "unit_codes": []},
        {"number": 1, "name": "函館", "unit_codes": ["01202"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedGroupVersion.objects.create(group=group, **wrong)


def test_a_visitor_makes_a_group_and_shares_its_address(client: Client, country: SmallCountry) -> None:
    page = client.get("/groups/new/?prefecture=01&unit=01202&paste=小樽市&chosen=1").content.decode()
    assert "選んだ市区町村（2）" in page
    assert "/groups/view/?units=01202.01203" in page
    shared = Client().get("/groups/view/?units=01202.01203&name=函館と小樽")
    assert shared.status_code == 200
    assert "250.0" in shared.content.decode()
    rows = json.loads(client.get("/groups/view/figures.json?units=01202.01203").content)["rows"]
    assert next(row["value"] for row in rows if row["indicator_code"] == "DAY_S22") == 250.0


def test_a_saved_group_opens_for_everybody_and_stands_in_a_comparison(
    client: Client, country: SmallCountry, owner: User
) -> None:
    client.force_login(owner)
    saved = client.post("/groups/save/", {"name": "函館と小樽", "units": "01202.01203"}, follow=True)
    assert "「函館と小樽」を保存しました" in saved.content.decode()
    key = SavedGroup.objects.get().key
    visitor = Client()
    page = visitor.get(f"/groups/{key}/").content.decode()
    assert "函館と小樽" in page
    assert "削除する" not in page
    compared = json.loads(visitor.get(f"/comparison/figures.json?area=group:{key}&area=01&basket=DAY_S22").content)
    assert [row["value"] for row in compared["rows"]] == [250.0, 375.0]  # 5/2,000 and 15/4,000


def test_a_deleted_group_says_so_and_its_owner_can_restore_it(
    client: Client, country: SmallCountry, owner: User
) -> None:
    group = save_group(name="函館", unit_codes=("01202",), by=owner)
    client.force_login(owner)
    page = client.post(f"/groups/{group.key}/delete/", follow=True)
    assert page.status_code == 410
    assert "元に戻す" in page.content.decode()
    assert client.post(f"/groups/{group.key}/restore/", follow=True).status_code == 200


def test_who_is_not_signed_in_is_asked_to_before_saving(client: Client, country: SmallCountry) -> None:
    response = client.post("/groups/save/", {"name": "函館", "units": "01202"})
    assert response.status_code == 302
    assert SavedGroup.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/groups/view/?units=", "1つも選ばれていません"),
        ("/groups/view/?units=99999", "コード「99999」の市区町村はありません"),
        ("/groups/view/?units=01100.01101", "両方選ばれています"),
        (f"/groups/view/?units={'1' * 20_000}", "市区町村はありません"),
        ("/groups/new/?prefecture=99", "都道府県コード「99」はありません"),
    ],
)
def test_what_is_no_group_is_refused_with_a_sentence(
    client: Client, country: SmallCountry, address: str, said: str
) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert said in response.content.decode()


def test_a_file_of_codes_fills_the_builder_and_names_what_it_left_out(client: Client, country: SmallCountry) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("list.csv", "コード,名称\r\n01202,函館市\r\n01203,小樽市\r\n".encode("cp932"))
    page = client.post("/groups/new/file/", {"file": file}, follow=True).content.decode()
    assert "選んだ市区町村（2）" in page
    assert "コード・名称（2件）は市区町村として読み取れない" in page


def test_a_saved_group_with_a_municipality_that_is_gone_is_opened_for_repair(
    client: Client, country: SmallCountry, owner: User
) -> None:
    group = save_group(name="函館と小樽", unit_codes=("01202", "01203"), by=owner)
    gone = country.regions["01203"]
    gone.valid_to = dt.date(2025, 4, 1)
    gone.save()
    cache.clear()
    response = client.get(f"/groups/{group.key}/")
    assert response.status_code == 409
    assert "小樽市（01203）はいまはありません" in response.content.decode()
