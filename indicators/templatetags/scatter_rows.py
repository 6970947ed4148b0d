"""The rows of the table beside a scatter: in Python, because the country has 1,892 of them."""

from __future__ import annotations

# As Django's own, which takes twice the time because it looks first whether its argument is lazy.
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from indicators.results import Figure, Level
from indicators.scatters import ScatterResult

register = template.Library()


@register.simple_tag
def scatter_rows(result: ScatterResult) -> SafeString:
    """`<tr>` of every region, under the headers of `indicators/scatter_table.html`."""
    with_prefecture = result.query.level != Level.PREFECTURE
    rows = []
    for point in result.points:
        own = ' class="is-own"' if point.is_own else ""
        inside = f"<td>{escape(point.prefecture_name)}</td>" if with_prefecture else ""
        cells = f"{_cell(point.x)}{_cell(point.y)}"
        rows.append(f'<tr{own}><th scope="row">{escape(point.name)}</th>{inside}{cells}</tr>')
    return mark_safe("\n".join(rows))  # noqa: S308 - every name and text is escaped


def _cell(figure: Figure) -> str:
    if figure.value is not None:
        return f'<td class="number">{escape(figure.text)}</td>'
    text = f'<span class="no-value no-value--{figure.state}">{escape(figure.text)}</span>'
    return f'<td class="number">{text} <small>{escape(figure.reason)}</small></td>'
