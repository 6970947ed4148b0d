"""Personal links for reporting without an account: issued once, kept as hashes, expiring, revocable."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from institutions.actions.reports import note_link
from institutions.models import BodyReport, ReportEvent, ReportLink
from zaitaku.accounts.models import User

# A link works for a month after the due day, so that late and returned reports get in.
GRACE = dt.timedelta(days=30)
_WINDOW_SECONDS = 600
_MOST_UNKNOWN = 20
_MOST_POSTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLink:
    """A link as it goes to the body: the token is told this one time."""

    report: BodyReport
    token: str
    expires_at: dt.datetime


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_links(reports: Iterable[BodyReport], *, by: User) -> list[IssuedLink]:
    """New links; the former ones of these reports stop working."""
    now = timezone.now()
    return [_issue(report, now=now, by=by) for report in reports]


def _issue(report: BodyReport, *, now: dt.datetime, by: User) -> IssuedLink:
    report.links.filter(revoked_at__isnull=True).update(revoked_at=now)
    last_day = max(report.round.due_on, timezone.localdate(now)) + GRACE
    expires_at = timezone.make_aware(dt.datetime.combine(last_day, dt.time.max))
    token = secrets.token_urlsafe(32)
    link = ReportLink.objects.create(
        report=report, token_hash=digest_of(token), created_at=now, created_by=by, expires_at=expires_at
    )
    note_link(link, ReportEvent.Action.LINK, by=by)
    return IssuedLink(report=report, token=token, expires_at=expires_at)


@transaction.atomic
def revoke_link(report: BodyReport, *, by: User) -> bool:
    """Stop the open link of a report; returns whether there was one."""
    link = report.links.select_for_update().filter(revoked_at__isnull=True).first()
    if link is None:
        return False
    link.revoked_at = timezone.now()
    link.save(update_fields=["revoked_at"])
    note_link(link, ReportEvent.Action.REVOKED, by=by)
    return True


def note_use(link: ReportLink) -> None:
    """Remember when a link was last opened, to the minute."""
    now = timezone.now()
    if link.last_used_at is None or now - link.last_used_at > dt.timedelta(minutes=1):
        ReportLink.objects.filter(pk=link.pk).update(last_used_at=now)


def may_try(address: str) -> bool:
    """Whether somewhere may still try tokens: not after twenty unknown ones in ten minutes."""
    return int(cache.get(f"report-link-unknown:{address}", 0)) < _MOST_UNKNOWN


def note_unknown(address: str) -> None:
    """Count a token that nobody was given."""
    _count(f"report-link-unknown:{address}")


def may_post(link: ReportLink) -> bool:
    """Whether a link may hand something in again: sixty times in ten minutes is more than any person does."""
    return _count(f"report-link-posts:{link.pk}") <= _MOST_POSTS


def _count(key: str) -> int:
    cache.add(key, 0, _WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two steps
        return 1
