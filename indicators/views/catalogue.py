"""指標カタログ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.basket import PARAMETER, parse_basket
from indicators.basket_links import make_bar
from indicators.forms import CatalogueForm
from indicators.queries.catalogue import get_catalogue
from zaitaku.accounts.prefecture_choice import chosen_prefecture


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """All indicators in the grid of phases and kinds, and the list that passes the filters."""
    form = CatalogueForm(request.GET)
    basket = parse_basket(request.GET.get(PARAMETER, ""))
    query = form.query.change(basket=basket.text)
    result = get_catalogue(query)
    own = chosen_prefecture(request)
    bar = make_bar(
        basket,
        lambda changed: reverse("indicators:indicator-list") + query.change(basket=changed.text).querystring(),
        prefecture=own.code if own else "",
    )
    context = {"form": form, "result": result, "basket": basket, "bar": bar}
    return render(request, "indicators/list.html", context)
