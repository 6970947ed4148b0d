"""A prefecture's own indicators: made in the browser, judged before they are saved, computed and shown as all are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from indicators.actions import own_indicators as actions
from indicators.actions.compute import compute_indicators, find_outdated
from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions import all_definitions, get_definition
from indicators.definitions.own import definition_scope, everybody, nobody
from indicators.definitions.registry import UnknownIndicator
from indicators.definitions.schema import Definition
from indicators.models import DefinitionChange, Indicator, IndicatorValue, Item, OwnIndicator
from indicators.queries.unit_figures import compute_group
from plans.queries import area_inputs
from plans.queries.area_inputs import get_data_version as version
from tests.indicators.own import CLINICS, FORM, composite, created, finish_jobs, published
from tests.indicators.small_country import SmallCountry, make_country
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def everything(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCountry]:
    """北海道 with 12 clinics, the register of 4,000 people of 75 and over, and claims that no municipality has.

    Made once; what a test adds is undone after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_country()
        source = made.source(as_of=dt.date(2025, 10, 1))
        made.list_clinics(2025, {"01": 12.0, "01101": 5.0, "01102": 3.0, "01202": 4.0, "01203": 0.0}, source=source)
        make_user("hokkaido", role=User.Role.PREFECTURE, codes=("01",))
        sync_definitions()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def country(everything: SmallCountry, db: None) -> SmallCountry:
    return everything


@pytest.fixture
def official(country: SmallCountry, client: Client) -> User:
    user = User.objects.get(username="hokkaido")
    client.force_login(user)
    return user


def complaints(client: Client, **changes: Any) -> str:
    """The page that refuses an entry."""
    response = client.post("/indicators/own/new/", {**FORM, **changes})
    assert response.status_code == 422, response.headers.get("Location")
    assert not OwnIndicator.objects.exists()
    return response.content.decode()


def test_a_preview_shows_the_prefectures_own_figures_and_stores_nothing(
    client: Client, country: SmallCountry, official: User
) -> None:
    """12 clinics ÷ 4,000 people × 100,000 = 300; 中央区 5 ÷ 1,000 × 100,000 = 500."""
    page = client.post("/indicators/own/new/", {**FORM, "do": "preview"}).content.decode()
    assert "300.0" in page
    assert "500.0" in page
    assert not OwnIndicator.objects.exists()
    assert not IndicatorValue.objects.exists()


def test_a_draft_is_seen_by_its_own_prefecture_alone(client: Client, country: SmallCountry, official: User) -> None:
    own = created(client)
    assert own.code == "P01_001"
    assert own.code in client.get("/indicators/own/?prefecture=01").content.decode()
    assert client.get(f"/indicators/{own.code}/").status_code == 404
    assert own.code not in client.get("/indicators/").content.decode()
    assert own.code not in Client().get("/indicators/own/?prefecture=01").content.decode()


def test_a_published_one_has_values_by_the_same_engine_and_is_marked_everywhere(
    client: Client, country: SmallCountry, official: User
) -> None:
    own = published(client)
    value = country.value(own.code, "01", 2025)
    assert (value.numerator, value.denominator, value.value, value.indicator_version) == (12, 4000, 300, 1)
    assert value.lower is not None
    visitor = Client()
    assert "北海道独自の指標" in visitor.get("/indicators/?only=own").content.decode()
    assert "北海道独自の指標" in visitor.get(f"/indicators/{own.code}/?prefecture=01").content.decode()
    assert own.code in visitor.get("/download/").content.decode()


def test_one_for_the_prefecture_alone_is_nowhere_for_others(
    client: Client, country: SmallCountry, official: User
) -> None:
    own = published(client, visibility="prefecture")
    neighbour = Client()
    neighbour.force_login(make_user("aomori", role=User.Role.PREFECTURE, codes=("02",)))
    own_city = Client()
    own_city.force_login(make_user("sapporo", role=User.Role.MUNICIPALITY, codes=("01100",)))
    for address in (f"/indicators/{own.code}/", f"/indicators/{own.code}/history/"):
        # The official's visit first: what was kept for one must not be sent to the other.
        statuses = [one.get(address).status_code for one in (client, own_city, neighbour, Client())]
        assert statuses == [200, 200, 404, 404]
    assert Client().get(f"/indicators/{own.code}/figures.csv").status_code == 404
    assert own.code not in Client().get("/download/").content.decode()
    assert Client().get(f"/download/figures.csv?indicator={own.code}").status_code == 400
    assert own.code in client.get("/download/").content.decode()
    client.post(f"/indicators/own/{own.code}/retire/")
    assert [one.get(f"/indicators/{own.code}/").status_code for one in (client, neighbour)] == [410, 404]


def test_what_is_kept_for_many_does_not_depend_on_who_came_first(
    client: Client, country: SmallCountry, official: User
) -> None:
    """Figures of groups and of drafts of areas are kept for everybody; only the own prefecture's viewers find this."""
    code = published(client, visibility="prefecture").code
    units = [country.regions[one].pk for one in ("01101", "01202")]
    for viewers in ((nobody, everybody), (everybody, nobody)):
        cache.clear()
        area_inputs._kept.clear()
        for viewer in viewers:
            with definition_scope(viewer):
                assert (code in compute_group(units)) is (viewer is everybody)
                of = [area_inputs.get_area_inputs(place, on=TODAY, version=version()) for place in ("01", "02")]
            assert [code in one.years for one in of] == [True, False]
            assert [code in {definition.code for definition in one.definitions} for one in of] == [True, False]


def test_every_change_is_a_version_and_values_name_theirs(
    client: Client, country: SmallCountry, official: User
) -> None:
    own = published(client)
    response = client.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": "1", "multiplier": "1000"})
    assert response.status_code == 302
    assert country.value(own.code, "01", 2025).indicator_version == 1
    finish_jobs()
    value = country.value(own.code, "01", 2025)
    assert (value.value, value.indicator_version) == (3, 2)
    history = client.get(f"/indicators/{own.code}/history/").content.decode()
    assert "倍率" in history
    assert "100,000" in history
    assert Indicator.objects.get(code=own.code).version == 2


def test_saving_without_a_change_makes_no_version(client: Client, country: SmallCountry, official: User) -> None:
    own = created(client)
    client.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": "1"})
    own.refresh_from_db()
    assert own.version == 1


def test_two_officials_do_not_overwrite_each_other(client: Client, country: SmallCountry, official: User) -> None:
    own = created(client)
    client.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": "1", "name": "先に保存した名前"})
    late = client.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": "1", "name": "後から保存する名前"})
    assert late.status_code == 409
    assert "後から保存する名前" in late.content.decode()
    own.refresh_from_db()
    assert own.definition["name"] == "先に保存した名前"


def test_retiring_hides_it_and_can_be_taken_back(client: Client, country: SmallCountry, official: User) -> None:
    own = published(client)
    client.post(f"/indicators/own/{own.code}/retire/")
    answer = Client().get(f"/indicators/{own.code}/")
    assert answer.status_code == 410
    for said in ("廃止された指標です", FORM["name"], "DAY_S22"):
        assert said in answer.content.decode()
    assert own.code not in Client().get("/indicators/").content.decode()
    assert IndicatorValue.objects.filter(indicator__code=own.code).exists()
    client.post(f"/indicators/own/{own.code}/reinstate/")
    assert client.get(f"/indicators/{own.code}/").status_code == 200
    kinds = list(DefinitionChange.objects.filter(code=own.code).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["saved", "published", "retired", "reinstated"]


def test_only_a_draft_can_be_deleted(client: Client, country: SmallCountry, official: User) -> None:
    own = published(client)
    client.post(f"/indicators/own/{own.code}/delete/")
    assert OwnIndicator.objects.filter(code=own.code).exists()
    draft = created(client)
    client.post(f"/indicators/own/{draft.code}/delete/")
    assert not OwnIndicator.objects.filter(code=draft.code).exists()


def test_nobody_but_the_prefectures_officials_changes_it(client: Client, country: SmallCountry, official: User) -> None:
    own = created(client)
    for role, codes in (
        (User.Role.PREFECTURE, ("02",)),
        (User.Role.APPROVER, ("01",)),
        (User.Role.MUNICIPALITY, ("01100",)),
        (User.Role.ADMINISTRATOR, ()),
    ):
        other = Client()
        other.force_login(make_user(f"other-{role}", role=role, codes=codes))
        assert other.post(f"/indicators/own/{own.code}/edit/", {**FORM, "version": "1"}).status_code in (403, 404)
        assert other.post(f"/indicators/own/{own.code}/publish/").status_code in (403, 404)
        own.refresh_from_db()
        assert (own.state, own.version) == ("draft", 1), role


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"item": ["notification.nothing"]}, "項目「notification.nothing」はありません"),
    ({"item": []}, "分子の項目が選ばれていません"),
    ({"item": [CLINICS, "vital.deaths"], "item_from": ["", ""], "item_to": ["", ""]}, "単位の違う項目"),
    ({"denominator": ""}, "分母が選ばれていません"),
    ({"denominator": CLINICS}, "分子と分母に同じ項目があります"),
    ({"denominator": "vital.births"}, "分子と分母の年度が重なりません"),
    ({"denominator": "notification.shien_clinic_1"}, "分母は、どの地域でもないか、0です"),
    ({"method": "proportion", "denominator": "notification.shien_clinic_1"}, "分子が分母より大きい"),
    ({"method": "proportion"}, "単位が違います"),
    ({"unit": "人/10万人"}, "分子の項目の単位は「か所」です"),
    ({"method": "count"}, "この計算方法では分母を選びません"),
    ({"item_from": ["2030"]}, "すべての項目がそろう年度がありません"),
    ({"item_from": ["2027"], "item_to": ["2026"]}, "期間が逆です"),
    ({"kana": "漢字"}, "ひらがなで"),
    ({"why": "短い"}, "30文字以上"),
    ({"multiplier": "abc"}, "数字で入力してください"),
    ({"method": "composite", "item": [], "denominator": ""}, "2つ以上選んでください"),
)


def test_what_cannot_be_right_is_refused_at_its_field(client: Client, country: SmallCountry, official: User) -> None:
    source = country.source(as_of=dt.date(2024, 1, 1))
    country.observe("vital.births", 2020, {"01": 5.0}, source=source)
    country.observe("vital.deaths", 2025, {"01": 5.0}, source=source)
    Item.objects.filter(code="vital.deaths").update(unit="人")
    for changes, said in REFUSED:
        assert said in complaints(client, **changes), changes


def test_a_composite_of_own_and_official_indicators_is_the_weighted_mean_of_their_scores(
    client: Client, country: SmallCountry, official: User
) -> None:
    first = published(client)
    both = published(client, name="合成", **composite(first.code, "DAY_S22"))
    scores = {
        code: IndicatorValue.objects.get(indicator__code=code, region__code="01101", year=2025)
        for code in (first.code, "DAY_S22", both.code)
        if IndicatorValue.objects.filter(indicator__code=code).exists()
    }
    assert scores[both.code].value is not None


def test_a_composite_that_comes_back_to_itself_is_refused(
    client: Client, country: SmallCountry, official: User
) -> None:
    first = published(client)
    second = published(client, name="合成1", **composite(first.code, "DAY_S22"))
    third = published(client, name="合成2", **composite(second.code, "DAY_S22"))
    response = client.post(
        f"/indicators/own/{second.code}/edit/",
        {**FORM, **composite(third.code, "DAY_S22"), "name": "合成1", "version": "1"},
    )
    assert response.status_code == 422
    assert "循環" in response.content.decode()


def test_a_public_composite_has_no_part_that_is_for_one_prefecture(
    client: Client, country: SmallCountry, official: User
) -> None:
    first = published(client, visibility="prefecture")
    response = client.post("/indicators/own/new/", {**FORM, **composite(first.code, "DAY_S22")})
    assert "だれでも見られる指標の構成には使えません" in response.content.decode()


def test_a_part_of_a_composite_is_not_retired_and_its_change_recomputes_the_composite(
    client: Client, country: SmallCountry, official: User
) -> None:
    first = published(client)
    both = published(client, name="合成", **composite(first.code, "DAY_S22"))
    client.post(f"/indicators/own/{first.code}/retire/")
    first.refresh_from_db()
    assert first.state == OwnIndicator.State.PUBLISHED
    client.post(f"/indicators/own/{first.code}/edit/", {**FORM, "version": "1", "multiplier": "1000"})
    job = Job.objects.get(kind="compute_indicators")
    assert job.parameters["codes"] == [first.code, both.code]
    assert FORM["name"] not in job.title


def test_the_nightly_check_computes_own_indicators_too(client: Client, country: SmallCountry, official: User) -> None:
    own = created(client)
    actions.publish(own.code, by=official)
    compute_indicators(if_needed=True)
    assert own.code not in find_outdated()
    country.list_clinics(2024, {"01": 3.0}, source=country.source(as_of=dt.date(2024, 10, 1)))
    assert own.code in find_outdated()


def test_processes_agree_on_what_is_published(client: Client, country: SmallCountry, official: User) -> None:
    """Whatever another process does shows in the next scope; inside one nothing changes."""
    own = created(client)
    with definition_scope(everybody):
        assert own.code not in {one.code for one in all_definitions()}
        actions.publish(own.code, by=official)
        assert own.code not in {one.code for one in all_definitions()}
    with definition_scope(everybody):
        assert get_definition(own.code).owner == "01"
    actions.retire(own.code, by=official)
    with definition_scope(everybody), pytest.raises(UnknownIndicator):
        get_definition(own.code)


def test_the_index_never_goes_back_to_a_version_somebody_read_before(
    client: Client, country: SmallCountry, official: User
) -> None:
    own = published(client)
    old = Definition.model_validate(own.definition)
    actions.save(old.model_copy(update={"name": "新しい名前"}), opened_version=1, by=official)
    sync_definitions([old])
    assert (Indicator.objects.get(code=own.code).version, Indicator.objects.get(code=own.code).name) == (
        2,
        "新しい名前",
    )


def test_an_own_code_names_its_prefecture_in_the_database(
    client: Client, country: SmallCountry, official: User
) -> None:
    own = created(client)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnIndicator.objects.filter(pk=own.pk).update(code="P02_001")
    with pytest.raises(ObjectDoesNotExist):
        OwnIndicator.objects.get(code="P02_001")


def test_items_are_found_by_name_and_by_the_reading_of_an_indicator(
    client: Client, country: SmallCountry, official: User
) -> None:
    country.observe(
        "ndb.medical.patients.114000110", 2022, {"01": 5.0}, source=country.source(as_of=dt.date(2022, 4, 1))
    )
    page = client.post("/indicators/own/new/", {**FORM, "do": "search", "words": "おうしん"}).content.decode()
    assert "add:ndb.medical.patients.114000110" in page
    added = {**FORM, "do": "add:ndb.medical.patients.114000110"}
    page = client.post("/indicators/own/new/", added).content.decode()
    assert 'name="item" value="ndb.medical.patients.114000110"' in page
    assert "入力内容を確認してください" not in page
