"""The whole API in OpenAPI 3.1, made once from the views, and read again for the page about it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

from django.urls import include, path

PREFIX = "api/v1/"


@cache
def get_schema() -> dict[str, Any]:
    """The description. It depends on the program alone and is the same in every process."""
    from drf_spectacular.generators import SchemaGenerator

    generator = SchemaGenerator(patterns=[path(PREFIX, include("zaitaku.api.urls"))])
    return cast(dict[str, Any], generator.get_schema(public=True))


@cache
def schema_as_json() -> bytes:
    """The description for programs."""
    return json.dumps(get_schema(), ensure_ascii=False, indent=1).encode()


@cache
def schema_as_yaml() -> bytes:
    """The description for readers."""
    from drf_spectacular.renderers import OpenApiYamlRenderer

    return cast(bytes, OpenApiYamlRenderer().render(get_schema(), renderer_context={}))
