"""Entries of the schedule: their months and readers, and the calendar file read again by another reader of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from plans.exports.calendar import CalendarHead, uid_of, write_calendar
from plans.formulas.schedule import EVERYONE, Audience, Entry, EntryKind, by_month, in_order
from plans.queries.schedule import Stamp

HEAD = CalendarHead(name="北海道の計画", origin="01/2027/x")
STAMP = Stamp(3, dt.datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=9))))
CONSULTATION = Entry(
    kind=EntryKind.OWN,
    record=7,
    title="市町村への意見照会",
    first=dt.date(2027, 12, 10),
    last=dt.date(2028, 1, 22),
    rows=(("plans_scheduleitem", 7),),
    url="/plans/1/schedule/items/7/",
    audiences=EVERYONE,
)
MEETING = Entry(
    kind=EntryKind.MEETING,
    record=12,
    title="協議会; 第1回, 改訂",
    first=dt.date(2027, 6, 1),
    last=dt.date(2027, 6, 1),
    starts_at=dt.time(14),
    ends_at=dt.time(16, 30),
    place="県庁",
    note="議題1\n議題2",
    rows=(("plans_meeting", 12),),
    url="/plans/1/meetings/12/",
    audiences=frozenset({Audience.PREFECTURE, Audience.MUNICIPALITY}),
    invited=frozenset({"01202"}),
)


def write(*entries: Entry, head: CalendarHead = HEAD) -> bytes:
    return write_calendar(entries, head, stamps={one.key: STAMP for one in entries})


def read(content: bytes) -> list[Component]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_whole_days_are_dates_with_an_exclusive_end() -> None:
    (event,) = read(write(CONSULTATION))
    assert event.decoded("DTSTART") == dt.date(2027, 12, 10)
    assert event.decoded("DTEND") == dt.date(2028, 1, 23)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["TRANSP"] == "TRANSPARENT"
    assert (event["SEQUENCE"], event.decoded("LAST-MODIFIED")) == (
        3,
        dt.datetime(2026, 11, 22, 0, 30, 15, tzinfo=dt.UTC),
    )


def test_hours_name_the_time_zone_that_the_file_describes() -> None:
    content = write(MEETING)
    (event,) = read(content)
    assert event["DTSTART"].params["TZID"] == "Asia/Tokyo"
    # 14:00 in Japan is 5:00 in Greenwich.
    assert event.decoded("DTSTART").astimezone(dt.UTC) == dt.datetime(2027, 6, 1, 5, tzinfo=dt.UTC)
    assert event.decoded("DTEND").astimezone(dt.UTC) == dt.datetime(2027, 6, 1, 7, 30, tzinfo=dt.UTC)
    (zone,) = Calendar.from_ical(content).walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Tokyo"
    assert [one.decoded("TZOFFSETTO") for one in zone.walk("STANDARD")] == [dt.timedelta(hours=9)]
    assert not zone.walk("DAYLIGHT")
    assert "VTIMEZONE" not in write(CONSULTATION).decode()
    assert str(event["SUMMARY"]) == MEETING.title
    assert str(event["DESCRIPTION"]).endswith("議題1\n議題2")


def test_a_meeting_without_an_end_takes_an_hour() -> None:
    (event,) = read(write(replace(MEETING, ends_at=None)))
    assert event.decoded("DTEND") - event.decoded("DTSTART") == dt.timedelta(hours=1)


def test_ids_stay_when_anything_changes_and_differ_between_plans_and_entries() -> None:
    moved = replace(MEETING, title="別の名称", first=dt.date(2027, 7, 1), last=dt.date(2027, 7, 1))
    assert uid_of(moved, HEAD.origin) == uid_of(MEETING, HEAD.origin)
    others = {
        uid_of(MEETING, "28/2027/x"),
        uid_of(replace(MEETING, record=13), HEAD.origin),
        uid_of(CONSULTATION, HEAD.origin),
    }
    assert len(others | {uid_of(MEETING, HEAD.origin)}) == 4
    assert write(MEETING) == write(MEETING)


def test_pages_are_named_only_to_those_who_can_open_them() -> None:
    (event,) = read(write(MEETING, head=CalendarHead(name="計画", origin="x", site="https://plan.example.jp")))
    assert event["URL"] == "https://plan.example.jp/plans/1/meetings/12/"
    assert "URL" not in read(write(MEETING))[0]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), max_size=300))
def test_every_title_comes_back_and_no_line_is_longer_than_75_octets(title: str) -> None:
    content = write(replace(CONSULTATION, title=title))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)  # no character is cut in two
    assert str(read(content)[0]["SUMMARY"]) == title


def test_months_begin_in_april_and_an_entry_stands_where_it_ends() -> None:
    months = by_month([CONSULTATION, MEETING], year=2027)
    assert [(one.year, one.month) for one in (months[0], months[-1])] == [(2027, 4), (2028, 3)]
    assert [(one.month, [entry.record for entry in one.entries]) for one in months if one.entries] == [
        (6, [12]),
        (1, [7]),
    ]
    assert [one.record for one in in_order([CONSULTATION, MEETING])] == [12, 7]
    assert CONSULTATION.days == "2027年12月10日（金）～2028年1月22日（土）"
    assert MEETING.hours == "14:00～16:30"


def test_an_entry_is_for_its_audience_and_of_municipalities_for_those_invited() -> None:
    assert MEETING.is_for(Audience.PREFECTURE, frozenset())
    assert MEETING.is_for(Audience.MUNICIPALITY, frozenset({"01202"}))
    assert not MEETING.is_for(Audience.MUNICIPALITY, frozenset({"01203"}))
    assert not MEETING.is_for(Audience.MUNICIPALITY, frozenset())
    assert not MEETING.is_for(Audience.ASSOCIATION, frozenset({"01202"}))
    assert CONSULTATION.is_for(Audience.MUNICIPALITY, frozenset())


def test_a_day_that_is_over_is_late_unless_it_was_done_or_was_a_meeting() -> None:
    after = dt.date(2028, 1, 23)
    assert CONSULTATION.is_late(after)
    assert not CONSULTATION.is_late(CONSULTATION.last)
    assert not replace(CONSULTATION, is_done=True).is_late(after)
    assert not MEETING.is_late(after)
