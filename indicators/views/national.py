"""全国ビュー."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.charts.national import make_area_scatter, make_class_chart
from indicators.exports.national import make_national_table
from indicators.kept_views import kept
from indicators.national_form import SETS, NationalForm
from indicators.nationals import CLASSES, NationalQuery, NationalResult, Tab
from indicators.picture_captions import make_caption
from indicators.queries.national import get_national
from indicators.views.addresses import file_addresses
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.lib.figures import figure_script
from zaitaku.lib.pictures import draw_picture
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.pages.files import Picture, check_extension, file_response


@require_safe
def national(request: HttpRequest) -> HttpResponse:
    """One part of the page; what is wrong in the address is named above the nearest view that is right."""
    form = NationalForm(request.GET)
    result, figures = _view(form.query)
    own = chosen_prefecture(request)
    context: dict[str, Any] = {
        "form": form,
        "query": form.query,
        "result": result,
        "tabs": [(one.label, NationalQuery(tab=one).querystring(), one is form.query.tab) for one in Tab],
        "sets": [(value, label, value == form.query.chosen_set) for value, label in SETS],
        "headers": _headers(result),
        "own_code": own.code if own else "",
        "classes": [label for label, _, _ in CLASSES],
        "prefectures": PREFECTURES,
        "files": file_addresses("indicators:national-file", form.query.querystring()),
    }
    if figures:
        context["figures"] = figures
    return render(request, "indicators/national.html", context, status=400 if form.complaints else 200)


@require_safe
def national_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same address, or its chart."""
    check_extension(extension)
    form = NationalForm(request.GET)
    if form.complaints:
        return national(request)
    result, _ = _view(form.query)
    stem = f"zaitaku-national-{form.query.tab.value}"
    return file_response(extension, stem=stem, table=lambda: make_national_table(result), picture=_picture(result))


def _view(query: NationalQuery) -> tuple[NationalResult, dict[str, str]]:
    """The part with its chart. What officials register changes without a computation, so that part is read anew."""
    if query.tab is Tab.AREAS:
        return _drawn(query)
    return kept("national", query.querystring(), lambda: _drawn(query))


def _drawn(query: NationalQuery) -> tuple[NationalResult, dict[str, str]]:
    result = get_national(query)
    make = _chart(result)
    if make is None:
        return result, {}
    return result, {"wide": figure_script(make(result)), "narrow": figure_script(make(result, is_narrow=True))}


def _headers(result: NationalResult) -> list[tuple[Any, str, str]]:
    """Each column with the address that sorts by it, and its `aria-sort`."""
    query, found = result.query, []
    for column in result.columns:
        code, is_current = column.card.code, result.query.sort == column.card.code
        turned = query.change(sort=code, is_ascending=is_current and not query.is_ascending)
        now = ("ascending" if query.is_ascending else "descending") if is_current else "none"
        found.append((column, turned.querystring(), now))
    return found


def _chart(result: NationalResult) -> Any:
    """The function that draws this part; None where there is nothing to draw."""
    if result.query.tab is Tab.MUNICIPALITIES and any(one.known for one in result.classes):
        return make_class_chart
    if result.query.tab is Tab.AREAS and result.registered:
        return make_area_scatter
    return None


def _picture(result: NationalResult) -> Picture | None:
    make = _chart(result)
    if make is None:
        return None
    if result.query.tab is Tab.AREAS:
        caption = make_caption("在宅医療圏の数と連携の拠点の数", filters="このシステムに登録された都道府県", sources=())
    else:
        people = f"人口は住民基本台帳（{result.population_year}年1月1日）。{result.finding}"
        caption = make_caption("人口の階級別　在支診・在支病のない市区町村", filters=people, sources=result.sources)
    return lambda file_format: draw_picture(make(result), caption=caption, file_format=file_format)
