"""Writes about users and sign-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.http import HttpRequest

from zaitaku.accounts.api_keys import MOST_KEYS, NOTED_EVERY, digest_of, make_secret
from zaitaku.accounts.models import ApiKey, Scope, SignInEvent, User
from zaitaku.accounts.visitors import agent_family, client_address, network_of


class TooManyKeys(Exception):
    """The user has as many API keys as one may have."""


def record_sign_in(
    username: str,
    *,
    outcome: SignInEvent.Outcome,
    request: HttpRequest | None,
    at: dt.datetime,
    user: User | None = None,
    by: User | None = None,
    detail: str = "",
) -> SignInEvent:
    """Add one line to the sign-in log. `username` is what was typed, `user` whom it belongs to if that is known.

    `by` is the administrator who did something to somebody else's account.
    """
    return SignInEvent.objects.create(
        username=username[:150],
        outcome=outcome,
        address=network_of(client_address(request)) if request else None,
        agent=agent_family(request) if request else "",
        at=at,
        user=user,
        by=by,
        detail=detail[:200],
    )


def forget_old_sign_ins() -> int:
    """Remove what is older than a year. The database decides what that is; the site's role may delete nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_forget_sign_ins()")
        return int(cursor.fetchone()[0])


@transaction.atomic
def save_demo_account(
    username: str, *, role: User.Role, display_name: str, codes: Iterable[str], password: str | None
) -> bool:
    """Create or bring up to date a demo account; `password=None` keeps the present one. Returns whether it is new."""
    user, created = User.objects.update_or_create(
        username=username,
        defaults={"role": role, "display_name": display_name, "is_demo": True, "is_active": True},
    )
    if password is not None:
        user.set_password(password)
        user.save(update_fields=["password"])
    _set_scope(user, codes)
    return created


@transaction.atomic
def set_role(user: User, *, role: User.Role, codes: Iterable[str]) -> None:
    """Give a user a role and exactly this scope; scopes of before that are not named end."""
    user.role = role
    user.save(update_fields=["role"])
    _set_scope(user, codes)


def _set_scope(user: User, codes: Iterable[str]) -> None:
    """Rows that stay are not touched."""
    wanted = set(codes)
    user.scopes.exclude(code__in=wanted).delete()
    Scope.objects.bulk_create([Scope(user=user, code=code) for code in sorted(wanted)], ignore_conflicts=True)


@transaction.atomic
def create_api_key(name: str, *, by: User, at: dt.datetime) -> tuple[ApiKey, str]:
    """A new key of one's own and the key itself, which cannot be read again. Raises `TooManyKeys`."""
    User.objects.select_for_update().get(pk=by.pk)
    if by.api_keys.filter(revoked_at=None).count() >= MOST_KEYS:
        raise TooManyKeys
    secret = make_secret()
    key = ApiKey.objects.create(user=by, name=name, prefix=secret[:8], digest=digest_of(secret), created_at=at)
    return key, secret


def revoke_api_key(key_id: int, *, by: User, at: dt.datetime) -> bool:
    """End a key of one's own for good; returns whether there was such a key in use."""
    return bool(by.api_keys.filter(pk=key_id, revoked_at=None).update(revoked_at=at))


def note_use_of_key(key: ApiKey, *, at: dt.datetime) -> None:
    """Remember when a key was last used, to the minute: a write for every request would cost more than the answer."""
    if key.last_used_at is None or at - key.last_used_at >= NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
