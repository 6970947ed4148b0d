"""The rendered part of 指標詳細 that depends on data alone, kept until the data change.

Drawing it costs some tens of milliseconds (queries, Plotly's validation, the table); sending it again costs one query
for the version of the data and one look into Redis. The frame around it (sign-in, prefecture, messages) is never kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache as cache_once
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.template.loader import render_to_string

from indicators.charts.bars import NAMED_BARS, make_bars
from indicators.charts.maps import make_map, unmatched
from indicators.charts.trend import breaks_within, make_trend
from indicators.definitions import get_definition
from indicators.queries.detail import get_indicator_result
from indicators.queries.versions import get_data_version
from indicators.results import IndicatorQuery, IndicatorResult, Level, Measure, Order, Tab
from zaitaku.lib.figures import figure_script

KEPT_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The finished body of one view and what the frame needs to know of it. Strings are safe HTML."""

    title: str
    code: str
    name: str
    body: str
    links: str
    has_chart: bool
    as_of: dt.date | None


def get_page_key(query: IndicatorQuery) -> str:
    """What the page depends on: the view, the data behind it, and the program that draws it (one query).

    Raises `UnknownIndicator`, so that a kept page never reaches someone who may not see its indicator.
    """
    get_definition(query.code)
    parts = (release(), get_data_version(query.code), query.code, query.querystring())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def get_page(query: IndicatorQuery, *, key: str) -> Page:
    """The page of one view, from the cache if it was already made under this key."""
    page: Page | None = cache.get(f"indicator-page:{key}")
    if page is None:
        page = make_page(get_indicator_result(query))
        cache.set(f"indicator-page:{key}", page, KEPT_SECONDS)
    return page


@cache_once
def release() -> str:
    """Changes with every release: a hash over templates, code, the tables beside it, and the static files."""
    digest = hashlib.sha256(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for folder in ("templates", "zaitaku", "regions", "institutions", "indicators", "intake"):
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in {".html", ".py", ".csv", ".toml"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def make_page(result: IndicatorResult) -> Page:
    """Render one view."""
    query = result.query
    context = {
        "result": result,
        "query": query,
        "controls": _controls(result),
        "as_at_parameters": query.change(as_at=None).parameters().items(),
        "newest_query": query.change(as_at=None).querystring(),
        "trace_query": f"?{urlencode({'as_at': query.as_at.isoformat()})}" if query.as_at else "",
        **_presentation(result),
    }
    return Page(
        title=result.title,
        code=result.definition.code,
        name=result.definition.name,
        body=render_to_string("indicators/detail_body.html", context),
        links=render_to_string("indicators/download_links.html", context) if result.years else "",
        has_chart="figures" in context,
        as_of=result.as_of,
    )


def _presentation(result: IndicatorResult) -> dict[str, Any]:
    """What the current tab draws. Without a single number there is nothing to draw."""
    if not result.has_values and result.query.tab != Tab.TREND:
        return {}
    if result.query.tab == Tab.CHART:
        wide = make_bars(result)
        # Bars without names are the same at every width, and there may be 1,892 of them.
        narrow = make_bars(result, is_narrow=True) if len(result.rows) <= NAMED_BARS else wide
        return {"figures": _scripts(wide, narrow)}
    if result.query.tab == Tab.MAP:
        return {"map": make_map(result), "unmatched": unmatched(result)}
    if result.query.tab == Tab.TREND and result.years:
        figures = _scripts(make_trend(result), make_trend(result, is_narrow=True))
        return {"figures": figures, "breaks": breaks_within(result)}
    return {}


def _scripts(wide: Any, narrow: Any) -> dict[str, Any]:
    return {"wide": figure_script(wide), "narrow": figure_script(narrow), "height": wide.layout.height}


def _controls(result: IndicatorResult) -> dict[str, Any]:
    """The neighbouring views, as links that need no JavaScript."""
    query = result.query
    return {
        "tabs": [(tab.label, query.change(tab=tab).querystring(), tab == query.tab) for tab in Tab],
        "levels": [
            (level.value, level.label, level == query.level)
            for level in Level
            if level in result.definition.levels or level == query.level
        ],
        "orders": [(order.value, order.label, order == query.order) for order in Order],
        "measures": [
            (measure.value, measure.label, measure == query.measure)
            for measure in Measure
            if result.definition.has_rate or measure == query.measure
        ],
        "years": [(year, year == result.year) for year in reversed(result.years)],
    }
