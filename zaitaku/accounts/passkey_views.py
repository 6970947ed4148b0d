"""What the script of the passkey buttons asks: options for the browser, whether its answer holds. JSON throughout."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zaitaku.accounts import passkeys
from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.factor_views import for_owner
from zaitaku.accounts.factors import FactorRefused, get_factors
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.signing_in import Pending, find_pending, sign_in
from zaitaku.lib.addresses import LONGEST_ADDRESS

_View = Callable[..., HttpResponse]


def _kind(view: _View) -> _View:
    """A refusal is an answer with its words."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: object) -> HttpResponse:
        try:
            return view(request, **parts)
        except FactorRefused as refusal:
            return JsonResponse({"problem": str(refusal)}, status=400)

    return answer


@never_cache
@require_POST
@for_owner
def register_options(request: HttpRequest, *, user: User, **_: object) -> HttpResponse:
    """Begin to register a passkey."""
    return JsonResponse(passkeys.registration_options(request, user))


@never_cache
@require_POST
@for_owner
@_kind
def register(request: HttpRequest, *, user: User, pending: Pending | None) -> HttpResponse:
    """Keep a passkey; the browser goes on to the recovery codes, or to where one was going."""
    answer = passkeys.read_answer(request.body)
    name = str(answer.pop("name", "")).strip()
    passkeys.register(request, user, answer=answer, name=name, at=timezone.now())
    outcome = SignInEvent.Outcome.FACTOR_ADDED
    record_sign_in(user.username, outcome=outcome, request=request, at=timezone.now(), user=user, detail="パスキー")
    if pending:
        sign_in(request, user, how="パスワードとパスキー（登録）")
    messages.success(request, "パスキーを登録しました。次のログインから使えます。")
    if get_factors(user).codes_left == 0:
        request.session["codes_wanted"] = pending.next_url if pending else reverse("accounts:factor-list")
        return JsonResponse({"next": reverse("accounts:recovery-first")})
    return JsonResponse({"next": pending.next_url if pending else reverse("accounts:factor-list")})


@never_cache
@require_POST
@_kind
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Begin to sign in: as the second step of whoever is on the way in, else with the passkey alone."""
    pending = _second_step(request)
    return JsonResponse(passkeys.sign_in_options(request, pending.user if pending else None))


@never_cache
@require_POST
@_kind
def sign_in_answer(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey."""
    pending = _second_step(request)
    answer = passkeys.read_answer(request.body)
    wanted = str(answer.pop("next", ""))
    try:
        passkey = passkeys.check(request, pending.user if pending else None, answer=answer, at=timezone.now())
    except FactorRefused:
        user = pending.user if pending else None
        name, outcome = user.username if user else "", SignInEvent.Outcome.FACTOR_FAILED
        record_sign_in(name, outcome=outcome, request=request, at=timezone.now(), user=user, detail="パスキー")
        raise
    sign_in(request, passkey.user, how="パスワードとパスキー" if pending else "パスキー")
    return JsonResponse({"next": pending.next_url if pending else _safe(request, wanted)})


def _second_step(request: HttpRequest) -> Pending | None:
    pending = find_pending(request)
    return pending if pending and not pending.must_enrol else None


def _safe(request: HttpRequest, wanted: str) -> str:
    """Where to go on to: never another host."""
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_here and len(wanted) <= LONGEST_ADDRESS else resolve_url(settings.LOGIN_REDIRECT_URL)
