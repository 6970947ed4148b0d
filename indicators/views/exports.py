"""The figures of one view as CSV, XLSX or JSON."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.definitions.registry import UnknownIndicator
from indicators.exports.indicator import filename, make_table
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.views.detail import make_form, no_view, unknown_indicator
from zaitaku.lib.tables import csv_bytes, json_bytes, xlsx_bytes

_WRITERS = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (json_bytes, "application/json"),
}


@require_safe
def indicator_file(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same parameters."""
    if extension not in _WRITERS:
        raise Http404("この形式では出力できません。csv・xlsx・jsonのどれかを選んでください。")
    form = make_form(request, code)
    if not form.is_valid():
        return no_view(request, form.complaints, nearest=form.query, status=400)
    try:
        result = get_indicator_result(form.query)
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    except NoSuchView as error:
        return no_view(request, [error.reason], nearest=error.nearest, status=404)
    write, content_type = _WRITERS[extension]
    name = filename(result, extension=extension)
    disposition = "inline" if extension == "json" else "attachment"
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(write(make_table(result)), content_type=content_type, headers=headers)
