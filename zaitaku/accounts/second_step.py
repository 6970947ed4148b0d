"""One attempt at the second step: counted, and never two at once for one account."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.factors import is_right_code
from zaitaku.accounts.forms import locked_words
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.queries import find_factor_lock
from zaitaku.accounts.signing_in import sign_in

WRONG = (
    "確認コードが正しくないか、すでに使われています。認証アプリの表示が切り替わってから、新しい6桁を入力してください。"
)


def try_code(request: HttpRequest, user: User, *, code: str) -> str | None:
    """Sign in with a code; None, or the words why not. The account is locked: guesses are counted one by one."""
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        lock = find_factor_lock(user, now=now)
        how = "" if lock else is_right_code(user, code=code, at=now)
        if not how:
            outcome = SignInEvent.Outcome.LOCKED if lock else SignInEvent.Outcome.FACTOR_FAILED
            record_sign_in(user.username, outcome=outcome, request=request, at=now, user=user, detail="確認コード")
    if not how:
        return locked_words(lock) if lock else WRONG
    sign_in(request, user, how=f"パスワードと{how}")
    return None
