"""The link that puts an indicator of the catalogue into 比較かご or takes it out."""

from __future__ import annotations

from django import template

from indicators.basket import Basket
from indicators.catalogue_results import CatalogueQuery

register = template.Library()


@register.simple_tag
def basket_link(query: CatalogueQuery, basket: Basket, code: str) -> str:
    """The address of the same list with the indicator in the basket, or out of it; empty where there is no room."""
    changed = basket.remove(code) if code in basket else basket.add(code)
    if changed == basket:
        return ""
    return (query.change(basket=changed.text).querystring() or "?") + f"#{code}"
