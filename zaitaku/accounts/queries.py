"""Reads about users and sign-ins."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser

from zaitaku.accounts.api_keys import LONGEST_SECRET, digest_of
from zaitaku.accounts.models import ApiKey, SignInEvent, User
from zaitaku.accounts.permissions import VISITOR, Actor

FAILURES_ALLOWED = 5
LOCKED_FOR = dt.timedelta(minutes=15)


def get_actor(user: User | AnonymousUser) -> Actor:
    """The user as the permission rules see them; a visitor if not signed in or deactivated."""
    if not isinstance(user, User) or not user.is_active:
        return VISITOR
    return Actor(role=user.role, codes=frozenset(user.scopes.values_list("code", flat=True)))


def is_locked_out(username: str, *, address: str | None, now: dt.datetime) -> bool:
    """Whether this name failed too often from this address lately. The same for names that do not exist.

    The count comes from the sign-in log and not from a cache, so that neither a restart nor a lost cache opens it.
    """
    attempts = SignInEvent.objects.filter(username=username, address=address, at__gt=now - LOCKED_FOR)
    attempts = attempts.exclude(outcome=SignInEvent.Outcome.LOCKED).order_by("-at", "-pk")
    latest = list(attempts.values_list("outcome", flat=True)[:FAILURES_ALLOWED])
    return len(latest) == FAILURES_ALLOWED and set(latest) == {SignInEvent.Outcome.FAILED}


def get_sign_ins(user: User, *, limit: int = 5) -> list[SignInEvent]:
    """The user's latest sign-in events, newest first."""
    return list(user.sign_in_events.order_by("-at", "-pk")[:limit])


def find_api_key(secret: str) -> ApiKey | None:
    """The key in use whose secret this is, with its owner; None if there is none."""
    if len(secret) > LONGEST_SECRET:
        return None
    return ApiKey.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()


def get_api_keys(user: User) -> list[ApiKey]:
    """The user's keys, those in use first, the newest first."""
    keys = list(user.api_keys.order_by("-created_at", "-pk"))
    return sorted(keys, key=lambda key: key.revoked_at is not None)
