"""The bounds between the types of areas: shown to all, previewed, changed by administrators, with a history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from indicators.actions.area_types import BoundsChangedMeanwhile, change_bounds
from indicators.area_type_forms import BoundsForm, mark_of
from indicators.area_types import Bounds, default_bounds
from indicators.queries.area_types import get_bounds, get_history
from indicators.queries.similar import get_area_types
from indicators.results import Level
from indicators.similarity_models import AreaTypeChange
from regions.models import Population
from tests.indicators.small_country import SmallCountry, make_country
from zaitaku.accounts.models import User
from zaitaku.audit.models import AuditEntry

PAGE = "/sources/area-types/"
STANDARD = {"small_below": 300_000, "middle_from": 400_000, "middle_below": 700_000, "large_from": 1_000_000}
SMALLER = {"small_below": 1_000, "middle_from": 1_000, "middle_below": 5_000, "large_from": 5_000}


@pytest.fixture
def country(db: None) -> SmallCountry:
    made = make_country()
    source = made.source(as_of=dt.date(2025, 1, 1), kind="population_by_age")
    for code, count in {"01202": 999, "01203": 1_000, "01101": 5_000}.items():
        region = made.regions[code]
        Population.objects.create(region=region, source=source, basis="resident_register", year=2025, count=count)
    return made


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("admin-types", role=User.Role.ADMINISTRATOR, display_name="管理 花子")


def test_without_a_change_the_bounds_of_the_file_count(db: None) -> None:
    assert get_bounds() == default_bounds() == Bounds(**STANDARD)
    assert get_history() == ()


def test_a_change_types_the_regions_anew_and_stays_in_the_history(country: SmallCountry, administrator: User) -> None:
    """999 is less than 1,000; 1,000 is not; 5,000 is the largest type although its logarithm rounds below it."""
    assert get_area_types(level=Level.MUNICIPALITY)["01101"] == "人口の少ない地域型"
    change_bounds(Bounds(**SMALLER), instead_of=default_bounds(), reason="試験", source="資料1", by=administrator)
    types = get_area_types(level=Level.MUNICIPALITY)
    assert [types[code] for code in ("01202", "01203", "01101")] == ["人口の少ない地域型", "地方都市型", "大都市型"]
    change_bounds(default_bounds(), instead_of=Bounds(**SMALLER), reason="標準に戻す", source="", by=administrator)
    newest, oldest = get_history()
    assert (newest.before, newest.after) == (Bounds(**SMALLER), default_bounds())
    assert (oldest.by, oldest.reason, oldest.source) == ("管理 花子", "試験", "資料1")
    assert oldest.differences[0] == ("大都市型", "1,000,000人以上", "5,000人以上")
    assert AuditEntry.objects.filter(table="indicators_areatypechange").count() == 2


def test_who_previewed_other_bounds_than_those_in_force_is_refused(administrator: User) -> None:
    change_bounds(Bounds(**SMALLER), instead_of=default_bounds(), reason="先", source="", by=administrator)
    with pytest.raises(BoundsChangedMeanwhile):
        change_bounds(Bounds(**STANDARD), instead_of=default_bounds(), reason="後", source="", by=administrator)


@pytest.mark.parametrize(
    "wrong", [{"small_below": 400_001}, {"middle_below": 400_000}, {"large_from": 699_999}, {"small_below": 0}]
)
def test_the_database_holds_the_bounds_ascending(administrator: User, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match="area_type_bounds_ascend"), transaction.atomic():
        AreaTypeChange.objects.create(**{**STANDARD, **wrong}, reason="試験", by=administrator)


@pytest.mark.parametrize(("text", "people"), [("70万", 700_000), ("７０万人", 700_000), ("700,000", 700_000)])
def test_people_are_written_as_people_write_them(text: str, people: int) -> None:
    form = BoundsForm({**STANDARD, "middle_below": text})
    assert form.is_valid()
    assert form.bounds.middle_below == people


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"middle_below": "七十万"}, "人数として読めません"),
        ({"middle_below": "-5"}, "人数として読めません"),
        ({"small_below": "0"}, "1人から"),
        ({"middle_from": "200000"}, "重なって"),
        ({"middle_below": "400000"}, "より大きく"),
        ({"large_from": "600000"}, "重なって"),
    ],
)
def test_bounds_that_cannot_be_are_told_at_their_field(wrong: dict[str, str], told: str) -> None:
    form = BoundsForm({**STANDARD, **wrong})
    assert not form.is_valid()
    assert told in str(form.errors[next(iter(wrong))])


def test_everybody_sees_the_bounds_and_a_preview_and_only_administrators_save(
    country: SmallCountry, administrator: User, client: Client
) -> None:
    page = client.get(PAGE).content.decode()
    assert "400,000人以上700,000人未満" in page
    assert "変わる地域を確かめる" not in page
    preview = client.get(PAGE, SMALLER).content.decode()
    assert "市区町村：6地域のうち2地域の種類が変わります" in preview
    assert "区切りを変更する" not in preview
    sent = {**SMALLER, "reason": "試験のため", "source": "", "replaced": mark_of(default_bounds())}
    assert client.post(PAGE, sent).status_code == 403
    client.force_login(administrator)
    assert "理由" in client.post(PAGE, {**sent, "reason": ""}).content.decode()
    assert client.post(PAGE, sent).status_code == 302
    assert get_bounds() == Bounds(**SMALLER)
    assert "確かめている間に" in client.post(PAGE, sent, follow=True).content.decode()
    assert "試験のため" in client.get(PAGE).content.decode()
