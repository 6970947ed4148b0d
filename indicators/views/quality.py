"""鮮度・品質: what is loaded for each prefecture, year and kind of file, what is missing, and what is old."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.exports.quality import make_quality_table
from indicators.forms import QualityForm
from indicators.queries.quality import get_data_quality, get_quality_rows
from zaitaku.lib.tables import csv_bytes


@require_safe
def data_quality(request: HttpRequest) -> HttpResponse:
    """The overview of all kinds, and the matrix of one of them."""
    form = QualityForm(request.GET)
    result = get_data_quality(form.kind_asked_for, today=timezone.localdate())
    return render(request, "indicators/quality.html", {"form": form, "result": result})


@require_safe
def data_quality_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature is Django's
    """The matrices of all kinds in long form."""
    table = make_quality_table(get_quality_rows(today=timezone.localdate()))
    headers = {"Content-Disposition": 'attachment; filename="zaitaku-quality.csv"'}
    return HttpResponse(csv_bytes(table), content_type="text/csv; charset=utf-8", headers=headers)
