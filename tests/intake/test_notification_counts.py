"""Counts of a list: every unit has one, zero included; the prefecture has all."""

from __future__ import annotations

import pytest

from indicators.models import Item, Observation, Status
from institutions.models import Institution
from intake.kinds import store_notifications
from tests.institutions.lists import make_regions, row, table
from zaitaku.sources.models import SourceFile

pytestmark = pytest.mark.django_db

CLINIC_3, CLINIC_2 = "notification.shien_clinic_3", "notification.shien_clinic_2"


@pytest.fixture(autouse=True)
def _regions() -> None:
    make_regions()


def source(day: str = "2025-10-01", fingerprint: str = "a") -> SourceFile:
    return SourceFile.objects.create(
        kind=SourceFile.Kind.NOTIFICATION_LIST,
        key=f"notification_list/01/{day}",
        title="名簿",
        as_of=day,
        sha256=fingerprint * 64,
        size=1,
        retrieved_on="2026-11-01",
        prefecture_code="01",
    )


def values(item: str, **filters: object) -> dict[str, float | None]:
    rows = Observation.objects.filter(item__code=item, **filters).order_by("region__code")
    return dict(rows.values_list("region__code", "value"))


def test_units_without_an_institution_have_an_observed_zero() -> None:
    store_notifications(
        table([row(1, "支援診３"), row(2, "支援診３"), row(3, "支援診３", address="余市町１")]), source()
    )
    assert values(CLINIC_3) == {"01": 3, "01101": 2, "01102": 0, "01203": 0, "01408": 1}
    zero = Observation.objects.get(item__code=CLINIC_3, region__code="01203")
    assert (zero.status, zero.year, zero.row, zero.column) == (Status.OBSERVED, 2025, 0, 0)


def test_an_institution_with_two_grades_counts_once_in_the_current_one() -> None:
    rows = [row(1, "支援診３", started="令和 4年 4月 1日"), row(1, "支援診２", started="令和 7年 4月 1日")]
    store_notifications(table(rows), source())
    assert (values(CLINIC_2)["01"], values(CLINIC_3)["01"]) == (1, 0)


def test_two_acceptances_of_one_notification_count_once() -> None:
    store_notifications(table([row(1, "支援診３"), row(1, "支援診３", accepted="第2号")]), source())
    assert values(CLINIC_3)["01"] == 1


def test_the_prefecture_holds_the_institutions_that_could_not_be_placed_and_says_so() -> None:
    stored = store_notifications(table([row(1, "支援診３"), row(2, "支援診３", address="札幌市白石１")]), source())
    assert values(CLINIC_3) == {"01": 2, "01101": 1, "01102": 0, "01203": 0, "01408": 0}
    unplaced, short = stored.problems
    assert (unplaced.sheet, unplaced.cell, unplaced.text) == ("Sheet1", "J6", "札幌市白石１")
    assert "1か所は市区町村を判定できず" in short.reason


def test_dental_support_is_kept_but_not_counted_as_a_medical_list_cannot_give_the_whole() -> None:
    store_notifications(table([row(1, "歯援診１")]), source())
    assert not Item.objects.filter(code__startswith="notification.dental").exists()


def test_a_list_of_january_belongs_to_the_fiscal_year_before() -> None:
    january = table([row(1, "支援診３")], title="[令和８年１月１日 現在 ]")
    store_notifications(january, source("2026-01-01"))
    assert set(Observation.objects.values_list("year", flat=True)) == {2025}


def test_an_older_list_gives_its_counts_and_leaves_the_newer_institutions_alone() -> None:
    store_notifications(table([row(1, "支援診３", name="デモ新")]), source())
    older = table([row(1, "支援診３", name="デモ旧"), row(2, "支援診３")], title="[令和６年１０月１日 現在 ]")
    stored = store_notifications(older, source("2024-10-01", "b"))
    assert "件数だけ" in stored.problems[0].reason
    assert list(Institution.objects.values_list("name", "listed_to")) == [("デモ新", None)]
    assert (values(CLINIC_3, year=2024)["01"], values(CLINIC_3, year=2025)["01"]) == (2, 1)
