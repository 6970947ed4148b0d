"""協議の場 for their pages: the list, one meeting, what was decided about a thing. Minutes are read by role × scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from indicators.queries.catalogue import fold
from plans.models import Meeting, MeetingDecision, Plan
from plans.queries.decided import label_of, url_of
from zaitaku.accounts.permissions import Actor, may_read_meeting
from zaitaku.lib import markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing a decision changed, by the name it had when that was written down."""

    section: str
    section_label: str
    record: int
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision with its meeting. `change` says in words what became of it; `url` leads to it."""

    id: int
    text: str
    change: str
    changes: tuple[Change, ...]
    meeting_id: int
    meeting: str
    body: str
    held_on: dt.date
    is_open: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who sat in a meeting."""

    organisation: str
    name: str
    attended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """One meeting as it is read. `minutes` is HTML from text with marks; `invited` the municipalities by name."""

    meeting: Meeting
    minutes: str
    agenda: tuple[str, ...]
    members: tuple[Member, ...]
    invited: tuple[str, ...]
    decisions: tuple[Decision, ...]

    @property
    def is_open(self) -> bool:
        """Whether every municipality of the prefecture may read it."""
        return self.meeting.readers == Meeting.Readers.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A line of the list."""

    id: int
    name: str
    body: str
    held_on: dt.date
    place: str
    members: int
    decisions: tuple[str, ...]
    has_minutes: bool
    is_open: bool


def decisions_of(
    plan: Plan, *, actor: Actor | None = None, section: str = "", record: int | None = None
) -> tuple[Decision, ...]:
    """What was decided, oldest first: about the plan, or about one record of a section (two queries).

    `actor`: whoever reads; None for the prefecture's own people, who read everything.
    """
    found = MeetingDecision.objects.filter(meeting__plan=plan, meeting__removed_at=None)
    if section and record is not None:
        found = found.filter(changes__section=section, changes__record=record)
    related = found.select_related("meeting").prefetch_related("changes", "meeting__invitations__municipality")
    ordered = related.order_by("meeting__held_on", "meeting_id", "id")
    return tuple(_decision(one) for one in ordered if _may_read(one.meeting, plan, actor))


def list_meetings(
    plan: Plan, *, actor: Actor, words: str = "", body: str = "", removed: bool = False
) -> tuple[MeetingRow, ...]:
    """The meetings somebody may read, newest first; `words` are sought in everything that is written (four queries)."""
    found = plan.meetings.filter(removed_at__isnull=not removed).order_by("-held_on", "-id")
    if body:
        found = found.filter(body=body)
    related = found.prefetch_related("members", "decisions", "invitations__municipality")
    wanted = [fold(word) for word in words.split()]
    return tuple(_row(one) for one in related if _may_read(one, plan, actor) and _has(one, wanted))


def list_bodies(plan: Plan) -> list[str]:
    """The 会議体 that meetings of the plan name, by name."""
    found = plan.meetings.filter(removed_at=None).exclude(body="").order_by("body")
    return list(found.values_list("body", flat=True).distinct())


def find_meeting(plan: Plan, meeting_id: int, *, actor: Actor) -> Meeting | None:
    """A meeting of the plan that somebody may read; None if there is none."""
    related = plan.meetings.prefetch_related("members", "invitations__municipality", "decisions__changes")
    found = related.filter(pk=meeting_id).first()
    return found if found is not None and _may_read(found, plan, actor) else None


def view_meeting(meeting: Meeting) -> MeetingView:
    """A meeting that `find_meeting` found, as its page shows it (no query)."""
    return MeetingView(
        meeting=meeting,
        minutes=markdown.render(meeting.minutes, below=2, document=f"m{meeting.pk}"),
        agenda=tuple(line.strip() for line in meeting.agenda.splitlines() if line.strip()),
        members=tuple(
            Member(organisation=one.organisation, name=one.name, attended=one.attended) for one in meeting.members.all()
        ),
        invited=tuple(one.municipality.name for one in meeting.invitations.all()),
        decisions=tuple(_decision(one) for one in meeting.decisions.all()),
    )


def invited_codes(meeting: Meeting) -> frozenset[str] | None:
    """The municipalities that may read it; None: all of the prefecture."""
    if meeting.readers == Meeting.Readers.OPEN:
        return None
    return frozenset(one.municipality.code for one in meeting.invitations.all())


def _may_read(meeting: Meeting, plan: Plan, actor: Actor | None) -> bool:
    return actor is None or may_read_meeting(actor, plan.prefecture.code, invited=invited_codes(meeting))


def _has(meeting: Meeting, words: Iterable[str]) -> bool:
    written = [meeting.name, meeting.body, meeting.place, meeting.agenda, meeting.minutes]
    written += [f"{one.organisation}{one.name}" for one in meeting.members.all()]
    written += [f"{one.text}{one.change}" for one in meeting.decisions.all()]
    text = fold("".join(written))
    return all(word in text for word in words)


def _row(meeting: Meeting) -> MeetingRow:
    return MeetingRow(
        id=meeting.pk,
        name=meeting.name,
        body=meeting.body,
        held_on=meeting.held_on,
        place=meeting.place,
        members=len(meeting.members.all()),
        decisions=tuple(one.text for one in meeting.decisions.all()),
        has_minutes=bool(meeting.minutes),
        is_open=meeting.readers == Meeting.Readers.OPEN,
    )


def _decision(one: MeetingDecision) -> Decision:
    meeting = one.meeting
    page = reverse("plans:meeting-detail", args=[meeting.plan_id, meeting.pk])
    return Decision(
        id=one.pk,
        text=one.text,
        change=one.change,
        changes=tuple(
            Change(
                section=change.section,
                section_label=label_of(change.section),
                record=change.record,
                name=change.name,
                url=url_of(meeting.plan_id, change.section, change.record),
            )
            for change in one.changes.all()
        ),
        meeting_id=meeting.pk,
        meeting=meeting.name,
        body=meeting.body,
        held_on=meeting.held_on,
        is_open=meeting.readers == Meeting.Readers.OPEN,
        url=f"{page}#decision-{one.pk}",
    )
