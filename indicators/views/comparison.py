"""比較: up to five areas in a set of indicators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.basket import Basket
from indicators.charts.comparison import make_comparison
from indicators.comparison_form import ComparisonForm
from indicators.comparisons import MOST_AREAS, ComparisonResult, IndicatorSet
from indicators.exports.comparison import make_comparison_table
from indicators.kept_views import kept
from indicators.picture_captions import make_caption
from indicators.queries.comparison import find_places, get_comparison
from indicators.queries.groups import get_groups_of
from indicators.views.addresses import file_addresses
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.lib.figures import figure_script
from zaitaku.lib.pictures import draw_picture
from zaitaku.pages.files import check_extension, file_response


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """The chosen areas; what is wrong in the address is named above the nearest comparison that is right."""
    form = _form(request)
    result, figures = kept("comparison", form.address, lambda: _drawn(form))
    context: dict[str, Any] = {
        "form": form,
        "query": form.query,
        "result": result,
        "sets": [(one.value, one.label, one is form.query.chosen_set) for one in IndicatorSet],
        "found": find_places(form.words, form.query) if form.words else (),
        "own_groups": _own_groups(request, form),
        "is_full": len(result.areas) >= MOST_AREAS,
        "most": MOST_AREAS,
        "parameters": form.query.parameters(),
        "chosen": [
            (
                area,
                form.query.with_first(area.reference).querystring(),
                form.query.without_area(area.reference).querystring(),
            )
            for area in result.areas
        ],
        "without_basket": form.query.with_basket(Basket()).querystring(),
        "files": file_addresses("indicators:comparison-file", form.query.querystring()),
    }
    if figures:
        context["figures"] = figures
    return render(request, "indicators/comparison.html", context, status=400 if form.complaints else 200)


@require_safe
def comparison_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same address, or its chart."""
    check_extension(extension)
    form = _form(request)
    if form.complaints or not form.query.areas:
        return comparison(request)
    result, _ = kept("comparison", form.address, lambda: _drawn(form))
    caption = make_caption(result.title, filters=_filters(result), sources=result.sources)
    return file_response(
        extension,
        stem="zaitaku-comparison",
        table=lambda: make_comparison_table(result),
        picture=lambda file_format: draw_picture(make_comparison(result), caption=caption, file_format=file_format),
    )


def _drawn(form: ComparisonForm) -> tuple[ComparisonResult, dict[str, str]]:
    """The comparison and its chart in both widths; nothing to draw gives no chart."""
    result = get_comparison(form.query)
    if not (result.indicators and result.areas):
        return result, {}
    wide, narrow = make_comparison(result), make_comparison(result, is_narrow=True)
    return result, {"wide": figure_script(wide), "narrow": figure_script(narrow)}


def _form(request: HttpRequest) -> ComparisonForm:
    own = chosen_prefecture(request)
    return ComparisonForm(request.GET, own_area=own.code if own else "")


def _own_groups(request: HttpRequest, form: ComparisonForm) -> list[tuple[str, str]]:
    """The visitor's saved groups that are not chosen yet, with the address that adds each."""
    if not request.user.is_authenticated:
        return []
    groups = get_groups_of(request.user.pk)
    chosen = form.query.areas
    return [
        (group.name, form.query.with_area(f"group:{group.key}").querystring())
        for group in groups
        if f"group:{group.key}" not in chosen
    ]


def _filters(result: ComparisonResult) -> str:
    areas = "、".join(f"{area.label}（{area.kind_label}）" for area in result.areas)
    return f"くらべた地域：{areas}。▶と菱形は基準の地域、横線は95％信頼区間、破線は全国。"
