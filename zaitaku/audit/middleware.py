"""Who sends the request is told to the database before anything can be changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, UnreadablePostError

from zaitaku.accounts.models import User
from zaitaku.accounts.visitors import client_address
from zaitaku.audit.actions import acting_as

_Answer = Callable[[HttpRequest], HttpResponseBase]
_LONGEST_REASON = 1000
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def _reason(request: HttpRequest) -> str:
    """What the form's field 理由 says. Uploads are left unread: their view decides how much of them it takes."""
    if request.content_type != "application/x-www-form-urlencoded":
        return ""
    try:
        return request.POST.get("reason", "")[:_LONGEST_REASON].replace("\x00", "")
    except UnreadablePostError:  # the sender is gone; the view will find out
        return ""


def name_actor(get_response: _Answer) -> _Answer:
    """Requests that may change something are noted under the person who sends them; the form's 理由 goes with them."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method in _SAFE:
            return get_response(request)
        user = request.user if isinstance(request.user, User) else None
        with acting_as(user, address=client_address(request) or "", reason=_reason(request)):
            return get_response(request)

    return answer
