"""What is shown when a page cannot be: in Japanese, with a way on, and never dependent on what has just failed."""

from __future__ import annotations

import logging

from django.core.exceptions import DisallowedHost, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from zaitaku.rest.problems import ApiError, Code, plain_answer

logger = logging.getLogger(__name__)

_LAST_RESORT = (
    '<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>エラー</title><h1>ただいま表示できません</h1>'
    "<p>時間をおいて再読み込みしてください。続くときは管理者に連絡してください。</p>"
    '<p><a href="/">ホームへ</a></p></html>'
)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The words of `exception` are not shown: they were written for the log."""
    return _bare("errors/400.html", status=400, context={"wrong_host": isinstance(exception, DisallowedHost)})


def bad_address(request: HttpRequest) -> HttpResponse:
    """400 for an address that holds a character no page can take."""
    if _is_for_programs(request):
        detail = "アドレスに使えない文字（NUL）があります。"
        return plain_answer(ApiError(Code.INVALID_ADDRESS, detail, hint="%00 を除いてください。"))
    return _bare("errors/400.html", status=400, context={"wrong_address": True})


def method_not_allowed(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """405, e.g. the address of a button opened by hand; `allowed` is the header every such answer carries."""
    response = _framed(request, "errors/405.html", status=405, context={})
    response.headers["Allow"] = allowed
    return response


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason the view gave."""
    reason = str(exception) if isinstance(exception, PermissionDenied) else ""
    return _framed(request, "errors/403.html", status=403, context={"reason": reason})


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. A view may say in Japanese what was not found (`raise Http404("…")`); Django's English is left out."""
    words = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    reason = words if not words.isascii() and "%" not in words and len(words) <= 200 else ""
    return _framed(request, "errors/404.html", status=404, context={"reason": reason})


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without the database, the session or the user: any of them may be what failed."""
    if _is_for_programs(request):
        return plain_answer(ApiError(Code.SERVER_ERROR, "サーバーの不具合で答えられませんでした。"))
    return _bare("errors/500.html", status=500, context={})


def _is_for_programs(request: HttpRequest) -> bool:
    """Whether a program asked, which can do nothing with a page."""
    return request.path.startswith("/api/") and not request.path.endswith("/docs/")


def _framed(request: HttpRequest, template: str, *, status: int, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=status)


def _bare(template: str, *, status: int, context: dict[str, object]) -> HttpResponse:
    try:
        return HttpResponse(render_to_string(template, context), status=status)
    except Exception:  # whatever broke the page must not break the error page too
        logger.exception("The error page itself could not be rendered")
        return HttpResponse(_LAST_RESORT, status=status)
