"""The rendered part of 指標詳細 that depends on data alone, kept until the data change.

Drawing it costs some tens of milliseconds (queries, Plotly's validation, the table); sending it again costs one query
for the version of the data and one look into Redis. The frame around it (sign-in, prefecture, messages) is never kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.template.loader import render_to_string

from indicators.basket import parse_basket
from indicators.detail_context import make_context
from indicators.page_keys import KEPT_SECONDS, release
from indicators.queries.detail import get_indicator_result
from indicators.queries.detail_parts import get_detail_parts
from indicators.results import IndicatorQuery, IndicatorResult

__all__ = ["KEPT_SECONDS", "Page", "get_page", "make_page", "release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The finished body of one view and what the frame needs to know of it. Strings are safe HTML."""

    title: str
    code: str
    name: str
    body: str
    links: str
    has_chart: bool
    has_map: bool
    as_of: dt.date | None


def get_page(query: IndicatorQuery, *, key: str) -> Page:
    """The page of one view, from the cache if it was already made under this key."""
    page: Page | None = cache.get(f"indicator-page:{key}")
    if page is None:
        page = make_page(get_indicator_result(query))
        if query.basket:
            # There are more baskets than the cache should hold; the figures behind the page are kept all the same.
            return page
        cache.set(f"indicator-page:{key}", page, KEPT_SECONDS)
    return page


def make_page(result: IndicatorResult) -> Page:
    """Render one view."""
    query = result.query
    context = {
        **make_context(result, get_detail_parts(result), parse_basket(query.basket)),
        "as_at_parameters": query.change(as_at=None, page=1).parameters().items(),
        "newest_query": query.change(as_at=None, page=1).querystring(),
        "trace_query": f"?{urlencode({'as_at': query.as_at.isoformat()})}" if query.as_at else "",
    }
    return Page(
        title=result.title,
        code=result.definition.code,
        name=result.definition.name,
        body=render_to_string("indicators/detail_body.html", context),
        links=render_to_string("indicators/download_links.html", context) if result.years else "",
        has_chart="figures" in context,
        has_map="map" in context,
        as_of=result.as_of,
    )
