"""計画の根拠に引用: one figure with all that must go with it, as a paragraph for a document and as a kept row."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.actions.citations import keep_citation
from indicators.citations import CitedFigure, find_cited, make_citation_text
from indicators.definitions.registry import UnknownIndicator
from indicators.queries.citations import get_citations_of
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.results import IndicatorResult, Tab
from indicators.views.detail import make_form, no_view, unknown_indicator
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor


@require_http_methods(["GET", "HEAD", "POST"])
def citation_create(request: HttpRequest, code: str) -> HttpResponse:
    """The figure of `region` in a view (the own prefecture unless said otherwise) as text; POST keeps it."""
    form = make_form(request, code)
    if not form.is_valid():
        return no_view(request, form.complaints, nearest=form.query, status=400)
    query = form.query.change(tab=Tab.CHART, basket="")
    try:
        result = get_indicator_result(query)
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    except NoSuchView as error:
        return no_view(request, [error.reason], nearest=error.nearest, status=404)
    region = request.GET.get("region", "") or _first(result)
    cited = find_cited(result, region)
    if cited is None:
        complaint = f"この表示に、地域コード「{region[:20]}」の値はありません。地域を選び直してください。"
        return no_view(request, [complaint], nearest=query, status=404)
    if request.method == "POST":
        return _keep(request, cited)
    address = request.build_absolute_uri(_address(cited))
    text = make_citation_text(cited, address=address, today=timezone.localdate())
    context = {"result": result, "cited": cited, "text": text, "view": _address(cited)}
    return render(request, "indicators/citation.html", context)


def _keep(request: HttpRequest, cited: CitedFigure) -> HttpResponse:
    if not isinstance(request.user, User):
        return redirect(f"{reverse('accounts:sign-in')}?next={request.get_full_path()}")
    keep_citation(
        cited,
        address=_address(cited),
        host=request.build_absolute_uri("/").rstrip("/"),
        today=timezone.localdate(),
        by=request.user,
        actor=get_actor(request.user),
    )
    messages.success(request, f"{cited.region_name}の{cited.indicator_name}（{cited.year}年度）を引用に残しました。")
    return redirect("indicators:citation-list")


def _first(result: IndicatorResult) -> str:
    """The region that is cited unless another is chosen: the own one, else the first with a number."""
    own = next((row.code for row in result.rows if row.is_own), "")
    return own or next((row.code for row in result.rows if row.figure.value is not None), "00")


def _address(cited: CitedFigure) -> str:
    """The view with its year written out, so that it opens the same when a newer year is there."""
    return reverse("indicators:indicator-detail", args=[cited.query.code]) + cited.query.querystring()


@require_safe
@login_required
def citation_list(request: HttpRequest) -> HttpResponse:
    """The visitor's own citations and what has changed since."""
    assert isinstance(request.user, User)
    return render(request, "indicators/citations.html", {"citations": get_citations_of(request.user.pk)})
