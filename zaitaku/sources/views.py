"""データの出典: every official file behind the figures, what was taken from it, and what is not there yet."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zaitaku.lib.tables import csv_bytes
from zaitaku.sources.exports import make_source_table
from zaitaku.sources.forms import SourceFilterForm
from zaitaku.sources.queries import get_coverage, get_refused_runs, get_source, get_sources

_ROWS_A_PAGE = 50


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """The list, filtered by kind, prefecture and newest edition."""
    form = SourceFilterForm(request.GET)
    query = form.query()
    rows = get_sources(query, today=timezone.localdate())
    page = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "query": query, "page": page, "refused": get_refused_runs()}
    return render(request, "sources/list.html", context)


@require_safe
def source_list_csv(request: HttpRequest) -> HttpResponse:
    """The filtered list as CSV."""
    rows = get_sources(SourceFilterForm(request.GET).query(), today=timezone.localdate())
    response = HttpResponse(csv_bytes(make_source_table(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="zaitaku-sources.csv"'
    return response


@require_safe
def source_detail(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source file: its description, its import runs and their problems, its other editions."""
    detail = get_source(source_id, today=timezone.localdate())
    if detail is None:
        raise Http404("この番号の資料はありません。データの出典の一覧から選んでください。")
    return render(request, "sources/detail.html", {"detail": detail, "source": detail.source})


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """取込の状況: what is loaded and what is not, by kind and by prefecture."""
    return render(request, "sources/coverage.html", {"coverage": get_coverage(today=timezone.localdate())})
