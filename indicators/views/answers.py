"""Finished answers for visitors who bring no session: kept whole and compressed, until the data or the day change.

A signed-in visitor's page carries a CSRF token and is never kept or compressed here.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Collection

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from indicators.basket import PARAMETER
from indicators.forms import IndicatorQueryForm
from indicators.page_keys import KEPT_SECONDS

# Half the time of the highest level for a twentieth more bytes.
_LEVEL = 6


def answer(
    request: HttpRequest,
    *,
    key: str,
    make: Callable[[], HttpResponse],
    parameters: Collection[str] = frozenset(IndicatorQueryForm.base_fields) - {PARAMETER},
    content_type: str | None = None,
) -> HttpResponse:
    """What `make` gives; to a visitor without a session what it gave before under the same key, address and day.

    `parameters`: those the page knows; an address with any other is answered, but not kept. `content_type`: of what
    `make` gives, if that is no page.
    """
    if not _may_be_kept(request, parameters):
        return make()
    tag = _tag(request, key)
    if request.headers.get("If-None-Match") == tag:
        return _with_headers(HttpResponseNotModified(), tag)
    name = f"indicator-answer:{tag}"
    content: bytes | None = cache.get(name)
    if content is None:
        content = gzip.compress(make().content, _LEVEL, mtime=0)
        cache.set(name, content, KEPT_SECONDS)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return _with_headers(HttpResponse(gzip.decompress(content), content_type=content_type), tag)
    response = HttpResponse(content, content_type=content_type, headers={"Content-Encoding": "gzip"})
    return _with_headers(response, tag)


def _may_be_kept(request: HttpRequest, parameters: Collection[str]) -> bool:
    """No session, no message waiting, and no parameter that would only fill the cache."""
    cookies = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)
    return not cookies and set(request.GET) <= set(parameters)


def _tag(request: HttpRequest, key: str) -> str:
    """The ETag: everything the frame shows besides the page, i.e. its own address and the day it is printed."""
    parts = (key, request.build_absolute_uri(), str(timezone.localdate()))
    return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _with_headers(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
