"""The picture of one view of 指標詳細: what its tab draws, with title, filters, date and source inside."""

from __future__ import annotations

from django.core.cache import cache

from indicators.captions import make_caption
from indicators.charts.bars import make_bars
from indicators.charts.funnel import make_funnel_chart
from indicators.charts.maps import make_map_picture
from indicators.charts.trend import make_trend
from indicators.detail_parts import DetailParts
from indicators.page_keys import KEPT_SECONDS, get_page_key
from indicators.results import IndicatorResult, Tab
from zaitaku.lib.figures import Chart
from zaitaku.lib.pictures import PictureFormat, draw_picture


def has_picture(result: IndicatorResult, parts: DetailParts) -> bool:
    """Whether the tab draws anything."""
    tab = result.query.tab
    if tab == Tab.TREND:
        return bool(result.years)
    if tab == Tab.FUNNEL:
        return parts.funnel is not None
    return tab in (Tab.CHART, Tab.MAP) and result.has_values


def get_picture(result: IndicatorResult, parts: DetailParts, *, file_format: PictureFormat) -> bytes:
    """The picture, from the cache if it was drawn for this state of the data: drawing takes up to seconds."""
    key = f"indicator-picture:{file_format}:{get_page_key(result.query.change(basket=''))}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = _draw(result, parts, file_format=file_format)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _draw(result: IndicatorResult, parts: DetailParts, *, file_format: PictureFormat) -> bytes:
    caption = make_caption(result)
    if result.query.tab == Tab.MAP:
        return make_map_picture(result, caption=caption, file_format=file_format)
    return draw_picture(make_figure(result, parts), caption=caption, file_format=file_format)


def make_figure(result: IndicatorResult, parts: DetailParts, *, is_narrow: bool = False) -> Chart:
    """The chart of a tab that has one; the browser and the picture draw the same."""
    if result.query.tab == Tab.TREND:
        return make_trend(result, parts.bands, is_narrow=is_narrow)
    if result.query.tab == Tab.FUNNEL:
        assert parts.funnel is not None
        return make_funnel_chart(result, parts.funnel, is_narrow=is_narrow)
    return make_bars(result, is_narrow=is_narrow)
