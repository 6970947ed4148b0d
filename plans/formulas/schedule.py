"""Entries of the 年間スケジュール, whoever keeps them, and their order by fiscal year and month. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
_WEEKDAYS = "月火水木金土日"


class EntryKind(enum.StrEnum):
    """Where an entry lives."""

    MEETING = "meeting"
    CHAPTER = "chapter"
    STEP = "step"
    DESIGNATION = "designation"
    REPORT = "report"
    EVALUATION = "evaluation"
    RULE = "rule"
    OWN = "own"

    @property
    def label(self) -> str:
        return {
            "meeting": "協議の場",
            "chapter": "章の期限",
            "step": "ロードマップ",
            "designation": "位置付けの再確認",
            "report": "活動報告の締切",
            "evaluation": "評価",
            "rule": "入退院支援ルールの見直し",
            "own": "その他の予定",
        }[self.value]


class Audience(enum.StrEnum):
    """Whom an entry is for."""

    PREFECTURE = "prefecture"
    MUNICIPALITY = "municipality"
    ASSOCIATION = "association"

    @property
    def label(self) -> str:
        return {"prefecture": "都道府県", "municipality": "市町村", "association": "医師会など"}[self.value]


EVERYONE = frozenset(Audience)
OWN_OFFICE = frozenset({Audience.PREFECTURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated entry. `last` is its last day, `first` itself for a single day; without `starts_at` it takes all day.

    `invited`: of the municipalities only these (codes); None: all. `rows`: the (table, id) whose changes change it.
    """

    kind: EntryKind
    record: int
    title: str
    first: dt.date
    last: dt.date
    rows: tuple[tuple[str, int], ...]
    url: str
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    place: str = ""
    owner: str = ""
    note: str = ""
    audiences: frozenset[Audience] = OWN_OFFICE
    invited: frozenset[str] | None = None
    is_done: bool = False

    @property
    def key(self) -> str:
        """`meeting-12`: one word for the entry, the same for as long as its record exists."""
        return f"{self.kind}-{self.record}"

    @property
    def days(self) -> str:
        """`2027年4月5日（月）`, `…～2028年3月31日（金）`."""
        first = _day(self.first)
        return first if self.first == self.last else f"{first}～{_day(self.last)}"

    @property
    def hours(self) -> str:
        """`10:00～12:00`, empty for whole days."""
        if self.starts_at is None:
            return ""
        return f"{self.starts_at:%H:%M}～{f'{self.ends_at:%H:%M}' if self.ends_at else ''}"

    @property
    def readers(self) -> str:
        """Whom it is for, in words."""
        if self.audiences == EVERYONE and self.invited is None:
            return "すべて"
        words = "・".join(one.label for one in Audience if one in self.audiences)
        return words if self.invited is None else f"{words}（招いた市町村だけ）"

    def is_late(self, today: dt.date) -> bool:
        """Whether it should have been done. A meeting is over when its day is over."""
        return self.last < today and not self.is_done and self.kind is not EntryKind.MEETING

    def is_for(self, audience: Audience, codes: frozenset[str]) -> bool:
        """Whether somebody sees it; `codes` are the municipalities they act for."""
        if audience not in self.audiences:
            return False
        return audience is not Audience.MUNICIPALITY or self.invited is None or bool(self.invited & codes)


@dataclass(frozen=True, slots=True)
class Month:
    """One month with the entries that end in it."""

    year: int
    month: int
    entries: tuple[Entry, ...]


def fiscal_year_days(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a fiscal year."""
    return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By the day on which they are due, whole days first, then by kind and record."""
    return tuple(sorted(entries, key=lambda one: (one.last, one.starts_at or dt.time.min, one.kind, one.record)))


def by_month(entries: Iterable[Entry], *, year: int) -> tuple[Month, ...]:
    """The twelve months of a fiscal year, April first; an entry of several months stands where it ends."""
    ordered = in_order(entries)
    months = ((year if month >= MONTHS[0] else year + 1, month) for month in MONTHS)
    return tuple(
        Month(of, month, tuple(one for one in ordered if (one.last.year, one.last.month) == (of, month)))
        for of, month in months
    )


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"
