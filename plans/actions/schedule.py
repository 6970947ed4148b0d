"""Entries of the 年間スケジュール that live nowhere else, and secret addresses of it for people without an account."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from institutions.actions.report_links import digest_of
from plans.models import CalendarLink, Plan, ScheduleItem
from regions.models import Region
from zaitaku.accounts.models import User


def add_item(plan: Plan, *, changes: Mapping[str, Any]) -> ScheduleItem:
    """An entry of the plan's own."""
    return ScheduleItem.objects.create(plan=plan, **changes)


def remove_item(item: ScheduleItem) -> None:
    """Delete an entry. The audit log keeps what was there."""
    item.delete()


def issue_calendar_link(
    plan: Plan, *, label: str, audience: str, municipality: Region | None = None, by: User
) -> tuple[CalendarLink, str]:
    """A new secret address and its token, which is told this one time: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    link = CalendarLink.objects.create(
        plan=plan,
        label=label,
        audience=audience,
        municipality=municipality,
        token_hash=digest_of(token),
        created_at=timezone.now(),
        created_by=by,
    )
    return link, token


def revoke_calendar_link(link: CalendarLink) -> None:
    """Stop an address for good."""
    CalendarLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())


def note_calendar_use(link: CalendarLink) -> None:
    """Remember when an address was last read, to the hour: programs look often."""
    now = timezone.now()
    if link.last_used_at is None or now - link.last_used_at > dt.timedelta(hours=1):
        CalendarLink.objects.filter(pk=link.pk).update(last_used_at=now)
