"""二段階認証: the second step of signing in, and the page where one's factors are added and removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import segno
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.factor_forms import CodeForm, ConfirmForm, SecondFactorForm
from zaitaku.accounts.factors import (
    FactorRefused,
    app_with,
    confirm_totp,
    get_factors,
    new_key,
    normalized,
    remove_passkey,
    remove_totp,
    renew_recovery_codes,
    secret_text,
)
from zaitaku.accounts.forms import locked_words
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.passkeys import may_use_passkeys
from zaitaku.accounts.queries import find_factor_lock, find_lock
from zaitaku.accounts.second_step import try_code
from zaitaku.accounts.signing_in import Pending, find_pending, sign_in
from zaitaku.accounts.visitors import client_address

_View = Callable[..., HttpResponse]
_KEY = "totp_key"


def for_owner(view: _View) -> _View:
    """The view gets `user`: who is signed in, or who has given the password and must enrol before anything else."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: object) -> HttpResponse:
        if isinstance(request.user, User):
            return view(request, user=request.user, pending=None, **parts)
        pending = find_pending(request)
        if pending is None or not pending.must_enrol:
            return redirect_to_login(request.get_full_path())
        return view(request, user=pending.user, pending=pending, **parts)

    return answer


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step: a code, or a passkey by its script."""
    pending = find_pending(request)
    if pending is None or pending.must_enrol:
        return redirect("accounts:factor-list" if pending else "accounts:sign-in")
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        lock = try_code(request, pending.user, code=form.cleaned_data["code"])
        if lock is None:
            return redirect(pending.next_url)
        form.add_error("code", lock)
    factors = get_factors(pending.user)
    context = {"form": form, "factors": factors, "may_use_passkeys": may_use_passkeys(request)}
    return render(request, "accounts/second_factor.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@for_owner
def factor_list(request: HttpRequest, *, user: User, pending: Pending | None) -> HttpResponse:
    """What one has, and what can be added; on the way in, why something has to be."""
    context = {
        "owner": user,
        "pending": pending,
        "factors": get_factors(user),
        "may_use_passkeys": may_use_passkeys(request),
        "confirm_form": ConfirmForm(user=user),
    }
    return render(request, "accounts/factors.html", context)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def totp_enrol(request: HttpRequest, *, user: User, pending: Pending | None) -> HttpResponse:
    """The QR code of an authenticator app, and the first code of it."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    lock = find_factor_lock(user, now=timezone.now())
    # Kept until a code of it is typed, so that the QR code stays the same when the page is opened again.
    key = request.session.setdefault(_KEY, new_key())
    if form.is_valid():
        if lock:
            form.add_error("code", locked_words(lock))
        elif confirm_totp(user, key=key, code=normalized(form.cleaned_data["code"])):
            request.session.pop(_KEY, None)
            return after_enrolment(request, user, pending, detail="認証アプリ")
        else:
            _note(request, user, SignInEvent.Outcome.FACTOR_FAILED, "認証アプリの登録")
            form.add_error(
                "code",
                "確認コードが正しくありません。表示が切り替わった後の新しい6桁を入力してください。"
                "何度も違うときは、スマートフォンの時刻が自動設定になっているか確かめてください。",
            )
    device = app_with(key, user=user)
    picture = segno.make(device.config_url, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    context = {
        "form": form,
        "owner": user,
        "pending": pending,
        "secret": secret_text(device),
        "picture": mark_safe(picture),  # noqa: S308  # segno's own drawing: paths and numbers, nothing typed
    }
    return render(request, "accounts/totp_enrol.html", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("password")
@require_POST
@for_owner
def recovery_renew(request: HttpRequest, *, user: User, pending: Pending | None) -> HttpResponse:
    """Ten new recovery codes, shown by this answer alone."""
    refused = _unconfirmed(request, user) or (pending is not None)
    if refused or get_factors(user).count == 0:
        return redirect("accounts:factor-list")
    _note(request, user, SignInEvent.Outcome.FACTOR_ADDED, "復旧コードの作り直し")
    return show_codes(request, renew_recovery_codes(user, at=timezone.now()), next_url=reverse("accounts:factor-list"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def recovery_first(request: HttpRequest, *, user: User, pending: Pending | None) -> HttpResponse:
    """The first recovery codes after a passkey was registered by script; made when the button is pressed."""
    next_url = request.session.get("codes_wanted", reverse("accounts:factor-list"))
    factors = get_factors(user)
    if pending is not None or factors.count == 0 or factors.codes_left:
        return redirect("accounts:factor-list")
    if request.method != "POST":
        return render(request, "accounts/recovery_first.html")
    request.session.pop("codes_wanted", None)
    return show_codes(request, renew_recovery_codes(user, at=timezone.now()), next_url=next_url)


@sensitive_post_parameters("password")
@require_POST
@for_owner
def factor_remove(
    request: HttpRequest, *, user: User, pending: Pending | None, kind: str, factor_id: int
) -> HttpResponse:
    """Remove one factor of one's own, with the password."""
    if kind not in {"totp", "passkey"}:
        raise Http404("この種類の二段階認証はありません。")
    if pending is not None or _unconfirmed(request, user):
        return redirect("accounts:factor-list")
    try:
        if kind == "totp":
            remove_totp(user)
        else:
            remove_passkey(user, passkey_id=factor_id)
    except FactorRefused as refusal:
        messages.error(request, str(refusal))
    else:
        _note(request, user, SignInEvent.Outcome.FACTOR_REMOVED, "認証アプリ" if kind == "totp" else "パスキー")
        messages.success(request, "削除しました。")
    return redirect("accounts:factor-list")


def after_enrolment(request: HttpRequest, user: User, pending: Pending | None, *, detail: str) -> HttpResponse:
    """Note it; with the first factor come recovery codes; who was on the way in is signed in now."""
    _note(request, user, SignInEvent.Outcome.FACTOR_ADDED, detail)
    next_url = pending.next_url if pending else reverse("accounts:factor-list")
    if pending:
        sign_in(request, user, how=f"パスワードと{detail}（登録）")
    messages.success(request, f"{detail}を登録しました。次のログインから使います。")
    if get_factors(user).codes_left:
        return redirect(next_url)
    return show_codes(request, renew_recovery_codes(user, at=timezone.now()), next_url=next_url)


def show_codes(request: HttpRequest, codes: list[str], *, next_url: str) -> HttpResponse:
    """The one page that ever shows them."""
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "next_url": next_url})


def _unconfirmed(request: HttpRequest, user: User) -> bool:
    """Whether the password is missing or wrong; says so, and counts it like any wrong password."""
    form = ConfirmForm(request.POST, user=user)
    lock = find_lock(user.username, address=client_address(request), now=timezone.now())
    if lock is None and form.is_valid():
        return False
    if lock is not None:
        messages.error(request, locked_words(lock))
        return True
    _note(request, user, SignInEvent.Outcome.FAILED, "二段階認証の変更")
    messages.error(request, str(form.errors["password"][0]))
    return True


def _note(request: HttpRequest, user: User, outcome: SignInEvent.Outcome, detail: str) -> None:
    record_sign_in(user.username, outcome=outcome, request=request, at=timezone.now(), user=user, detail=detail)
