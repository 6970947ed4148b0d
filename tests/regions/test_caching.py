"""What is remembered between requests: never across a write, never inside a transaction."""

from __future__ import annotations

import pytest
from django.db import transaction

from regions.actions.regions import store_regions
from regions.models import Region
from regions.queries.regions import get_prefectures
from regions.tables import RegionRow

NATION = RegionRow(kind="nation", code="00", name="全国", name_kana="ぜんこく", parent_code="")
HOKKAIDO = RegionRow(kind="prefecture", code="01", name="北海道", name_kana="ほっかいどう", parent_code="00")
AOMORI = RegionRow(kind="prefecture", code="02", name="青森県", name_kana="あおもりけん", parent_code="00")


@pytest.mark.django_db(transaction=True)
def test_a_write_is_seen_at_once_and_nothing_else_is_read_twice() -> None:
    store_regions([NATION, HOKKAIDO])
    assert [region.code for region in get_prefectures()] == ["01"]
    assert get_prefectures() is get_prefectures()
    store_regions([AOMORI])
    assert [region.code for region in get_prefectures()] == ["01", "02"]


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_rolled_back_are_never_remembered() -> None:
    store_regions([NATION])
    with transaction.atomic():
        store_regions([HOKKAIDO])
        assert len(get_prefectures()) == 1
        transaction.set_rollback(True)
    assert get_prefectures() == ()


@pytest.mark.django_db
def test_storing_the_same_region_again_keeps_its_identity_and_amends_its_name() -> None:
    store_regions([NATION, HOKKAIDO])
    before = Region.objects.get(code="01").pk
    counts = store_regions([NATION, RegionRow(kind="prefecture", code="01", name="新", name_kana="", parent_code="00")])
    assert counts == {"created": 0, "changed": 1, "unchanged": 1}
    assert Region.objects.get(code="01", name="新").pk == before
