"""指標カタログ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators.forms import CatalogueForm
from indicators.queries.catalogue import get_catalogue


def indicator_list(request: HttpRequest) -> HttpResponse:
    """All indicators in the grid of phases and kinds, and the list that passes the filters."""
    form = CatalogueForm(request.GET)
    result = get_catalogue(form.query)
    return render(request, "indicators/list.html", {"form": form, "result": result})
