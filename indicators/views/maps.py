"""The map of one view as data, with which the page recolours the map that it already has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from indicators.charts.maps import make_map_data
from indicators.definitions.registry import UnknownIndicator
from indicators.page_keys import get_page_key
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.results import Tab
from indicators.views.answers import answer
from indicators.views.detail import make_form


@require_safe
def map_data(request: HttpRequest, code: str) -> HttpResponse:
    """Fill and text of every shape, legend, title and finding; of a wrong address only the status.

    The page then goes to the address itself, which says what is wrong and offers the nearest view.
    """
    form = make_form(request, code)
    if not form.is_valid():
        return JsonResponse({}, status=400)
    query = form.query.change(tab=Tab.MAP)
    try:
        key = f"map-data:{get_page_key(query)}"
        return answer(
            request,
            key=key,
            make=lambda: JsonResponse(make_map_data(get_indicator_result(query))),
            content_type="application/json",
        )
    except (UnknownIndicator, NoSuchView):
        return JsonResponse({}, status=404)
