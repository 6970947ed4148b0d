"""Reads about users and sign-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from zaitaku.accounts.api_keys import LONGEST_SECRET, digest_of
from zaitaku.accounts.lockout import FACTOR, FACTOR_OF_A_DAY, LONGEST, NAME, NAME_AND_NETWORK, NETWORK, Lock
from zaitaku.accounts.models import ApiKey, SignInEvent, User
from zaitaku.accounts.permissions import VISITOR, Actor
from zaitaku.accounts.visitors import network_of

_Outcome = SignInEvent.Outcome
_COUNTED = (_Outcome.FAILED, _Outcome.PASSWORD, _Outcome.SUCCEEDED, _Outcome.UNLOCKED)
_FACTOR_COUNTED = (_Outcome.FACTOR_FAILED, _Outcome.SUCCEEDED, _Outcome.UNLOCKED, _Outcome.RESET)


def role_holds(user: User, *, on: dt.date) -> bool:
    """Whether the role and its scope are in force; before and after, the account only reads, as a 分析者."""
    return (user.role_from is None or user.role_from <= on) and (user.role_until is None or on <= user.role_until)


def get_actor(user: User | AnonymousUser) -> Actor:
    """The user as the permission rules see them; a visitor if not signed in or deactivated."""
    if not isinstance(user, User) or not user.is_active:
        return VISITOR
    if not role_holds(user, on=timezone.localdate()):
        return Actor(role=User.Role.ANALYST)
    return Actor(role=user.role, codes=frozenset(user.scopes.values_list("code", flat=True)))


def find_lock(username: str, *, address: str | None, now: dt.datetime) -> Lock | None:
    """What stops this name from signing in here now; the same for names that do not exist.

    The count comes from the sign-in log and not from a cache, so that neither a restart nor a lost cache opens it.
    """
    network = network_of(address)
    attempts = SignInEvent.objects.filter(username=username, at__gt=now - LONGEST, outcome__in=_COUNTED)
    here, anywhere = _failures_since_success(
        attempts.order_by("-at", "-pk").values_list("outcome", "address", "at")[:500], network=network
    )
    of_network = SignInEvent.objects.filter(address=network, at__gt=now - NETWORK.within, outcome=_Outcome.FAILED)
    stops = (
        ("続けて5回失敗したため、この利用者名でのログイン", NAME_AND_NETWORK.stops_until(here, now=now)),
        ("失敗が多いため、この利用者名でのログイン", NAME.stops_until(anywhere, now=now)),
        (
            "同じ接続元からの失敗が多いため、ここからのログイン",
            NETWORK.stops_until(of_network.order_by("-at").values_list("at", flat=True)[: NETWORK.failures], now=now),
        ),
    )
    return next((Lock(what, until) for what, until in stops if until is not None and until > now), None)


def is_locked_out(username: str, *, address: str | None, now: dt.datetime) -> bool:
    """Whether something stops this name from signing in here now."""
    return find_lock(username, address=address, now=now) is not None


def find_factor_lock(user: User, *, now: dt.datetime) -> Lock | None:
    """What stops this account from trying a second factor, wherever it is tried."""
    events = user.sign_in_events.filter(at__gt=now - FACTOR_OF_A_DAY.within, outcome__in=_FACTOR_COUNTED)
    failures = []
    for outcome, at in events.order_by("-at", "-pk").values_list("outcome", "at")[:500]:
        if outcome != _Outcome.FACTOR_FAILED:
            break
        failures.append(at)
    stops = (limit.stops_until(failures, now=now) for limit in (FACTOR_OF_A_DAY, FACTOR))
    until = next((until for until in stops if until is not None and until > now), None)
    return Lock("続けて失敗したため、二段階認証", until) if until else None


def _failures_since_success(
    events: Iterable[tuple[str, str | None, dt.datetime]], *, network: str | None
) -> tuple[list[dt.datetime], list[dt.datetime]]:
    """Failures from this network, and from anywhere, since the last success there (newest events first)."""
    here: list[dt.datetime] = []
    anywhere: list[dt.datetime] = []
    counts_here = counts_anywhere = True
    for outcome, address, at in events:
        if outcome == _Outcome.FAILED:
            anywhere += [at] if counts_anywhere else []
            here += [at] if counts_here and address == network else []
        elif outcome == _Outcome.UNLOCKED:
            break
        else:
            counts_anywhere = False
            counts_here = counts_here and address != network
    return here, anywhere


def get_sign_ins(user: User, *, limit: int = 5) -> list[SignInEvent]:
    """The user's latest sign-in events, newest first."""
    return list(user.sign_in_events.select_related("by").order_by("-at", "-pk")[:limit])


def find_api_key(secret: str) -> ApiKey | None:
    """The key in use whose secret this is, with its owner; None if there is none."""
    if len(secret) > LONGEST_SECRET:
        return None
    return ApiKey.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()


def get_api_keys(user: User) -> list[ApiKey]:
    """The user's keys, those in use first, the newest first."""
    keys = list(user.api_keys.order_by("-created_at", "-pk"))
    return sorted(keys, key=lambda key: key.revoked_at is not None)
