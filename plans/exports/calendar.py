"""Entries of the 年間スケジュール as iCalendar (RFC 5545), for calendar programs of every kind.

The same entries give the same bytes: every time in it comes from the data, none from the clock.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from plans.formulas.schedule import Entry

if TYPE_CHECKING:
    from icalendar import Event

_TOKYO = ZoneInfo("Asia/Tokyo")
_PRODUCT = "-//Zaitaku//在宅医療計画支援システム//JA"
# How often a program that subscribes should look again.
_LOOK_AGAIN = dt.timedelta(hours=12)
# What a meeting takes in the calendar whose end nobody has written down.
_UNTOLD_LENGTH = dt.timedelta(hours=1)


class Stamped(Protocol):
    """When an entry was changed last, and how often."""

    @property
    def changes(self) -> int: ...

    @property
    def at(self) -> dt.datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarHead:
    """What a calendar is called, and `origin`, which makes the ids of its entries unlike those of any other plan.

    `site`: address the pages of entries begin with; empty for readers who cannot open them.
    """

    name: str
    origin: str
    site: str = ""


def write_calendar(entries: Iterable[Entry], head: CalendarHead, *, stamps: Mapping[str, Stamped]) -> bytes:
    """A calendar file: UTF-8, lines folded at 75 octets, CRLF. `stamps` by the key of each entry."""
    from icalendar import Calendar, vDuration

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", head.name)
    calendar.add("x-wr-calname", head.name)
    calendar.add("x-wr-timezone", _TOKYO.key)
    calendar.add("refresh-interval", vDuration(_LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_LOOK_AGAIN))
    for entry in entries:
        calendar.add_component(_event(entry, head, stamps[entry.key]))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def uid_of(entry: Entry, origin: str) -> str:
    """The id of an entry: the same in every file and feed for as long as its record exists."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:zaitaku:{origin}:{entry.key}"))


def _event(entry: Entry, head: CalendarHead, stamp: Stamped) -> Event:
    from icalendar import Event

    event = Event()
    changed = stamp.at.astimezone(dt.UTC).replace(microsecond=0)
    event.add("uid", uid_of(entry, head.origin))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", stamp.changes)
    event.add("summary", f"【済】{entry.title}" if entry.is_done else entry.title)
    _add_days(event, entry)
    if entry.place:
        event.add("location", entry.place)
    event.add("description", _description(entry))
    event.add("categories", [entry.kind.label])
    if head.site:
        event.add("url", f"{head.site}{entry.url}")
    return event


def _add_days(event: Event, entry: Entry) -> None:
    """Whole days as dates, the end exclusive and free for other things; hours with their time zone."""
    if entry.starts_at is None:
        event.add("dtstart", entry.first)
        event.add("dtend", entry.last + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        return
    start = dt.datetime.combine(entry.first, entry.starts_at, tzinfo=_TOKYO)
    end = dt.datetime.combine(entry.last, entry.ends_at, tzinfo=_TOKYO) if entry.ends_at else start + _UNTOLD_LENGTH
    event.add("dtstart", start)
    event.add("dtend", max(end, start))
    event.add("transp", "OPAQUE")


def _description(entry: Entry) -> str:
    parts = [f"種類：{entry.kind.label}", f"担当：{entry.owner}" if entry.owner else "", entry.note]
    return "\n".join(part for part in parts if part)
