"""アクセス as figures of municipalities: what is stored, when it is stored anew, and what reports change."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.access_figures import store_access_figures
from indicators.models import Observation, Status
from indicators.tasks import store_reports
from institutions.access import AccessQuery
from institutions.actions import reports as actions
from institutions.definitions.access_capacity import capacity_choices
from institutions.models import Body, BodyReport, Notification, ReportRound
from institutions.queries.access import get_access
from institutions.queries.candidates import list_candidates
from institutions.tasks import STORE_REPORTS, start_report_figures
from regions.models import Population, Region
from tests.indicators.conftest import plain_static_files
from tests.institutions.designated import DAY, PERIOD, designate, make_official
from tests.institutions.test_access import AT, hokkaido
from tests.institutions.test_report_rules import GOOD
from zaitaku.accounts.models import User
from zaitaku.jobs.models import Job
from zaitaku.sources.models import SourceFile

__all__ = ["hokkaido", "plain_static_files"]


def figures() -> dict[tuple[str, str], tuple[float | None, int]]:
    """What counts now, by item and place."""
    rows = Observation.objects.filter(source__withdrawn_at=None, item__code__startswith="access.")
    return {
        (item.removeprefix("access."), place): (value, status)
        for item, place, value, status in rows.values_list("item__code", "region__code", "value", "status")
    }


def report_of(name: str, by: User, **answers: int) -> BodyReport:
    """A confirmed report of 2026 of a body of the list."""
    body = Body.objects.get(name=name)
    designate(body, by)
    today = timezone.localdate()
    asked = actions.open_round(
        Region.objects.get(code="01", kind="prefecture"), year=2026, period=PERIOD, opened_on=today,
        due_on=today + dt.timedelta(days=30), by=by,
    )  # fmt: skip
    found = BodyReport.objects.select_related("round").get(round=asked, body=body)
    actions.submit(found, GOOD | answers, comment="理由", reporter="事務長", via="form")
    actions.confirm(found, version=1, by=by)
    return BodyReport.objects.select_related("round").get(pk=found.pk)


def test_the_stored_figures_are_those_worked_out_by_hand(hokkaido: Region) -> None:
    assert store_access_figures(by=None) == 4 * 4
    found = figures()
    # Both clinics (3 + 1) are shared by 4,000 people: 0.001 a person, so 1,000 people share 1 and 3,000 share 3.
    assert found["capacity_16km", "01101"] == (1.0, Status.OBSERVED)
    assert found["capacity_16km", "01102"] == (3.0, Status.OBSERVED)
    assert found["people_75plus", "01102"] == (3000, Status.OBSERVED)
    assert found["out_of_reach_16km", "01408"] == (2000, Status.OBSERVED)
    assert found["out_of_reach_16km", "01101"] == found["out_of_reach_8km", "01101"] == (0, Status.OBSERVED)
    assert {one.year for one in Observation.objects.all()} == {2026}


def test_nothing_new_is_stored_until_a_list_changes_and_then_the_former_state_counts_no_more(hokkaido: Region) -> None:
    store_access_figures(by=None)
    assert store_access_figures(by=None) == 0
    Notification.objects.filter(institution__name="デモ中央医院").update(listed_to=DAY + dt.timedelta(days=1))
    assert store_access_figures(by=None) == 16
    assert SourceFile.objects.filter(key="access/01/2026").count() == 2
    # Only the clinic of 北区 (1) is left for 4,000 people.
    assert figures()["capacity_16km", "01102"] == (0.75, Status.OBSERVED)
    Population.objects.filter(region__code="01203").delete()
    store_access_figures(by=None)
    assert figures()["capacity_16km", "01203"] == figures()["people_75plus", "01203"] == (None, Status.MISSING)


def test_a_neighbour_without_a_list_makes_figures_provisional(hokkaido: Region) -> None:
    for code, name, unit_code, unit_name in (
        ("23", "愛知県", "23235", "弥富市"),
        ("24", "三重県", "24303", "木曽岬町"),
    ):
        parent = Region.objects.create(kind="prefecture", code=code, name=name, parent=hokkaido.parent)
        unit = Region.objects.create(
            kind="municipality", code=unit_code, name=unit_name, parent=parent, is_base_unit=True
        )
        source = SourceFile.objects.get(key="people")
        for age_from in (75, 85):
            Population.objects.create(
                region=unit, source=source, basis="resident_register", year=2025, sex="both",
                age_from=age_from, age_to=84 if age_from == 75 else None, count=100,
            )  # fmt: skip
    SourceFile.objects.filter(kind="notification_list").update(prefecture_code="24")
    store_access_figures(by=None)
    found = figures()
    assert found["out_of_reach_16km", "24303"] == (200, Status.PROVISIONAL)
    assert found["people_75plus", "24303"] == (200, Status.OBSERVED)
    assert ("capacity_16km", "23235") not in found


def test_bands_hold_every_number_and_tell_none() -> None:
    choice = capacity_choices()["grade"]
    assert [choice.weigh("支援診3", patients=n) for n in (0, 1, 9, 10, 399, 400, 9_999)] == [
        0,
        0.1,
        0.1,
        0.4,
        6,
        10,
        10,
    ]
    assert choice.weigh("支援診1", patients=None) == 3
    assert capacity_choices()["equal"].weigh("支援診1", patients=500) == 1
    assert choice.bands[:2] == (("0人", 0.0), ("1〜9人", 0.1))
    assert choice.bands[-1] == ("400人以上", 10.0)


@pytest.mark.usefixtures("plain_static_files")
def test_a_confirmed_report_counts_instead_of_the_grade_and_is_not_published(hokkaido: Region, client: Client) -> None:
    owner = make_official()
    report_of("デモ北医院", owner, visit_patients=100, visits=400, free_places=30)
    result = get_access(AccessQuery(prefecture="01"), today=DAY)
    # 130 patients weigh 3 instead of 1: (3 + 3) ÷ 4,000 = 15 for 10,000.
    assert next(one.per_people for one in result.units if one.code == "01101") == pytest.approx(15)
    assert result.reported == 1
    assert {one.name: one.weight for one in result.institutions} == {"デモ中央医院": 3.0, "デモ北医院": None}
    text = client.get(reverse("institutions:access") + AT).content.decode()
    assert "機関2か所のうち1か所は、確認済の活動報告の患者数で数えています" in text
    listed = client.get(reverse("institutions:access") + AT + "&tab=institutions").content.decode()
    assert "報告による" in listed
    assert "130" not in listed
    known = {row.name: row.reported for row in list_candidates("01", PERIOD, with_reports=True)}
    assert known["デモ北医院"].startswith("令和8年度(2026年度)の活動報告：訪問診療100人、あと30人受入れ可")
    assert {row.reported for row in list_candidates("01", PERIOD)} == {""}


def test_a_confirmation_asks_a_worker_once_and_the_work_makes_figures(hokkaido: Region, client: Client) -> None:
    owner = make_official()
    found = report_of("デモ北医院", owner)
    asked = ReportRound.objects.get()
    start_report_figures(asked, by=owner)
    start_report_figures(asked, by=owner)
    assert Job.objects.filter(kind=STORE_REPORTS).count() == 1
    done = store_reports({"round": asked.pk}, lambda *_: None)
    assert done["集計した値"] > 0
    assert figures()["people_75plus", "01101"] == (1000, Status.OBSERVED)
    assert Observation.objects.get(item__code="report.bodies", region__code="01102").value == 1
    assert Job.objects.filter(kind="compute_indicators").count() == 1
    # Given back it counts no more, by the hand of the same page.
    Job.objects.all().delete()
    client.force_login(owner)
    client.post(reverse("institutions:report-decide", args=[found.pk]), {"step": "return", "remark": "確かめて"})
    assert Job.objects.filter(kind=STORE_REPORTS).count() == 1
    store_reports({"round": asked.pk}, lambda *_: None)
    now = Observation.objects.get(item__code="report.bodies", region__code="01102", source__withdrawn_at=None)
    assert (now.value, now.status) == (None, Status.MISSING)
