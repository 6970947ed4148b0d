"""圏域の版: the dated rules by which areas and wards of different years are mapped to each other."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.queries.area_editions import get_area_editions


@require_safe
def area_editions(request: HttpRequest) -> HttpResponse:
    """Editions, rules, and where they were applied."""
    return render(request, "indicators/area_editions.html", {"result": get_area_editions()})
