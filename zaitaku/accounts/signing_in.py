"""The way into an account: password, second factor where there is one or must be one, and only then a session.

Until the last step nobody is signed in: every page but those of the second step sees a visitor. What is known so far
stands in the visitor's session for ten minutes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.factors import get_factors
from zaitaku.accounts.models import SignInEvent, User

_PENDING = "pending_sign_in"
_LASTS = dt.timedelta(minutes=10)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who has given the right password. `must_enrol`: there is no second factor yet, and one is needed."""

    user: User
    next_url: str
    must_enrol: bool


def after_password(request: HttpRequest, user: User, *, next_url: str) -> str:
    """Sign in, or remember that only the second step is missing; returns the address to go on to."""
    factors = get_factors(user)
    if factors.count == 0 and not factors.is_missing:
        sign_in(request, user, how="パスワード")
        return next_url
    record_sign_in(user.username, outcome=SignInEvent.Outcome.PASSWORD, request=request, at=timezone.now(), user=user)
    # A session that somebody else may have planted must not become the one that is signed in.
    request.session.cycle_key()
    request.session[_PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().isoformat(),
        "next": next_url,
    }
    return reverse("accounts:factor-list" if factors.is_missing else "accounts:second-factor")


def find_pending(request: HttpRequest) -> Pending | None:
    """Who has given a password here lately and still lacks the second step."""
    kept = request.session.get(_PENDING)
    if kept is None or timezone.now() - dt.datetime.fromisoformat(kept["at"]) > _LASTS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Pending(user, kept["next"], must_enrol=get_factors(user).count == 0)


def sign_in(request: HttpRequest, user: User, *, how: str) -> None:
    """Begin the session and write it to the log. The one place of the product that signs anybody in."""
    request.session.pop(_PENDING, None)
    login(request, user, backend=_BACKEND)
    record_sign_in(
        user.username,
        outcome=SignInEvent.Outcome.SUCCEEDED,
        request=request,
        at=timezone.now(),
        user=user,
        detail=how,
    )
