"""The entrance of the API, its description, and the page about it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe
from pydantic import Field

from zaitaku.api.manual import get_manual
from zaitaku.api.schema import schema_as_json, schema_as_yaml
from zaitaku.rest.parameters import Given
from zaitaku.rest.resources import Resource
from zaitaku.rest.views import ReadView

_LISTS = ("regions", "schemes", "institutions", "indicators", "definitions", "values", "benchmarks", "sources")


class Index(Resource):
    """Where everything is."""

    resources: dict[str, str] = Field(description="資源の名前とアドレス")
    documentation: str = Field(description="説明の頁")
    openapi: str = Field(description="OpenAPI 3.1による記述")


class ResourceIndex(ReadView):
    """The entrance."""

    summary = "資源の一覧"
    about = "ここから、すべての資源のアドレスが分かります。"
    tag = "入口"
    resource = Index

    def answer(self, request: HttpRequest, _given: Given, /, **_path: str) -> Index:
        """Full addresses of every list."""

        def address(name: str) -> str:
            return request.build_absolute_uri(reverse(f"api:{name}"))

        return Index(
            resources={name: address(name) for name in _LISTS},
            documentation=address("docs"),
            openapi=address("openapi-json"),
        )


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page about the API, with examples for this very site."""
    context: dict[str, Any] = {
        "manual": get_manual(),
        "base": request.build_absolute_uri(reverse("api:index")),
        "site": request.build_absolute_uri("/").rstrip("/"),
        "rates": {name: _rate(text) for name, text in settings.API_RATES.items()},
    }
    return render(request, "api/docs.html", context)


@require_safe
@conditional_page
def openapi_json(_request: HttpRequest) -> HttpResponse:
    """The description as JSON."""
    return HttpResponse(schema_as_json(), content_type="application/vnd.oai.openapi+json;version=3.1")


@require_safe
@conditional_page
def openapi_yaml(_request: HttpRequest) -> HttpResponse:
    """The description as YAML."""
    return HttpResponse(schema_as_yaml(), content_type="application/vnd.oai.openapi;version=3.1")


def _rate(text: str) -> str:
    """`120/min` → `1分間に120回`."""
    number, _, period = text.partition("/")
    names = {"s": "1秒間", "m": "1分間", "h": "1時間", "d": "1日"}
    return f"{names.get(period[:1], period)}に{int(number):,}回"
