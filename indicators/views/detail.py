"""指標詳細, and where its figures come from."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.definitions.registry import UnknownIndicator
from indicators.forms import IndicatorQueryForm
from indicators.page_keys import get_page_key
from indicators.pages import get_page
from indicators.queries.catalogue import get_nearest_codes
from indicators.queries.detail import NoSuchView
from indicators.queries.own_indicators import find_retired
from indicators.results import IndicatorQuery
from indicators.views.answers import answer
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.accounts.queries import get_actor


@require_safe
def indicator_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One view of one indicator; a wrong address gets the nearest view that exists."""
    form = make_form(request, code)
    if not form.is_valid():
        return no_view(request, form.complaints, nearest=form.query, status=400)
    query = form.query
    try:
        key = get_page_key(query)
        return answer(
            request,
            key=key,
            make=lambda: render(request, "indicators/detail.html", {"page": get_page(query, key=key)}),
        )
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    except NoSuchView as error:
        return no_view(request, [error.reason], nearest=error.nearest, status=404)


def make_form(request: HttpRequest, code: str) -> IndicatorQueryForm:
    """The form of the address, with the visitor's own prefecture where the address names none."""
    if len(code) > 20:
        raise Http404("指標コードが長すぎます。指標カタログから選んでください。")
    own = None if "prefecture" in request.GET else chosen_prefecture(request)
    return IndicatorQueryForm(request.GET.dict(), code=code, own_prefecture=own.code if own else "")


def no_view(request: HttpRequest, complaints: Sequence[str], *, nearest: IndicatorQuery, status: int) -> HttpResponse:
    """What is wrong with the address, and the nearest view that is right."""
    url = reverse("indicators:indicator-detail", args=[nearest.code]) + nearest.querystring()
    return render(request, "indicators/no_view.html", {"complaints": complaints, "nearest": url}, status=status)


def unknown_indicator(request: HttpRequest, error: UnknownIndicator) -> HttpResponse:
    """No such indicator: those of similar code; of one that was retired, since when and what counts the same."""
    retired = find_retired(error.code, actor=get_actor(request.user))
    if retired is not None:
        return render(request, "indicators/retired.html", {"retired": retired}, status=410)
    context = {"complaints": [str(error)], "similar": get_nearest_codes(error.code)}
    return render(request, "indicators/no_view.html", context, status=404)
