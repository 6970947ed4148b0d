"""Numbers in the pages."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter(name="figure")
def figure_text(value: float | None, decimals: int) -> str:
    """`1,234.5` to a fixed number of decimals; nothing where there is no number."""
    return "" if value is None else f"{value:,.{decimals}f}"
