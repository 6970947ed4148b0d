"""Writes an administrator makes about somebody's account. Each is noted in the audit log by the database itself."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction

from zaitaku.accounts.actions import set_role
from zaitaku.accounts.api_keys import digest_of
from zaitaku.accounts.factors import end_sessions
from zaitaku.accounts.handover import OWNED
from zaitaku.accounts.models import Invitation, User

LINK_LASTS = dt.timedelta(days=7)


class NotAllowed(Exception):
    """A change that would shut everybody out, or oneself; the words say what to do instead."""


@transaction.atomic
def invite(
    username: str,
    *,
    display_name: str,
    email: str,
    role: User.Role,
    codes: Iterable[str],
    role_from: dt.date | None,
    role_until: dt.date | None,
    by: User,
    at: dt.datetime,
) -> tuple[User, str]:
    """A new account that nobody can sign in to until its link has been used, and the secret of the link."""
    user = User(username=username, display_name=display_name, email=email, role_from=role_from, role_until=role_until)
    user.set_unusable_password()
    user.save()
    set_role(user, role=role, codes=codes)
    return user, issue_link(user, by=by, at=at)


@transaction.atomic
def issue_link(user: User, *, by: User, at: dt.datetime) -> str:
    """The secret of a new personal link to set a password; a link that was open ends."""
    user.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user, digest=digest_of(secret), made_by=by, created_at=at, expires_at=at + LINK_LASTS
    )
    return secret


@transaction.atomic
def set_password_by_link(invitation: Invitation, *, password: str, at: dt.datetime) -> bool:
    """Set the password the link was made for; False if it was used or ended in the meantime."""
    used = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None, expires_at__gt=at)
    if not used.update(used_at=at):
        return False
    invitation.user.set_password(password)
    invitation.user.save(update_fields=["password"])
    return True


@transaction.atomic
def change_role(
    user: User,
    *,
    role: User.Role,
    codes: Iterable[str],
    role_from: dt.date | None,
    role_until: dt.date | None,
    display_name: str,
    email: str,
    by: User,
) -> None:
    """Another role, scope, time, name. A changed role ends the sessions there are. Raises `NotAllowed`."""
    ends_soon = role_until is not None or role_from is not None
    if user.role == User.Role.ADMINISTRATOR and (role != User.Role.ADMINISTRATOR or ends_soon):
        _check_others_administer(user, by=by)
    user.role_from, user.role_until = role_from, role_until
    user.display_name, user.email = display_name, email
    user.save(update_fields=["role_from", "role_until", "display_name", "email"])
    set_role(user, role=role, codes=codes)


@transaction.atomic
def deactivate(user: User, *, by: User, at: dt.datetime) -> None:
    """Nobody signs in to it any more; what it did stays its doing. Raises `NotAllowed`."""
    _check_others_administer(user, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    user.api_keys.filter(revoked_at=None).update(revoked_at=at)
    end_sessions(user)


def reactivate(user: User) -> None:
    """Sign-in works again, with the password and factors there are."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def hand_over(user: User, *, to: User) -> dict[str, int]:
    """Everything that is open and in one person's charge goes to another; how many of each kind."""
    return {owned.label: owned.of(user).update(**{owned.field: to}) for owned in OWNED}


def _check_others_administer(user: User, *, by: User) -> None:
    if user.pk == by.pk:
        raise NotAllowed("自分のアカウントは停止できず、管理者からも外せません。別の管理者に頼んでください。")
    others = User.objects.select_for_update().filter(role=User.Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if user.role == User.Role.ADMINISTRATOR and not others.exists():
        raise NotAllowed("最後の管理者です。先に別の管理者を決めてください。")
