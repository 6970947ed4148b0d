"""引継書: where everything about a plan stands, as sections of plain rows; feeds page, Word and PDF alike. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """One line: a cell for each column, where it is looked at or done, and whose it is (names as they are shown).

    `is_urgent`: overdue, or to be mended before the plan can go on.
    """

    cells: tuple[str, ...]
    url: str = ""
    people: frozenset[str] = frozenset()
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSection:
    """One question a successor asks. `empty` is what is said where there is nothing."""

    key: str
    title: str
    lead: str
    columns: tuple[str, ...]
    rows: tuple[HandoverRow, ...]
    empty: str

    def of(self, person: str) -> Self:
        """The lines that are this person's."""
        return replace(self, rows=tuple(row for row in self.rows if person in row.people))

    @property
    def urgent(self) -> int:
        """How many lines press."""
        return sum(row.is_urgent for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All of it on one day; `person` is empty for the plan as a whole."""

    plan_id: int
    title: str
    prefecture: str
    period: str
    is_demo: bool
    on: dt.date
    person: str
    sections: tuple[HandoverSection, ...]

    def of(self, person: str) -> Self:
        """What one person hands on: sections in which nothing is theirs are left out."""
        own = (section.of(person) for section in self.sections)
        return replace(self, person=person, sections=tuple(section for section in own if section.rows))

    @property
    def urgent(self) -> int:
        """How many lines press."""
        return sum(section.urgent for section in self.sections)


def people_in(sections: Iterable[HandoverSection]) -> tuple[str, ...]:
    """Everybody some line belongs to, by name."""
    return tuple(sorted({name for section in sections for row in section.rows for name in row.people}))
