"""散布図."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.charts.scatter import NAMED_POINTS, make_scatter_chart
from indicators.definitions.registry import all_definitions
from indicators.exports.scatter import make_scatter_table
from indicators.kept_views import kept
from indicators.picture_captions import make_caption
from indicators.queries.comparison import get_newest_years
from indicators.queries.scatter import make_scatter
from indicators.results import Level
from indicators.scatter_form import ScatterForm
from indicators.scatters import ScatterQuery, ScatterResult, correlation_text
from indicators.views.addresses import file_addresses
from regions.queries.schemes import get_schemes
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.lib.figures import figure_script
from zaitaku.lib.pictures import draw_picture
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.prefectures import prefecture as find_prefecture
from zaitaku.pages.files import check_extension, file_response


@require_safe
def scatter(request: HttpRequest) -> HttpResponse:
    """The chart and its table; what is wrong in the address is named above the nearest view that is right."""
    form = _form(request)
    result, figures = kept("scatter", form.query.querystring(), lambda: _drawn(form.query))
    context: dict[str, Any] = {
        "form": form,
        "query": form.query,
        "result": result,
        "controls": _controls(form.query),
        "files": file_addresses("indicators:scatter-file", form.query.querystring()),
        "swapped": form.query.change(x=form.query.y, y=form.query.x).querystring(),
        "correlations": _correlations(result),
        "names_all": len(result.drawn) <= NAMED_POINTS,
    }
    if figures:
        context["figures"] = figures
    return render(request, "indicators/scatter.html", context, status=400 if form.complaints else 200)


@require_safe
def scatter_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same address, or its chart."""
    check_extension(extension)
    form = _form(request)
    if form.complaints:
        return scatter(request)
    result, _ = kept("scatter", form.query.querystring(), lambda: _drawn(form.query))
    caption = make_caption(result.title, filters=_filters(result), sources=result.sources)
    return file_response(
        extension,
        stem=f"zaitaku-scatter_{form.query.x}_{form.query.y}_{form.query.level.value}",
        table=lambda: make_scatter_table(result),
        picture=lambda file_format: draw_picture(make_scatter_chart(result), caption=caption, file_format=file_format),
    )


def _drawn(query: ScatterQuery) -> tuple[ScatterResult, dict[str, str]]:
    """The scatter and its chart in both widths; without a point there is none."""
    result = make_scatter(query)
    if not result.drawn:
        return result, {}
    wide, narrow = make_scatter_chart(result), make_scatter_chart(result, is_narrow=True)
    return result, {"wide": figure_script(wide), "narrow": figure_script(narrow)}


def _form(request: HttpRequest) -> ScatterForm:
    own = chosen_prefecture(request)
    return ScatterForm(request.GET, schemes=get_schemes(), own_prefecture=own.code if own else "")


def _controls(query: ScatterQuery) -> dict[str, Any]:
    known = get_newest_years()
    offered = [one for one in all_definitions() if one.code in known or one.code in (query.x, query.y)]
    return {
        "indicators": [(one.code, f"{one.code} {one.name}") for one in offered],
        "levels": [(one.value, one.label, one is query.level) for one in Level],
        "schemes": [(one.key, one.name, one.key == query.scheme) for one in get_schemes()],
        "prefectures": [(one.code, one.name, one.code == query.prefecture) for one in PREFECTURES],
    }


def _correlations(result: ScatterResult) -> list[tuple[str, str]]:
    found = (
        ("相関係数（ピアソン）", result.correlation),
        ("順位相関係数（スピアマン。飛び離れた値の影響を受けにくい）", result.rank_correlation),
    )
    return [(name, correlation_text(one)) for name, one in found if one is not None]


def _filters(result: ScatterResult) -> str:
    own = find_prefecture(result.query.prefecture) if not result.query.is_inside else None
    marked = f"菱形は{own.name}。" if own else ""
    said = f"相関係数 {correlation_text(result.correlation)}。" if result.correlation else ""
    return f"{result.place}。破線は平均。{marked}{said}相関は因果を示しません。"
