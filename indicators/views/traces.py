"""数字の根拠: one figure followed back to the cells it comes from, as a page and as CSV."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.definitions.registry import UnknownIndicator
from indicators.exports.trace import make_trace_table, trace_filename
from indicators.forms import AsAtForm
from indicators.queries.traces import NoSuchFigure, get_trace
from indicators.traces import FigureAddress, Trace
from indicators.views.detail import unknown_indicator
from zaitaku.lib.tables import csv_bytes

# A page is read by a person; the CSV has every row.
_LONGEST_LIST = 300


@require_safe
def figure_trace(request: HttpRequest, code: str, kind: str, region: str, year: int) -> HttpResponse:
    """The page of one figure."""
    found = _find(request, FigureAddress(code=code, kind=kind, region=region, year=year))
    if isinstance(found, HttpResponse):
        return found
    context = {"trace": found, "longest": _LONGEST_LIST, "shown": f":{_LONGEST_LIST}"}
    return render(request, "indicators/trace.html", context)


@require_safe
def figure_trace_csv(request: HttpRequest, code: str, kind: str, region: str, year: int) -> HttpResponse:
    """The same as CSV, without a limit."""
    found = _find(request, FigureAddress(code=code, kind=kind, region=region, year=year))
    if isinstance(found, HttpResponse):
        return found
    headers = {"Content-Disposition": f'attachment; filename="{trace_filename(found)}"'}
    return HttpResponse(csv_bytes(make_trace_table(found)), content_type="text/csv; charset=utf-8", headers=headers)


def _find(request: HttpRequest, address: FigureAddress) -> Trace | HttpResponse:
    """The way of the figure, or the page that says why there is none."""
    if len(address.code) > 20:
        raise Http404("指標コードが長すぎます。指標カタログから選んでください。")
    form = AsAtForm(request.GET)
    if not form.is_valid():
        return _no_figure(request, form.complaints, address, status=400)
    wanted = address.on(form.cleaned_data["as_at"])
    try:
        return get_trace(wanted)
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    except NoSuchFigure as error:
        nearest = max((year for year in error.years if year <= address.year), default=max(error.years, default=None))
        return _no_figure(request, [str(error)], wanted, status=404, year=nearest)


def _no_figure(
    request: HttpRequest, complaints: list[str], address: FigureAddress, *, status: int, year: int | None = None
) -> HttpResponse:
    context = {"complaints": complaints, "address": address, "year": year}
    return render(request, "indicators/no_trace.html", context, status=status)
