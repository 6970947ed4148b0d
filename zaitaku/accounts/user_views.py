"""利用者の管理: administrators invite people, say what they may do and where, and help those who cannot get in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.factors import end_sessions, reset_factors
from zaitaku.accounts.handover import count_owned
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.permissions import may_manage_users
from zaitaku.accounts.queries import find_factor_lock, find_lock, get_actor, get_sign_ins
from zaitaku.accounts.user_actions import (
    NotAllowed,
    change_role,
    deactivate,
    hand_over,
    invite,
    issue_link,
    reactivate,
)
from zaitaku.accounts.user_forms import FindUsersForm, HandOverForm, InviteForm, ReasonForm, RoleForm
from zaitaku.accounts.user_queries import UserLine, find_user, find_users

_View = Callable[..., HttpResponse]


def for_administrators(view: _View) -> _View:
    """The view gets `by`, who may manage users; others are told why not."""

    @wraps(view)
    @login_required
    @never_cache
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        if not may_manage_users(get_actor(request.user)):
            raise PermissionDenied("利用者の管理は、管理者だけが行えます。")
        return view(request, by=request.user, **parts)

    return answer


@require_safe
@for_administrators
def user_list(request: HttpRequest, *, by: User) -> HttpResponse:
    """Every account, found by name, role, place and state."""
    form = FindUsersForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    users = find_users(
        words=wanted.get("q", ""),
        role=wanted.get("role", ""),
        code=wanted.get("code", ""),
        state=wanted.get("state", ""),
        on=timezone.localdate(),
    )
    return render(request, "accounts/users/list.html", {"form": form, "users": users, "by": by})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def user_invite(request: HttpRequest, *, by: User) -> HttpResponse:
    """A new account; the answer is the only page that ever shows its link."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/users/invite.html", {"form": form}, status=422 if form.errors else 200)
    data = {**form.cleaned_data, "role": User.Role(form.cleaned_data["role"])}
    user, secret = invite(data.pop("username"), **data, by=by, at=timezone.now())
    return _show_link(request, user, secret)


@require_safe
@for_administrators
def user_detail(request: HttpRequest, *, by: User, user_id: int) -> HttpResponse:
    """One account: what it may do, how it signs in, what can be done for it."""
    line = _line(user_id)
    now = timezone.now()
    context = {
        "line": line,
        "by": by,
        "owned": count_owned(line.user),
        "sign_ins": get_sign_ins(line.user, limit=10),
        "invitation": line.user.invitations.filter(used_at=None, revoked_at=None).first(),
        "lock": find_factor_lock(line.user, now=now) or _name_lock(line.user),
        "form": ReasonForm(),
        "now": now,
    }
    return render(request, "accounts/users/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def user_role(request: HttpRequest, *, by: User, user_id: int) -> HttpResponse:
    """Change role, scope, time and name."""
    line = _line(user_id)
    user = line.user
    initial = {
        "display_name": user.display_name,
        "email": user.email,
        "role": user.role,
        "codes": "、".join(sorted(scope.code for scope in user.scopes.all())),
        "role_from": user.role_from,
        "role_until": user.role_until,
    }
    form = RoleForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            change_role(user, **{**form.cleaned_data, "role": User.Role(form.cleaned_data["role"])}, by=by)
        except NotAllowed as refusal:
            form.add_error("role", str(refusal))
        else:
            messages.success(request, f"{user}さんの役割と担当地域を保存しました。")
            return redirect("accounts:user-detail", user_id=user.pk)
    context = {"form": form, "line": line}
    return render(request, "accounts/users/role.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def user_hand_over(request: HttpRequest, *, by: User, user_id: int) -> HttpResponse:
    """Give what somebody has in charge to a colleague."""
    line = _line(user_id)
    form = HandOverForm(request.POST if request.method == "POST" else None, user=line.user)
    if form.is_valid():
        moved = hand_over(line.user, to=form.cleaned_data["to"])
        words = "、".join(f"{label}{count}件" for label, count in moved.items())
        messages.success(request, f"{words}を{form.cleaned_data['to']}さんに引き継ぎました。")
        return redirect("accounts:user-detail", user_id=user_id)
    context = {"form": form, "line": line, "owned": count_owned(line.user), "by": by}
    return render(request, "accounts/users/hand_over.html", context, status=422 if form.errors else 200)


@require_POST
@for_administrators
def user_act(request: HttpRequest, *, by: User, user_id: int, act: str) -> HttpResponse:
    """One of the short acts, always with a reason."""
    user = _line(user_id).user
    form = ReasonForm(request.POST)
    if act not in _ACTS:
        raise Http404("この操作はありません。")
    if not form.is_valid():
        messages.error(request, form.errors["reason"].as_text().lstrip("* "))
        return redirect("accounts:user-detail", user_id=user_id)
    if act == "link":
        return _show_link(request, user, issue_link(user, by=by, at=timezone.now()))
    try:
        said = _ACTS[act](request, user, by, form.cleaned_data["reason"])
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("accounts:user-detail", user_id=user_id)


def _deactivate(_request: HttpRequest, user: User, by: User, _reason: str) -> str:
    deactivate(user, by=by, at=timezone.now())
    return f"{user}さんのアカウントを停止しました。担当の章があるときは、引き継ぐ人を決めてください。"


def _reactivate(_request: HttpRequest, user: User, _by: User, _reason: str) -> str:
    reactivate(user)
    return f"{user}さんのアカウントを再び使えるようにしました。"


def _unlock(request: HttpRequest, user: User, by: User, reason: str) -> str:
    _note(request, user, by, SignInEvent.Outcome.UNLOCKED, reason)
    return "一時停止を解除しました。すぐにログインできます。"


def _reset(request: HttpRequest, user: User, by: User, reason: str) -> str:
    reset_factors(user)
    _note(request, user, by, SignInEvent.Outcome.RESET, reason)
    return "二段階認証を初期化し、すべての端末からログアウトさせました。次のログインで登録し直します。"


def _sign_out(_request: HttpRequest, user: User, _by: User, _reason: str) -> str:
    end_sessions(user)
    return "すべての端末からログアウトさせました。"


_ACTS: dict[str, Callable[[HttpRequest, User, User, str], str]] = {
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "unlock": _unlock,
    "reset": _reset,
    "sign-out": _sign_out,
    "link": lambda *_: "",
}


def _line(user_id: int) -> UserLine:
    line = find_user(user_id, on=timezone.localdate())
    if line is None:
        raise Http404("この番号の利用者はいません。利用者の一覧から選んでください。")
    return line


def _name_lock(user: User) -> object:
    """A lock of the name at the place of its latest attempt."""
    latest = user.sign_in_events.order_by("-at", "-pk").first()
    return find_lock(user.username, address=latest.address if latest else None, now=timezone.now())


def _note(request: HttpRequest, user: User, by: User, outcome: SignInEvent.Outcome, reason: str) -> None:
    record_sign_in(user.username, outcome=outcome, request=request, at=timezone.now(), user=user, by=by, detail=reason)


def _show_link(request: HttpRequest, user: User, secret: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("accounts:welcome", args=[secret]))
    invitation = user.invitations.get(used_at=None, revoked_at=None)
    context = {"owner": user, "link": link, "expires_at": invitation.expires_at}
    return render(request, "accounts/users/link.html", context)
