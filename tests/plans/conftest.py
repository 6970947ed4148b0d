"""Two prefectures with their real units and borders, for the tests of drafts of areas."""

from __future__ import annotations

import csv
import datetime as dt

import pytest
from django.conf import settings

from regions.models import AreaMembership, AreaScheme, Region
from tests.static_files import plain_static_files
from zaitaku.accounts.models import Scope, User

__all__ = ["plain_static_files"]
TOTTORI, OKINAWA = "31", "47"


def make_user(name: str, role: str, *codes: str) -> User:
    """Somebody with a role and a scope."""
    user = User.objects.create(username=name, role=role, display_name=name)
    Scope.objects.bulk_create(Scope(user=user, code=code) for code in codes)
    return user


def _rows(name: str) -> list[dict[str, str]]:
    with (settings.BASE_DIR / "fixtures" / "regions" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def two_prefectures(db: None) -> None:
    """鳥取県 and 沖縄県 with their municipalities, and the secondary medical areas of 鳥取県."""
    nation = Region.objects.create(kind="nation", code="00", name="全国")
    for row in _rows("regions"):
        if row["kind"] == "prefecture" and row["code"] in (TOTTORI, OKINAWA):
            prefecture = Region.objects.create(kind="prefecture", code=row["code"], name=row["name"], parent=nation)
            Region.objects.bulk_create(
                Region(kind=unit["kind"], code=unit["code"], name=unit["name"], parent=prefecture, is_base_unit=True)
                for unit in _rows("regions")
                if unit["kind"] == "municipality" and unit["code"][:2] == row["code"] and not unit["valid_to"]
            )
    scheme = AreaScheme.objects.create(
        key="iryoken2-8", kind="secondary_medical_area", name="二次医療圏", effective_from=dt.date(2024, 4, 1)
    )
    units = dict(Region.objects.base_units().values_list("code", "pk"))
    parent = Region.objects.get(kind="prefecture", code=TOTTORI)
    for row in _rows("areas"):
        if row["scheme"] == "iryoken2-8" and row["prefecture_code"] == TOTTORI:
            area = Region.objects.create(kind="area", code=row["code"], name=row["name"], parent=parent, scheme=scheme)
            AreaMembership.objects.bulk_create(
                AreaMembership(scheme=scheme, area=area, unit_id=units[code]) for code in row["unit_codes"].split()
            )


@pytest.fixture
def official(two_prefectures: None) -> User:
    """都道府県担当 of 鳥取県."""
    return make_user("鳥取県担当", User.Role.PREFECTURE, TOTTORI)
