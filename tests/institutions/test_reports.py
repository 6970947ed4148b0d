"""活動報告 from opening a round to confirmed figures: who may, the life of a link, and what the database refuses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.actions.report_figures import store_report_figures
from indicators.definitions.disclosure import disclosure_rules, family_of
from indicators.models import Observation, Status
from institutions.actions import reports as actions
from institutions.actions.report_links import issue_links, revoke_link
from institutions.formulas.reports import Answer
from institutions.models import BodyReport, ReportFigure, ReportLink, ReportRound, ReportVersion
from institutions.queries.reports import compare_answers, count_completeness, get_report_rows
from tests.html import assert_sound
from tests.indicators.conftest import plain_static_files
from tests.institutions.designated import DAY, PERIOD, area, designate, make_body, make_country, make_official
from tests.institutions.test_report_rules import GOOD
from tests.intake.conftest import make_user
from zaitaku.accounts.models import User
from zaitaku.sources.models import SourceFile

__all__ = ["plain_static_files"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
HUB: dict[str, Answer] = {"meetings": 4, "adjustments": 20, "training": 0, "awareness": 2, "disaster_support": 1}
TYPED = {key: str(answer) for key, answer in GOOD.items()} | {"reporter": "デモ 事務長"}


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def owner() -> User:
    make_country()
    return make_official()


@pytest.fixture
def asked(owner: User) -> ReportRound:
    """A round of 2026 with two clinics of 札幌, one of 後志, and a hub."""
    for name, unit, place in (
        ("デモ一医院", "01101", "0104"),
        ("デモ二医院", "01102", "0104"),
        ("デモ三医院", "01203", "0103"),
    ):
        designate(make_body(name, unit=unit), owner, in_area=place)
    designate(make_body("デモ医師会", kind="medical_association"), owner, kind="hub")
    prefecture = area("0104").parent
    assert prefecture is not None
    due = timezone.localdate() + dt.timedelta(days=30)
    return actions.open_round(
        prefecture, year=2026, period=PERIOD, opened_on=timezone.localdate(), due_on=due, by=owner
    )


def report(name: str) -> BodyReport:
    return BodyReport.objects.select_related("round", "body").get(body__name=name)


def hand_in(name: str, answers: dict[str, Any] | None = None) -> ReportVersion:
    return actions.submit(report(name), GOOD | (answers or {}), comment="", reporter="事務長", via="form")


def token_of(name: str, owner: User) -> str:
    return issue_links([report(name)], by=owner)[0].token


def form_url(token: str) -> str:
    return reverse("institutions:report-form", args=[token])


def test_a_round_asks_every_designated_body_once_and_there_is_one_a_year(asked: ReportRound, owner: User) -> None:
    assert asked.reports.count() == 4
    with pytest.raises(actions.ReportRefused, match="すでに受け付けています"):
        actions.open_round(asked.prefecture, year=2026, period=PERIOD, opened_on=DAY, due_on=DAY, by=owner)
    with pytest.raises(actions.ReportRefused, match="「位置付け」の機関がありません"):
        actions.open_round(asked.prefecture, year=2025, period=2024, opened_on=DAY, due_on=DAY, by=owner)
    designate(make_body("デモ四医院"), owner)
    assert actions.add_bodies(asked, by=owner) == 1
    assert actions.add_bodies(asked, by=owner) == 0


def test_a_report_is_returned_handed_in_again_and_confirmed_and_nothing_is_overwritten(
    asked: ReportRound, owner: User
) -> None:
    hand_in("デモ一医院")
    actions.return_report(report("デモ一医院"), remark="看取りの数を確かめてください", by=owner)
    second = hand_in("デモ一医院", {"home_deaths": 6})
    with pytest.raises(actions.ReportRefused, match="新しい版"):
        actions.confirm(report("デモ一医院"), version=1, by=owner)
    actions.confirm(report("デモ一医院"), version=2, by=owner)
    assert second.number == 2
    figures = ReportFigure.objects.filter(item="home_deaths").order_by("version__number")
    assert list(figures.values_list("number", flat=True)) == [8, 6]
    with pytest.raises(actions.ReportRefused, match="確認が済んでいます"):
        hand_in("デモ一医院")
    done = list(report("デモ一医院").events.order_by("pk").values_list("action", flat=True))
    assert done == ["opened", "submitted", "returned", "submitted", "confirmed"]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE institutions_reportfigure SET number = 1", "report_is_kept"),
        ("DELETE FROM institutions_reportversion", "report_is_kept"),
        ("UPDATE institutions_reportevent SET remark = 'x'", "report_is_kept"),
        (
            "INSERT INTO institutions_reportfigure (version_id, item, number, most) SELECT id, 'x', -1, 5 "
            "FROM institutions_reportversion",
            "report_figure_not_negative",
        ),
        (
            "INSERT INTO institutions_reportfigure (version_id, item, number, most) SELECT id, 'x', 6, 5 "
            "FROM institutions_reportversion",
            "report_figure_possible",
        ),
        (
            "INSERT INTO institutions_reportfigure (version_id, item, number, most) SELECT id, 'night_hours', 25, 99 "
            "FROM institutions_reportversion",
            "report_figure_day_has_24_hours",
        ),
        ("UPDATE institutions_bodyreport SET state = 'returned'", "body_report_return_has_remark"),
        ("UPDATE institutions_reportround SET due_on = opened_on - 1", "report_round_due_after_opening"),
    ],
)
def test_the_database_refuses_what_cannot_be(asked: ReportRound, statement: str, rule: str) -> None:
    hand_in("デモ一医院")
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_sound_reports_are_confirmed_together(asked: ReportRound, owner: User) -> None:
    hand_in("デモ一医院")
    actions.submit(report("デモ二医院"), GOOD, comment="数え方を変えた", reporter="院長", via="form")
    assert actions.confirm_all_sound(asked, by=owner) == (1, 1)
    assert report("デモ二医院").state == "submitted"


def test_completeness_counts_by_area_and_category(asked: ReportRound, owner: User) -> None:
    hand_in("デモ一医院")
    actions.confirm_all_sound(asked, by=owner)
    hand_in("デモ三医院")
    found = [
        (c.area_name, c.kind, c.asked, c.handed_in, c.confirmed) for c in count_completeness(get_report_rows(asked.pk))
    ]
    assert found == [("後志", "active", 1, 1, 0), ("札幌", "active", 2, 1, 1), ("札幌", "hub", 1, 0, 0)]


def test_a_body_is_seen_beside_at_least_three(asked: ReportRound) -> None:
    hand_in("デモ一医院", {"house_calls": 12})
    hand_in("デモ二医院")
    rows = get_report_rows(asked.pk)
    first = next(row for row in rows if row.body_name == "デモ一医院")
    assert "3機関未満" in compare_answers(first, rows, last_year=None)[2].spread
    hand_in("デモ三医院", {"house_calls": 50})
    line = compare_answers(first, get_report_rows(asked.pk), last_year=None)[2]
    assert (line.spread, line.place) == ("中央値 30（四分位 21〜40）、3機関", "下位4分の1")


def test_the_list_takes_as_many_queries_for_more_bodies(asked: ReportRound) -> None:
    hand_in("デモ一医院")
    with CaptureQueriesContext(connection) as few:
        get_report_rows(asked.pk)
    for name in ("デモ二医院", "デモ三医院"):
        hand_in(name)
    with CaptureQueriesContext(connection) as more:
        get_report_rows(asked.pk)
    assert len(few) == len(more) <= 6


def test_a_link_opens_one_report_without_an_account(asked: ReportRound, owner: User, client: Client) -> None:
    token = token_of("デモ一医院", owner)
    assert not ReportLink.objects.filter(token_hash=token).exists()
    answer = client.get(form_url(token))
    assert answer.status_code == 200
    assert_sound(answer.content.decode())
    assert "デモ一医院" in answer.content.decode()
    assert "デモ二医院" not in answer.content.decode()
    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_what_a_link_that_does_not_work_says(asked: ReportRound, owner: User, client: Client) -> None:
    first, second = token_of("デモ一医院", owner), token_of("デモ一医院", owner)
    for token, status, sentence in ((first, 410, "使えなくなりました"), ("unknown", 404, "途中で切れていないか")):
        answer = client.get(form_url(token))
        assert answer.status_code == status
        assert sentence in answer.content.decode()
    ReportLink.objects.update(created_at=timezone.now() - dt.timedelta(days=9), expires_at=timezone.now())
    answer = client.get(form_url(second))
    assert answer.status_code == 410
    assert "期限が切れました" in answer.content.decode()
    assert_sound(answer.content.decode())
    assert revoke_link(report("デモ一医院"), by=owner)
    assert not revoke_link(report("デモ一医院"), by=owner)
    assert "使えなくなりました" in client.get(form_url(second)).content.decode()


def test_guessing_tokens_is_stopped(asked: ReportRound, owner: User, client: Client) -> None:
    answers = [client.get(form_url(f"guess{n}")).status_code for n in range(21)]
    assert answers == [404] * 20 + [429]
    assert client.get(form_url(token_of("デモ一医院", owner))).status_code == 429


def test_a_draft_is_kept_whatever_it_says_and_counts_nowhere(asked: ReportRound, owner: User, client: Client) -> None:
    token = token_of("デモ一医院", owner)
    client.post(form_url(token), {"visit_patients": "約40", "step": "draft"})
    page = client.get(form_url(token)).content.decode()
    assert 'value="約40"' in page
    assert report("デモ一医院").state == "waiting"


def test_errors_are_tied_to_their_fields_and_nothing_typed_is_lost(
    asked: ReportRound, owner: User, client: Client
) -> None:
    token = token_of("デモ一医院", owner)
    answer = client.post(form_url(token), TYPED | {"visits": "-5", "facility_deaths": "9", "step": "submit"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert_sound(page)
    assert '<a href="#id_visits">' in page
    assert re.search(r'id="id_facility_deaths_error">\s*<div>＊内数の9が', page)
    assert 'value="-5"' in page
    assert not ReportVersion.objects.exists()
    assert report("デモ一医院").draft["visits"] == "-5"


def test_a_report_is_handed_in_and_may_be_mended_until_it_is_confirmed(
    asked: ReportRound, owner: User, client: Client
) -> None:
    token = token_of("デモ一医院", owner)
    assert client.post(form_url(token), TYPED | {"step": "submit"}).status_code == 302
    page = client.get(form_url(token)).content.decode()
    assert "提出済です" in page
    assert "下書きを保存" not in page
    assert 'value="900"' in client.get(form_url(token), {"edit": 1}).content.decode()
    client.post(form_url(token), TYPED | {"visits": "950", "step": "submit"})
    actions.confirm(report("デモ一医院"), version=2, by=owner)
    answer = client.post(form_url(token), TYPED | {"step": "submit"})
    assert answer.status_code == 422
    assert ReportVersion.objects.count() == 2


def test_far_more_than_last_year_needs_a_reason(asked: ReportRound, owner: User, client: Client) -> None:
    due = timezone.localdate()
    before = actions.open_round(asked.prefecture, year=2025, period=PERIOD, opened_on=due, due_on=due, by=owner)
    old = before.reports.get(body__name="デモ一医院")
    actions.submit(old, GOOD | {"visit_patients": 10}, comment="", reporter="院長", via="form")
    token = issue_links([asked.reports.select_related("round").get(body=old.body)], by=owner)[0].token
    answer = client.post(form_url(token), TYPED | {"step": "submit"})
    assert "前年度は10人でした" in answer.content.decode()
    assert answer.status_code == 422
    typed = TYPED | {"comment": "訪問診療を始めた医師が加わった", "step": "submit"}
    assert client.post(form_url(token), typed).status_code == 302


def test_a_filled_file_is_read_shown_and_handed_in(asked: ReportRound, owner: User, client: Client) -> None:
    token = token_of("デモ一医院", owner)
    blank = client.get(reverse("institutions:report-sheet", args=[token, "csv"])).content.decode("utf-8-sig")
    filled = blank.replace("訪問診療を行った実患者数,人,", "訪問診療を行った実患者数,人,77")
    url = reverse("institutions:report-upload", args=[token])
    answer = client.post(url, {"file": SimpleUploadedFile("報告.csv", filled.encode())})
    page = answer.content.decode()
    assert 'value="77"' in page
    assert "まだ提出されていません" in page
    assert not ReportVersion.objects.exists()
    wrong = filled.replace(",77,", ",7.7,")
    answer = client.post(url, {"file": SimpleUploadedFile("報告.csv", wrong.encode())})
    assert answer.status_code == 422
    assert "報告!H2" in answer.content.decode()
    assert client.post(url).status_code == 422


def test_after_the_end_nothing_is_taken_in(asked: ReportRound, owner: User, client: Client) -> None:
    token = token_of("デモ一医院", owner)
    actions.set_closed(asked, closed=True)
    assert "受付は終了しました" in client.get(form_url(token)).content.decode()
    client.post(form_url(token), TYPED | {"step": "submit"})
    assert not ReportVersion.objects.exists()


@pytest.fixture
def as_role(owner: User, client: Client) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        people: dict[str, Callable[[], User]] = {
            "owner": lambda: owner,
            "approver": lambda: make_user("chief", role=User.Role.APPROVER, codes=("01",)),
            "municipality": lambda: make_user("city", role=User.Role.MUNICIPALITY, codes=("01203",)),
            "other": lambda: make_user("aomori", role=User.Role.PREFECTURE, codes=("02",)),
        }
        if role in people:
            client.force_login(people[role]())
        return client

    return sign_in


@pytest.mark.parametrize(
    ("role", "listed", "detail", "act"),
    [
        ("owner", 200, 200, 302),
        ("approver", 200, 200, 403),
        ("municipality", 200, 404, 403),
        ("other", 404, 404, 403),
        ("visitor", 302, 404, 403),
    ],
)
def test_who_sees_and_does_what(
    as_role: Callable[[str], Client], asked: ReportRound, role: str, listed: int, detail: int, act: int
) -> None:
    hand_in("デモ一医院")
    client = as_role(role)
    found = client.get(reverse("institutions:report-list") + "?prefecture=01&year=2026")
    assert found.status_code == listed
    if listed == 200:
        assert_sound(found.content.decode())
    one = client.get(reverse("institutions:report-detail", args=[report("デモ一医院").pk]))
    assert one.status_code == detail
    if detail == 200:
        assert_sound(one.content.decode())
    file = client.get(reverse("institutions:report-file", args=[asked.pk, "answers", "csv"]))
    assert file.status_code == detail
    for name in ("institutions:round-change", "institutions:report-links", "indicators:report-figures"):
        assert client.post(reverse(name, args=[asked.pk]), {"step": "close"}).status_code == act


def test_links_come_as_a_page_and_as_a_list(asked: ReportRound, owner: User, client: Client) -> None:
    client.force_login(owner)
    url = reverse("institutions:report-links", args=[asked.pk])
    page = client.post(url, {"which": "without", "form": "print"})
    assert_sound(page.content.decode())
    tokens = re.findall(r'href="http://testserver/report/([^/]+)/"', page.content.decode())
    assert len(set(tokens)) == 4
    assert Client().get(form_url(tokens[0])).status_code == 200
    table = client.post(url, {"which": "missing", "form": "csv"}).content.decode()
    assert table.count("http://testserver/report/") == 4
    assert Client().get(form_url(tokens[0])).status_code == 410
    assert client.post(url, {"which": "without", "form": "print"}).status_code == 302


def test_confirmed_reports_become_figures_and_unconfirmed_do_not(asked: ReportRound, owner: User) -> None:
    hand_in("デモ一医院")  # 中央区, the only one there
    hand_in("デモ二医院", {"visit_patients": 7, "visits": 7})
    actions.submit(report("デモ医師会"), HUB, comment="", reporter="事務局", via="form")
    for name in ("デモ一医院", "デモ医師会"):
        actions.confirm(report(name), version=1, by=owner)
    stored = store_report_figures(asked.pk, by=owner)
    assert stored.left_out == ()
    assert store_report_figures(asked.pk, by=owner).new == 0
    found = {
        (one.item.code, one.region.code): (one.value, one.status)
        for one in Observation.objects.select_related("item", "region")
    }
    assert len(found) == stored.stored == stored.new
    assert found["report.visit_patients", "01101"] == (40, Status.OBSERVED)
    assert found["report.visit_patients", "01102"] == (None, Status.MISSING)
    assert found["report.visit_patients", "01408"] == (0, Status.OBSERVED)
    assert found["report.visit_patients", "01"] == (40, Status.PROVISIONAL)
    assert found["survey.hub.meetings", "01"] == (1, Status.OBSERVED)
    assert found["survey.hub.training", "01"] == (0, Status.OBSERVED)
    actions.confirm(report("デモ二医院"), version=1, by=owner)
    store_report_figures(asked.pk, by=owner)
    assert SourceFile.objects.filter(withdrawn_at=None, key="activity_report/01/2026").count() == 1
    now = Observation.objects.get(
        source__withdrawn_at=None, item__code="report.visit_patients", region__code="01", region__kind="prefecture"
    )
    assert now.value == 47


def test_patients_of_reports_are_under_disclosure_control() -> None:
    rules = disclosure_rules()
    assert rules.apply_to("report.home_deaths")
    assert not rules.apply_to("report.bodies")
    assert family_of("report.facility_deaths") == ("report.home_deaths", "report.facility_deaths")
