"""The one shape of error of the API: problem details (RFC 9457) with a code, a sentence in Japanese, field and hint."""

from __future__ import annotations

import logging
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from pydantic import Field
from rest_framework import exceptions
from rest_framework.response import Response

from zaitaku.rest.resources import Resource

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class Code(StrEnum):
    """What went wrong, for programs. The status says whose part it is to mend it."""

    UNKNOWN_PARAMETER = "unknown_parameter"
    MISSING_PARAMETER = "missing_parameter"
    REPEATED_PARAMETER = "repeated_parameter"
    INVALID_VALUE = "invalid_value"
    INVALID_CURSOR = "invalid_cursor"
    INVALID_ADDRESS = "invalid_address"
    INVALID_KEY = "invalid_key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"

    @property
    def meaning(self) -> str:
        """The code in words."""
        return _MEANINGS[self][1]

    @property
    def status(self) -> int:
        """The HTTP status it comes with."""
        return _MEANINGS[self][0]


_MEANINGS = {
    Code.UNKNOWN_PARAMETER: (400, "知らないパラメーター"),
    Code.MISSING_PARAMETER: (400, "必要なパラメーターの不足"),
    Code.REPEATED_PARAMETER: (400, "1つだけのパラメーターの重複"),
    Code.INVALID_VALUE: (400, "読み取れない値"),
    Code.INVALID_CURSOR: (400, "使えないカーソル"),
    Code.INVALID_ADDRESS: (400, "使えないアドレス"),
    Code.INVALID_KEY: (401, "使えないAPIキー"),
    Code.FORBIDDEN: (403, "許可されていない操作"),
    Code.NOT_FOUND: (404, "見つからない対象"),
    Code.METHOD_NOT_ALLOWED: (405, "使えないメソッド"),
    Code.NOT_ACCEPTABLE: (406, "返せない形式"),
    Code.TOO_MANY_REQUESTS: (429, "回数の超過"),
    Code.SERVER_ERROR: (500, "サーバーの不具合"),
}


class ProblemDetails(Resource):
    """The body of every answer that is not a success."""

    type: str = Field(description="この誤りの説明の場所（このサイトの中のアドレス）")
    title: str = Field(description="誤りの種類")
    status: int = Field(description="HTTPステータス")
    code: Code = Field(description="誤りの種類を表す、変わらない語。プログラムはこれで判断してください")
    detail: str = Field(description="何が、どこで、どう違うか")
    field: str | None = Field(description="誤りのあるパラメーターの名前。なければnull")
    hint: str | None = Field(description="直し方。なければnull")


class ApiError(Exception):
    """A request that cannot be answered: what is wrong, with which parameter, and how to mend it."""

    def __init__(self, code: Code, detail: str, *, field: str = "", hint: str = "") -> None:
        super().__init__(detail)
        self.code, self.detail, self.field, self.hint = code, detail, field, hint


def details(error: ApiError) -> ProblemDetails:
    """The body that says so."""
    try:
        described = reverse("api:docs")
    except NoReverseMatch:
        described = ""
    return ProblemDetails(
        type=f"{described}#error-{error.code}",
        title=error.code.meaning,
        status=error.code.status,
        code=error.code,
        detail=error.detail,
        field=error.field or None,
        hint=error.hint or None,
    )


def plain_answer(error: ApiError) -> HttpResponse:
    """The same where no view of the API has been reached."""
    return HttpResponse(details(error).as_json(), status=error.code.status, content_type=CONTENT_TYPE)


def answer_failure(failure: Exception, _context: dict[str, Any]) -> Response:
    """The answer for anything that was raised while a request was worked on (`EXCEPTION_HANDLER`)."""
    headers: dict[str, str] = {}
    if isinstance(failure, ApiError):
        error = failure
    elif isinstance(failure, exceptions.APIException):
        error, headers = _from_framework(failure)
    elif isinstance(failure, Http404):
        error = ApiError(Code.NOT_FOUND, "お探しのものはありません。", hint="アドレスを確かめてください。")
    elif isinstance(failure, PermissionDenied):
        error = ApiError(Code.FORBIDDEN, "この操作は許可されていません。")
    else:
        # Nothing of the cause is told to a stranger; the log has all of it.
        logger.error("The API failed", exc_info=failure)
        error = ApiError(
            Code.SERVER_ERROR,
            "サーバーの不具合で答えられませんでした。",
            hint="時間をおいて、もう一度お試しください。続くときは管理者に連絡してください。",
        )
    return Response(details(error), status=error.code.status, headers=headers, content_type=CONTENT_TYPE)


def _from_framework(failure: exceptions.APIException) -> tuple[ApiError, dict[str, str]]:
    """The framework's own refusals in our words, with the headers that belong to them."""
    if isinstance(failure, exceptions.Throttled):
        seconds = int(failure.wait or 1) + 1
        detail = f"決められた時間あたりの回数を超えました。{seconds}秒後から、また使えます。"
        hint = "APIキーを付けると、より多く使えます。大量の値は「データ入手」から一度に保存できます。"
        return ApiError(Code.TOO_MANY_REQUESTS, detail, hint=hint), {"Retry-After": str(seconds)}
    if isinstance(failure, exceptions.MethodNotAllowed):
        detail = "このAPIは読み取り専用です。GETかHEADを使ってください。"
        return ApiError(Code.METHOD_NOT_ALLOWED, detail), {"Allow": "GET, HEAD"}
    if isinstance(failure, exceptions.NotAcceptable):
        hint = (
            "Accept: application/json を指定するか、Acceptを付けないでください。CSVやExcelは「データ入手」にあります。"
        )
        return ApiError(Code.NOT_ACCEPTABLE, "このAPIが返せるのはJSONだけです。", hint=hint), {}
    if isinstance(failure, exceptions.AuthenticationFailed | exceptions.NotAuthenticated):
        challenge = getattr(failure, "auth_header", "Bearer")
        hint = "Authorization: Bearer（半角空白）APIキー の形で指定してください。キーを付けなくても読み取れます。"
        return ApiError(Code.INVALID_KEY, str(failure.detail), hint=hint), {"WWW-Authenticate": challenge}
    return ApiError(Code.INVALID_VALUE, "要求を読み取れません。"), {}
