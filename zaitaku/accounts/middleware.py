"""A sign-in that has lasted its time ends before any page is made, and what was being sent is not lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone

from zaitaku.accounts.actions import record_sign_in
from zaitaku.accounts.kept_forms import keep_form
from zaitaku.accounts.models import SignInEvent, User
from zaitaku.accounts.sessions import note_action, time_left

ENDED = "session_ended"
# Its answers are for programs, which bring a key and no session.
_WITHOUT_SESSION = ("/api/", "/static/", "/healthz")
# Asking how much time is left is no action.
_NO_ACTION = "/accounts/session/"
_PROBLEM = "ログインの期限が切れています。書いたものはこの画面に残っています。別のタブでログインし直してください。"


class SessionLimits:
    """Ends sessions after their time. Comes after the CSRF check, so that only genuine forms are kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A visitor without the cookie has no session: its table is not asked, and the answer does not vary by it.
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_cookie and not request.path.startswith(_WITHOUT_SESSION) and SESSION_KEY in request.session:
            now = timezone.now()
            if time_left(request.session, now=now).seconds <= 0:
                _end(request)
            elif request.path != _NO_ACTION or request.method == "POST":
                note_action(request.session, now=now)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: Sequence[Any], _parts: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        """A form sent after the end leads to the sign-in and is kept; a script is told."""
        user = getattr(request, "ended_user", None)
        if user is None or request.method != "POST":
            return None
        if "text/html" not in request.headers.get("Accept", ""):
            return JsonResponse({"problem": "session", "message": _PROBLEM}, status=401)
        token = "" if _is_about_signing_in(request.path) else _kept(request, user)
        there = reverse("accounts:kept-form", args=[token]) if token else reverse("indicators:home")
        return redirect_to_login(there)


def _end(request: HttpRequest) -> None:
    user = request.user if isinstance(request.user, User) else None  # looked up now: the session goes
    request.session.flush()
    request.session[ENDED] = True
    request.user = AnonymousUser()
    if user is not None:
        request.ended_user = user  # type: ignore[attr-defined]  # read by `process_view` of the same request
        record_sign_in(user.username, outcome=SignInEvent.Outcome.ENDED, request=request, at=timezone.now(), user=user)


def _kept(request: HttpRequest, user: User) -> str:
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    return keep_form(user, path=request.get_full_path(), fields=fields, now=timezone.now())


def _is_about_signing_in(path: str) -> bool:
    return path.startswith("/accounts/")
