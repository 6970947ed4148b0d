"""Answers to requests that no view should have to think of: a NUL in the address, a page asked for in the wrong way."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from zaitaku.pages.errors import bad_address, method_not_allowed

_Answer = Callable[[HttpRequest], HttpResponseBase]


def kind_answers(get_response: _Answer) -> _Answer:
    """Give the two cases a page in Japanese instead of an error of the database and an empty white page."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # PostgreSQL holds no NUL in a text; none belongs into an address either.
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return bad_address(request)
        response = get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            return method_not_allowed(request, allowed=response.headers.get("Allow", ""))
        return response

    return answer
