"""指標カタログ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.forms import CatalogueForm
from indicators.queries.catalogue import get_catalogue


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """All indicators in the grid of phases and kinds, and the list that passes the filters."""
    form = CatalogueForm(request.GET)
    result = get_catalogue(form.query)
    return render(request, "indicators/list.html", {"form": form, "result": result})
