"""ログインの記録, one's own and everybody's; and the personal link with which a password is set."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.user_actions import set_password_by_link
from zaitaku.accounts.user_forms import FindSignInsForm, FirstPasswordForm
from zaitaku.accounts.user_queries import find_invitation, find_sign_ins
from zaitaku.accounts.user_views import for_administrators
from zaitaku.lib.tables import Column, Table, csv_bytes

_LINES = 50
_MOST_IN_A_FILE = 50_000


@require_safe
@login_required
@never_cache
def own_sign_ins(request: HttpRequest) -> HttpResponse:
    """最近のログイン: everything the log holds about oneself."""
    assert isinstance(request.user, User)
    page = Paginator(find_sign_ins(user=request.user), _LINES).get_page(request.GET.get("page"))
    return render(request, "accounts/own_sign_ins.html", {"page": page})


@require_safe
@for_administrators
def sign_in_log(request: HttpRequest, *, by: User) -> HttpResponse:
    """The whole log, with filters, as a page or (`?format=csv`) as a file."""
    form = FindSignInsForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    events = find_sign_ins(
        words=wanted.get("q", ""),
        outcome=wanted.get("outcome", ""),
        since=wanted.get("since"),
        until=wanted.get("until"),
    )
    if request.GET.get("format") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="sign-ins.csv"'}
        return HttpResponse(csv_bytes(_table(events)), content_type="text/csv; charset=utf-8", headers=headers)
    page = Paginator(events, _LINES).get_page(request.GET.get("page"))
    return render(request, "accounts/sign_in_log.html", {"form": form, "page": page, "by": by})


def _table(events: QuerySet[SignInEvent]) -> Table:
    names = ("日時", "利用者名", "氏名", "結果", "方法・理由", "接続元", "端末", "操作した管理者")
    keys = ("at", "username", "name", "outcome", "detail", "network", "agent", "by")
    rows = [
        (
            timezone.localtime(event.at).isoformat(timespec="seconds"),
            event.username,
            str(event.user or ""),
            event.get_outcome_display(),
            event.detail,
            event.network,
            event.agent,
            str(event.by or ""),
        )
        for event in events[:_MOST_IN_A_FILE]
    ]
    columns = tuple(Column(name=name, key=key) for name, key in zip(names, keys, strict=True))
    return Table(title="ログインの記録", columns=columns, rows=rows)


@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Set a password by a personal link; the link is used up by it."""
    invitation = find_invitation(secret, at=timezone.now())
    if invitation is None:
        return render(request, "accounts/welcome_ended.html", status=404)
    user = invitation.user
    form = FirstPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid() and set_password_by_link(
        invitation, password=form.cleaned_data["new_password1"], at=timezone.now()
    ):
        outcome = SignInEvent.Outcome.PASSWORD_SET
        record_sign_in(user.username, outcome=outcome, request=request, at=timezone.now(), user=user, detail="リンク")
        messages.success(request, "パスワードを設定しました。利用者名と新しいパスワードでログインしてください。")
        return redirect("accounts:sign-in")
    context = {"form": form, "owner": user}
    return render(request, "accounts/welcome.html", context, status=422 if form.errors else 200)
