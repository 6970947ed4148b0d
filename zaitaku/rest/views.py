"""The one kind of view of the API: it reads parameters, asks a query, and answers with a resource."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from zaitaku.rest.parameters import Given, Parameter, read_parameters
from zaitaku.rest.problems import ApiError, Code
from zaitaku.rest.resources import Resource


class ReadView(APIView):  # type: ignore[misc]  # the framework has no types
    """GET and HEAD of one resource. `summary` and `about` are what the description says of it."""

    http_method_names = ["get", "head"]
    summary: ClassVar[str]
    about: ClassVar[str] = ""
    tag: ClassVar[str]
    resource: ClassVar[type[Resource]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    path_parameters: ClassVar[tuple[Parameter, ...]] = ()
    example: ClassVar[str] = ""

    def get(self, request: Request, **path: str) -> Response:
        """The resource that was asked for."""
        for parameter in self.path_parameters:
            parameter.read(path[parameter.name])
        given = read_parameters(request.query_params, self.parameters)
        return Response(self.answer(request._request, given, **path))

    def answer(self, request: HttpRequest, given: Given, /, **path: str) -> Resource:
        """The resource. Raises `ApiError`."""
        raise NotImplementedError

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Every success carries an ETag of its content, and is not sent again to whoever has it."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        response.headers["Cache-Control"] = "no-cache"
        if response.status_code == 200:
            response.add_post_render_callback(partial(_unless_known, request._request))
        return response


def _unless_known(request: HttpRequest, response: Response) -> HttpResponseBase | None:
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response)


def not_found(detail: str, *, field: str = "", hint: str = "") -> ApiError:
    """The thing named in the address or a filter does not exist."""
    return ApiError(Code.NOT_FOUND, detail, field=field, hint=hint)


class NoResource(ReadView):
    """Every address below the API that is none of its own."""

    schema = None

    def get(self, request: Request, **path: str) -> Response:  # noqa: ARG002  # the framework's signature
        """Always 404."""
        raise not_found("このアドレスの資源はありません。", hint="使えるアドレスの一覧は /api/v1/ にあります。")
