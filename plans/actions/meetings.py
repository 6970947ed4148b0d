"""Writing down 協議の場: who sat there, what was decided, what the decision changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from plans.actions.rows import change_row
from plans.models import DecisionChange, Meeting, MeetingDecision, MeetingInvitation, MeetingMember, Plan
from regions.models import Region


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the members as it was typed."""

    organisation: str
    name: str = ""
    attended: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing a decision changed: section, number and name."""

    section: str
    record: int
    name: str


@transaction.atomic
def add_meeting(
    plan: Plan, *, changes: Mapping[str, Any], members: Sequence[Person] = (), invited: Iterable[Region] = ()
) -> Meeting:
    """A meeting with its members and the municipalities that were invited."""
    meeting = Meeting.objects.create(plan=plan, **changes)
    _set_members(meeting, members)
    _set_invited(meeting, invited)
    return meeting


@transaction.atomic
def change_meeting(
    meeting: Meeting, *, base: int, changes: Mapping[str, Any], members: Sequence[Person], invited: Iterable[Region]
) -> Meeting:
    """Save a meeting. Raises `RowConflict`."""
    current = change_row(meeting, base=base, changes=changes)
    _set_members(current, members)
    _set_invited(current, invited)
    return current


@transaction.atomic
def add_decision(meeting: Meeting, *, text: str, change: str = "", things: Iterable[Changed] = ()) -> MeetingDecision:
    """A decision of a meeting with what it changed."""
    decision = MeetingDecision.objects.create(meeting=meeting, text=text, change=change)
    _set_changes(decision, things)
    return decision


@transaction.atomic
def change_decision(decision: MeetingDecision, *, base: int, text: str, change: str, things: Iterable[Changed]) -> None:
    """Save a decision. Raises `RowConflict`."""
    current = change_row(decision, base=base, changes={"text": text, "change": change})
    _set_changes(current, things)


def remove_decision(decision: MeetingDecision) -> None:
    """Delete a decision. The audit log keeps what was there."""
    decision.delete()


def _set_members(meeting: Meeting, members: Sequence[Person]) -> None:
    """Replace the members if they differ, so that they keep the order in which they were typed."""
    kept = [Person(one.organisation, one.name, one.attended) for one in meeting.members.all()]
    if kept == list(members):
        return
    meeting.members.all().delete()
    for one in members:
        MeetingMember.objects.create(
            meeting=meeting, organisation=one.organisation, name=one.name, attended=one.attended
        )


def _set_invited(meeting: Meeting, invited: Iterable[Region]) -> None:
    wanted = {one.pk for one in invited}
    meeting.invitations.exclude(municipality__in=wanted).delete()
    there = set(meeting.invitations.values_list("municipality_id", flat=True))
    for pk in sorted(wanted - there):
        MeetingInvitation.objects.create(meeting=meeting, municipality_id=pk)


def _set_changes(decision: MeetingDecision, things: Iterable[Changed]) -> None:
    """Links that stay keep the name they were made with: the thing may be called otherwise, or be gone, by now."""
    wanted = {(one.section, one.record): one.name for one in things}
    there = {(one.section, one.record): one for one in decision.changes.all()}
    for key, link in there.items():
        if key not in wanted:
            link.delete()
    for (section, record), name in wanted.items():
        if (section, record) not in there:
            DecisionChange.objects.create(decision=decision, section=section, record=record, name=name[:200])
