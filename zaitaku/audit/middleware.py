"""Who sends the request is told to the database before anything can be changed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from zaitaku.accounts.models import User
from zaitaku.accounts.visitors import client_address
from zaitaku.audit.actions import acting_as

_Answer = Callable[[HttpRequest], HttpResponseBase]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def name_actor(get_response: _Answer) -> _Answer:
    """Requests that may change something are noted under the person who sends them; the form's 理由 goes with them."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method in _SAFE:
            return get_response(request)
        user = request.user if isinstance(request.user, User) else None
        with acting_as(user, address=client_address(request) or ""):
            return get_response(request)

    return answer
