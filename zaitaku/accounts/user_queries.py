"""Reads of the administrators' pages: accounts and the sign-in log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from zaitaku.accounts.api_keys import LONGEST_SECRET, digest_of
from zaitaku.accounts.factors import needs_second_factor
from zaitaku.accounts.models import Invitation, SignInEvent, User
from zaitaku.accounts.queries import role_holds
from zaitaku.lib.prefectures import prefecture

STATES = {"active": "有効", "invited": "招待中", "out_of_time": "期間外", "inactive": "停止"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """One account as the list shows it. `factor` says in words what stands with its second factor."""

    user: User
    scopes: tuple[str, ...]
    state: str
    factor: str
    last_seen: dt.datetime | None

    @property
    def state_words(self) -> str:
        """The state as it is called on the pages."""
        return STATES[self.state]


def find_users(*, words: str = "", role: str = "", code: str = "", state: str = "", on: dt.date) -> list[UserLine]:
    """Accounts by name, role, scope (a prefecture's code takes its municipalities in) and state, in two queries."""
    users = User.objects.all()
    if words:
        users = users.filter(
            Q(username__icontains=words) | Q(display_name__icontains=words) | Q(email__icontains=words)
        )
    if role:
        users = users.filter(role=role)
    if code:
        users = users.filter(scopes__code__startswith=code).distinct()
    lines = [_line(user, on=on) for user in _with_all(users).order_by("-is_active", "username")]
    return [line for line in lines if not state or line.state == state]


def find_user(user_id: int, *, on: dt.date) -> UserLine | None:
    """One account."""
    user = _with_all(User.objects.filter(pk=user_id)).first()
    return _line(user, on=on) if user else None


def _with_all(users: QuerySet[User]) -> QuerySet[User]:
    apps_in_use = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return users.annotate(
        has_app=Exists(apps_in_use),
        passkey_count=Count("passkeys", distinct=True),
        last_seen=Max("sign_in_events__at", filter=Q(sign_in_events__outcome=SignInEvent.Outcome.SUCCEEDED)),
    ).prefetch_related("scopes")


def _line(user: User, *, on: dt.date) -> UserLine:
    return UserLine(
        user=user,
        scopes=tuple(_place(scope.code) for scope in sorted(user.scopes.all(), key=lambda scope: scope.code)),
        state=_state(user, on=on),
        factor=_factor(user),
        last_seen=user.last_seen,  # type: ignore[attr-defined]  # annotated by `_with_all`
    )


def _place(code: str) -> str:
    home = prefecture(code[:2])
    return f"{code} {home}" if home else code


def _state(user: User, *, on: dt.date) -> str:
    if not user.is_active:
        return "inactive"
    if not user.has_usable_password():
        return "invited"
    return "active" if role_holds(user, on=on) else "out_of_time"


def _factor(user: User) -> str:
    has_app, passkeys = user.has_app, user.passkey_count  # type: ignore[attr-defined]  # annotated by `_with_all`
    found = [*(["認証アプリ"] if has_app else []), *([f"パスキー{passkeys}個"] if passkeys else [])]
    if found:
        return "・".join(found)
    if needs_second_factor(user):
        return "未登録（次のログインで登録）"
    return "なし"


def find_invitation(secret: str, *, at: dt.datetime) -> Invitation | None:
    """The open link whose secret this is, with its account."""
    if len(secret) > LONGEST_SECRET:
        return None
    found = Invitation.objects.select_related("user").filter(digest=digest_of(secret), user__is_active=True)
    return found.filter(used_at=None, revoked_at=None, expires_at__gt=at).first()


def find_sign_ins(
    *,
    user: User | None = None,
    words: str = "",
    outcome: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[SignInEvent]:
    """Lines of the sign-in log, newest first. `words`: a name, or an address of the network."""
    events = SignInEvent.objects.select_related("user", "by").order_by("-at", "-pk")
    for condition in _conditions(words, outcome, since, until):
        events = events.filter(condition)
    return events if user is None else events.filter(user=user)


def _conditions(words: str, outcome: str, since: dt.date | None, until: dt.date | None) -> Iterator[Q]:
    if words:
        yield Q(username__icontains=words) | Q(user__display_name__icontains=words)
    if outcome:
        yield Q(outcome=outcome)
    if since:
        yield Q(at__date__gte=since)
    if until:
        yield Q(at__date__lte=until)
