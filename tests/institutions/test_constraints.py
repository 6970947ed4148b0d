"""Every rule the database holds about institutions, broken once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from institutions.models import Institution, Notification
from regions.models import Region
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 10, 1)


@pytest.fixture
def source() -> SourceFile:
    return SourceFile.objects.create(
        kind="notification_list", key="k", title="名簿", sha256="a" * 64, size=1, retrieved_on=DAY
    )


@pytest.fixture
def institution(source: SourceFile) -> Institution:
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    prefecture = Region.objects.create(kind="prefecture", code="01", name="北海道", parent=nation)
    return Institution.objects.create(
        prefecture=prefecture,
        code="0110000017",
        name="デモ医院",
        search_name="デモ医院",
        listed_from=DAY,
        source=source,
        source_row=5,
    )


def breaks(constraint: str, model: type[Institution] | type[Notification], /, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.create(**values)


def copy_of(institution: Institution, **changes: Any) -> dict[str, Any]:
    fields = ("prefecture", "code", "name", "search_name", "listed_from", "source", "source_row")
    return {field: getattr(institution, field) for field in fields} | changes


def test_a_code_names_one_institution(institution: Institution) -> None:
    breaks("institution_code_once", Institution, **copy_of(institution))


@pytest.mark.parametrize("code", ["011000001", "01X0000017", "0100000017", "全国00000017"])
def test_a_code_has_ten_digits_and_a_table_of_points(institution: Institution, code: str) -> None:
    breaks("institution_code_shape", Institution, **copy_of(institution, code=code))


def test_an_institution_is_listed_for_some_time(institution: Institution) -> None:
    breaks("institution_listed_period", Institution, **copy_of(institution, code="0110000025", listed_to=DAY))


def test_a_notification_is_listed_once_from_a_day(institution: Institution) -> None:
    values = {
        "institution": institution,
        "symbol": "支援診3",
        "number": "",
        "started_on": None,
        "listed_from": DAY,
        "source": institution.source,
        "source_row": 5,
    }
    Notification.objects.create(**values)
    breaks("notification_once", Notification, **values)
    breaks("notification_listed_period", Notification, **values | {"symbol": "在総", "listed_to": DAY})


def test_a_source_that_facts_stand_on_cannot_be_deleted(institution: Institution) -> None:
    with pytest.raises(ProtectedError):
        institution.source.delete()
