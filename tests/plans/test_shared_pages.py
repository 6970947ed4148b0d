"""協議の場, 年間スケジュール, 入退院支援ルール and 好事例: who gets in, what is refused, what is shown where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from plans.actions.meetings import add_decision, add_meeting
from plans.actions.practices import add_practice
from plans.actions.schedule import add_item, issue_calendar_link
from plans.formulas.schedule import EntryKind
from plans.meeting_urls import urlpatterns
from plans.models import (
    CalendarLink,
    DischargeRule,
    GoodPractice,
    Meeting,
    MeetingDecision,
    Plan,
    Policy,
    RoadmapStep,
    ScheduleItem,
)
from plans.queries.content import get_content
from plans.queries.meetings import decisions_of
from plans.queries.schedule import due_dates
from regions.models import Region
from tests.plans.conftest import make_user
from tests.plans.places import make_plan
from tests.plans.test_plan_pages import PEOPLE, READERS, WRITERS, browser
from tests.static_files import plain_static_files
from zaitaku.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]
__all__ = ["plain_static_files"]

EVERYONE = frozenset(PEOPLE)
NOBODY: frozenset[str] = frozenset()
# Name of the address → who may GET it, who may POST it; what takes away what others need stands last.
MAY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "meeting-list": (READERS, NOBODY),
    "meeting-create": (WRITERS, WRITERS),
    "meeting-detail": (READERS, NOBODY),
    "meeting-edit": (WRITERS, WRITERS),
    "decision-create": (WRITERS, WRITERS),
    "decision-edit": (WRITERS, WRITERS),
    "schedule": (READERS, NOBODY),
    "schedule-file": (READERS, NOBODY),
    "schedule-entry": (READERS, NOBODY),
    "schedule-item-create": (WRITERS, WRITERS),
    "schedule-item": (READERS, WRITERS),
    "schedule-item-remove": (NOBODY, WRITERS),
    "calendar-links": (WRITERS, WRITERS),
    "calendar-feed": (EVERYONE, NOBODY),
    "calendar-page": (EVERYONE, NOBODY),
    "discharge-list": (READERS, NOBODY),
    "discharge-create": (WRITERS, WRITERS),
    "discharge-detail": (READERS, WRITERS),
    "discharge-remove": (NOBODY, WRITERS),
    "practice-list": (EVERYONE, NOBODY),
    # An official of another prefecture writes a case of their own one there.
    "practice-create": (WRITERS | {"official elsewhere"}, WRITERS | {"official elsewhere"}),
    "practice-detail": (READERS, NOBODY),
    "practice-edit": (WRITERS, WRITERS),
    "practice-settle": (NOBODY, WRITERS),
    "calendar-revoke": (NOBODY, WRITERS),
    "meeting-remove": (NOBODY, WRITERS),
}


@dataclass(frozen=True)
class Desk:
    """A plan of 北海道 with one of everything, and the official at it."""

    plan: Plan
    writer: User
    client: Client
    town: Region
    other: Region
    meeting: Meeting
    decision: MeetingDecision
    item: ScheduleItem
    rule: DischargeRule
    practice: GoodPractice
    link: CalendarLink
    token: str

    def url(self, path: str = "") -> str:
        return f"/plans/{self.plan.pk}/{path}"

    def page(self, path: str, *, status: int = 200) -> str:
        answer = self.client.get(path if path.startswith("/") else self.url(path))
        assert answer.status_code == status, path
        return answer.content.decode()


@pytest.fixture
def desk() -> Desk:
    writer = make_user("writer", "prefecture", "01")
    plan = make_plan(by=writer)
    towns = [
        Region.objects.create(kind="municipality", code=code, name=name, parent=plan.prefecture, is_base_unit=True)
        for code, name in (("01202", "函館市"), ("01203", "小樽市"))
    ]
    Region.objects.create(kind="prefecture", code="13", name="東京都", parent=plan.prefecture.parent)
    meeting = add_meeting(plan, changes={"name": "第1回協議会", "held_on": dt.date(2027, 6, 1), "minutes": "**了承**"})
    link, token = issue_calendar_link(plan, label="医師会", audience="association", by=writer)
    changes = {"title": "往診の輪番", "scene": "acute", "theme": "round_the_clock", "text": "当番を決めた"}
    return Desk(
        plan=plan,
        writer=writer,
        client=browser(writer),
        town=towns[0],
        other=towns[1],
        meeting=meeting,
        decision=add_decision(meeting, text="按分率を25％にする"),
        item=add_item(plan, changes={"title": "意見照会", "starts_on": dt.date(2027, 7, 1)}),
        rule=DischargeRule.objects.create(plan=plan, area=plan.prefecture, review_on=dt.date(2028, 3, 1)),
        practice=add_practice(plan.prefecture, changes=changes, by=writer),
        link=link,
        token=token,
    )


def _addresses(desk: Desk) -> Iterator[tuple[str, str]]:
    plan: dict[str, object] = {"plan_id": desk.plan.pk}
    meeting: dict[str, object] = {**plan, "meeting_id": desk.meeting.pk}
    item: dict[str, object] = {**plan, "item_id": desk.item.pk}
    needs: dict[str, dict[str, object]] = {
        "meeting-list": plan,
        "meeting-create": plan,
        "meeting": meeting,
        "decision-create": meeting,
        "decision-edit": {**meeting, "decision_id": desk.decision.pk},
        "schedule": plan,
        "schedule-entry": {**plan, "kind": "meeting", "record": desk.meeting.pk},
        "schedule-item": item,
        "schedule-item-create": plan,
        "schedule-item-remove": item,
        "calendar-links": plan,
        "calendar-revoke": {**plan, "link_id": desk.link.pk},
        "calendar": {"token": desk.token},
        "discharge-list": plan,
        "discharge-create": {**plan, "area_code": "01"},
        "discharge": {**plan, "rule_id": desk.rule.pk},
        "practice-list": {},
        "practice-create": {},
        "practice": {"practice_id": desk.practice.pk},
    }
    for name in MAY:
        given = needs[name] if name in needs else needs[name.partition("-")[0]]
        yield name, reverse(f"plans:{name}", kwargs=given)


def test_the_table_of_rights_names_every_address() -> None:
    assert set(MAY) == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_address_lets_in_whom_it_should_and_nobody_else(desk: Desk, who: str) -> None:
    given = PEOPLE[who]
    client = browser(make_user("someone", given[0], *given[1]) if given else None)
    outsider = 302 if who == "visitor" else 403
    for name, address in _addresses(desk):
        gets, posts = MAY[name]
        # A draft of a case is not told of to outsiders.
        refusal = 404 if name == "practice-detail" else outsider
        if gets and (who in READERS or gets is not EVERYONE):
            got = client.get(address).status_code
            assert got == (200 if who in gets else refusal), f"GET {name}: {got}"
        if posts:
            sent = client.post(address).status_code
            assert sent in {302, 409, 422} if who in posts else sent == outsider, f"POST {name}: {sent}"


def test_addresses_answer_only_the_methods_they_have(desk: Desk) -> None:
    for name, address in _addresses(desk):
        gets, posts = MAY[name]
        assert gets or desk.client.get(address).status_code == 405, name
        assert posts or desk.client.post(address).status_code == 405, name


def test_visitors_read_what_is_for_everybody(desk: Desk) -> None:
    for name, address in _addresses(desk):
        if MAY[name][0] is EVERYONE:
            assert Client().get(address).status_code == 200, name


def test_outsiders_change_nothing(desk: Desk) -> None:
    for who in ("visitor", "official elsewhere", "municipality", "approver", "administrator"):
        given = PEOPLE[who]
        client = browser(make_user(f"x-{who}", given[0], *given[1]) if given else None)
        for name, address in _addresses(desk):
            if who not in MAY[name][1]:
                client.post(
                    address, {"title": "よそ", "text": "よそ", "name": "よそ", "remove": "1", "action": "publish"}
                )
    assert list(Meeting.objects.values_list("name", "removed_at")) == [("第1回協議会", None)]
    assert list(ScheduleItem.objects.values_list("title", flat=True)) == ["意見照会"]
    assert MeetingDecision.objects.count() == DischargeRule.objects.count() == 1
    desk.practice.refresh_from_db()
    assert (desk.practice.published_at, desk.practice.removed_at) == (None, None)
    desk.link.refresh_from_db()
    assert desk.link.revoked_at is None


def test_a_meeting_is_written_with_members_and_read_by_whom_it_invites(desk: Desk) -> None:
    fields = {
        "name": "南部の調整会議",
        "held_on": "2027-08-02",
        "starts_at": "10:00",
        "ends_at": "11:30",
        "people": "函館市医師会／会長\n函館市/介護保険課\n訪問看護連絡協議会／会長／欠席",
        "minutes": "# 要旨\n<script>alert(1)</script>",
        "readers": "invited",
        "version": 0,
    }
    refused = desk.client.post(desk.url("meetings/new/"), fields)
    assert refused.status_code == 422
    assert "招いた市町村を選んでください" in refused.content.decode()
    assert desk.client.post(desk.url("meetings/new/"), {**fields, "towns": [desk.town.pk]}).status_code == 302
    meeting = Meeting.objects.latest("pk")
    assert list(meeting.members.values_list("organisation", "name", "attended")) == [
        ("函館市医師会", "会長", True),
        ("函館市", "介護保険課", True),
        ("訪問看護連絡協議会", "会長", False),
    ]
    page = desk.page(f"meetings/{meeting.pk}/")
    assert "<script>" not in page.partition("<main")[2]
    assert "<h3>要旨</h3>" in page
    guest = browser(make_user("guest", "municipality", "01202"))
    stranger = browser(make_user("stranger", "municipality", "01203"))
    address = desk.url(f"meetings/{meeting.pk}/")
    assert guest.get(address).status_code == 200
    assert stranger.get(address).status_code == 404
    assert "南部の調整会議" not in stranger.get(desk.url("meetings/")).content.decode()
    assert "南部の調整会議" not in stranger.get(desk.url("schedule/?year=2027")).content.decode()
    assert stranger.get(desk.url(f"schedule/meeting/{meeting.pk}.ics")).status_code == 404
    # What is published, compared and printed holds the open meeting only.
    assert [one["name"] for one in get_content(desk.plan)["sections"]["meetings"]] == ["第1回協議会"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held_on": "6月1日"}, "日付を年-月-日で"),
        ({"ends_at": "10:00"}, "開始時刻も"),
        ({"starts_at": "10:00", "ends_at": "09:00"}, "開始時刻より後"),
        ({"people": "／会長"}, "1行目"),
        ({"url": "ftp"}, "https://"),
    ],
)
def test_what_is_wrong_with_a_meeting_is_said_in_words(desk: Desk, fields: dict[str, str], words: str) -> None:
    given = {"name": "会議", "held_on": "2027-08-02", "readers": "open", **fields}
    answer = desk.client.post(desk.url("meetings/new/"), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Meeting.objects.count() == 1


def test_a_decision_names_what_it_changed_and_is_shown_there(desk: Desk) -> None:
    policy = Policy.objects.create(plan=desk.plan, title="輪番をつくる", scene="acute", starts=2027, ends=2029)
    address = desk.url(f"meetings/{desk.meeting.pk}/decisions/{desk.decision.pk}/")
    given = {
        "text": "輪番を始める",
        "change": "開始を1年早めた",
        "things": [f"policies:{policy.pk}", f"discharge_rules:{desk.rule.pk}"],
    }
    assert desk.client.post(address, {**given, "version": 0}).status_code == 302
    assert desk.client.post(address, {**given, "version": 0}).status_code == 409
    assert desk.client.post(address, {**given, "things": ["policies:999999"], "version": 1}).status_code == 422
    found = decisions_of(desk.plan, section="policies", record=policy.pk)
    assert [(one.text, [change.name for change in one.changes]) for one in found] == [
        ("輪番を始める", ["輪番をつくる", "北海道"])
    ]
    assert "ここを決めた協議の場" in desk.page(f"policies/{policy.pk}/")
    assert "開始を1年早めた" in desk.page(f"discharge-rules/{desk.rule.pk}/")
    content = get_content(desk.plan)["sections"]["meetings"][0]["decisions"]
    assert content == ["輪番を始める（開始を1年早めた）〔反映先：輪番をつくる、北海道〕"]
    # It keeps the name when the thing has gone, and can still be saved.
    policy.removed_at = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    policy.save()
    assert "計画から外したもの" in desk.page(f"meetings/{desk.meeting.pk}/decisions/{desk.decision.pk}/")
    assert desk.client.post(address, {**given, "version": 1}).status_code == 302


def test_meetings_are_found_by_words_in_either_kana(desk: Desk) -> None:
    add_decision(desk.meeting, text="カンファレンスを開く")
    assert "第1回協議会" in desk.page("meetings/?q=かんふぁれんす")
    assert "条件に合う会議はありません" in desk.page("meetings/?q=輪番")


def test_the_schedule_gathers_what_lives_elsewhere_and_shows_each_reader_their_part(desk: Desk) -> None:
    chapter = desk.plan.chapters.all()[0]
    chapter.due_on = dt.date(2027, 5, 20)
    chapter.save()
    policy = Policy.objects.create(plan=desk.plan, title="研修", scene="daily", starts=2027, ends=2029)
    RoadmapStep.objects.create(policy=policy, year=2027, text="設計する")
    add_item(
        desk.plan, changes={"title": "県庁内の調整", "starts_on": dt.date(2027, 9, 1), "for_municipalities": False}
    )
    own = desk.page("schedule/?year=2027")
    for words in (
        f"章「{chapter.title}」の期限",
        "設計する（研修）",
        "第1回協議会",
        "意見照会",
        "県庁内の調整",
        "2028年3月1日",
    ):
        assert words in own
    assert "2027年5月20日（木）" in own
    town = browser(make_user("town", "municipality", "01202")).get(desk.url("schedule/?year=2027")).content.decode()
    assert "第1回協議会" in town
    assert "章「" not in town
    assert "県庁内の調整" not in town
    assert "第1回協議会" not in desk.page("schedule/?year=2027&kind=own")
    assert "県庁内の調整" not in desk.page("schedule/?year=2027&audience=municipality")
    assert "予定なし" in desk.page("schedule/?year=2027&view=year")
    assert desk.page("schedule/?year=x&kind=y&view=z")


def test_due_dates_are_in_order_and_can_be_cut(desk: Desk) -> None:
    found = due_dates(desk.plan, since=dt.date(2027, 4, 1), until=dt.date(2028, 3, 31))
    assert [(one.kind, one.last) for one in found] == [
        (EntryKind.MEETING, dt.date(2027, 6, 1)),
        (EntryKind.OWN, dt.date(2027, 7, 1)),
        (EntryKind.RULE, dt.date(2028, 3, 1)),
    ]
    assert [one.kind for one in due_dates(desk.plan, open_only=True, kinds=[EntryKind.MEETING, EntryKind.OWN])] == [
        "own"
    ]


def _events(content: bytes) -> dict[str, object]:
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_the_feed_needs_no_account_keeps_its_ids_and_ends_when_revoked(desk: Desk) -> None:
    visitor = Client()
    address = reverse("plans:calendar-feed", args=[desk.token])
    first = visitor.get(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["X-Robots-Tag"] == "noindex"
    assert visitor.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    before = _events(first.content)["意見照会"]
    fields = {"title": "意見照会", "starts_on": "2027-07-02", "for_associations": "on", "version": 0}
    assert desk.client.post(desk.url(f"schedule/items/{desk.item.pk}/"), fields).status_code == 302
    after = _events(visitor.get(address).content)["意見照会"]
    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], 0)  # type: ignore[index] # a component
    assert after["SEQUENCE"] == 1  # type: ignore[index] # a component
    assert after.decoded("DTSTART") == dt.date(2027, 7, 2)  # type: ignore[attr-defined] # a component
    assert "意見照会" in visitor.get(reverse("plans:calendar-page", args=[desk.token])).content.decode()
    desk.client.post(desk.url(f"schedule/links/{desk.link.pk}/revoke/"))
    gone = visitor.get(address)
    assert gone.status_code == 410
    assert "取り消されました" in gone.content.decode()
    assert visitor.get(reverse("plans:calendar-feed", args=["x" * 43])).status_code == 404


def test_a_secret_address_is_shown_once_and_only_its_hash_is_kept(desk: Desk) -> None:
    sent = desk.client.post(
        desk.url("schedule/links/"), {"label": "函館市", "audience": "municipality", "municipality": desk.town.pk}
    )
    found = re.search(r"/calendar/([\w-]{43})\.ics", sent.content.decode())
    assert found is not None
    link = CalendarLink.objects.get(label="函館市")
    assert found[1] not in (link.token_hash, link.label)
    assert found[1] not in desk.page("schedule/links/")
    wrong = {"label": "医師会", "audience": "association", "municipality": desk.town.pk}
    assert desk.client.post(desk.url("schedule/links/"), wrong).status_code == 422


def test_a_rule_says_how_far_it_reaches_and_what_is_missing(desk: Desk) -> None:
    address = desk.url(f"discharge-rules/{desk.rule.pk}/")
    given = {
        "agreed_on": "2020-04-01",
        "review_on": "2021-04-01",
        "hospitals": "3",
        "hospitals_of": "4",
        "care_managers": "0",
        "towns": [desk.town.pk],
    }
    assert desk.client.post(address, {**given, "hospitals": "5", "version": 0}).status_code == 422
    assert desk.client.post(address, {**given, "review_on": "2019-04-01", "version": 0}).status_code == 422
    assert desk.client.post(address, {**given, "version": 0}).status_code == 302
    page = desk.page("discharge-rules/")
    for words in (
        "3/4（75%）",
        "1/2（50%）",
        "0（全体は未入力）",
        "見直し時期を過ぎた",
        "北海道：参加していない市町村があります。",
    ):
        assert words in page
    assert "参加していない市町村：小樽市" in desk.page(f"discharge-rules/{desk.rule.pk}/")
    record = get_content(desk.plan)["sections"]["discharge_rules"][0]
    assert (record["municipalities"], record["hospitals"], record["care_managers_of"]) == (["函館市"], 3, None)
    assert desk.client.post(desk.url("discharge-rules/new/01/"), given).status_code == 422
    assert desk.client.post(desk.url("discharge-rules/new/9999/"), given).status_code == 404


def test_a_case_is_published_with_result_and_contact_and_found_in_kana(desk: Desk) -> None:
    page = f"/practices/{desk.practice.pk}/"
    settle = f"{page}settle/"
    assert Client().get(page).status_code == 404
    refused = desk.client.post(settle, {"action": "publish"}, follow=True).content.decode()
    assert "結果と問い合わせ先を書いてください" in refused
    given = {
        "title": "往診の輪番",
        "kana": "おうしんのりんばん",
        "scene": "acute",
        "theme": "round_the_clock",
        "text": "当番",
    }
    given |= {"result": "夜間の往診が**増えた**", "contact": "地域医療課 000-000", "version": "0"}
    assert desk.client.post(f"{page}edit/", {**given, "indicators": "NONE"}).status_code == 422
    assert desk.client.post(f"{page}edit/", {**given, "indicators": "day_s01、DAY_P13"}).status_code == 302
    desk.client.post(settle, {"action": "publish"})
    visitor = Client()
    shown = visitor.get(page).content.decode()
    assert "<strong>増えた</strong>" in shown
    assert "000-000" not in shown
    assert "000-000" in browser(make_user("far", "working_group")).get(page).content.decode()
    for words in ("オウシン", "りんばん", "輪番 北海道"):
        assert (
            "往診の輪番"
            in visitor.get("/practices/", {"q": words, "of": "01", "indicator": "DAY_P13"}).content.decode()
        )
    for query in ({"q": "研修"}, {"of": "13"}, {"theme": "acp"}, {"indicator": "EOL_P04"}):
        assert "条件に合う好事例はありません" in visitor.get("/practices/", query).content.decode()
    desk.client.post(settle, {"action": "withdraw"})
    assert visitor.get(page).status_code == 404
    desk.client.post(settle, {"action": "remove"})
    assert "削除した好事例です" in desk.page(page)
    desk.client.post(settle, {"action": "undo"})
    assert "下書きです" in desk.page(page)


@pytest.mark.parametrize(
    ("path", "most"), [("meetings/", 18), ("schedule/?year=2027", 24), ("discharge-rules/", 18), ("/practices/", 12)]
)
def test_more_rows_cost_no_more_queries(
    desk: Desk, path: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        meeting = add_meeting(
            desk.plan, changes={"name": f"会議{number}", "held_on": dt.date(2027, 6, 2)}, invited=[desk.town]
        )
        add_decision(meeting, text="決定")
    with django_assert_max_num_queries(most):
        desk.page(path)
