"""The rows of the table under a funnel plot; in Python, since there may be 1,892 of them."""

from __future__ import annotations

from collections.abc import Iterator

# As Django's own, which takes twice the time because it looks first whether its argument is lazy.
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from indicators.formulas.funnels import Funnel
from indicators.funnel_words import SIGNALS
from indicators.results import IndicatorResult, RegionRow
from indicators.table_pages import rows_of_page
from indicators.templatetags.indicator_text import figure_text

register = template.Library()


@register.simple_tag
def funnel_rows(result: IndicatorResult, funnel: Funnel) -> SafeString:
    """`<tr>` of the regions of the page, under the headers of `indicators/funnel_table.html`."""
    return mark_safe("\n".join(_rows(result, funnel)))  # noqa: S308 - names and reasons are escaped below


def _rows(result: IndicatorResult, funnel: Funnel) -> Iterator[str]:
    points = {point.code: point for point in funnel.points}
    for row in rows_of_page(result.rows, result.query.page):
        point = points.get(row.code)
        css = ' class="is-own"' if row.is_own else ""
        start = f'<tr{css}><th scope="row">{escape(row.name)}</th>'
        if point is None:
            yield f'{start}{_value(row)}<td colspan="5">{escape(row.figure.reason)}</td></tr>'
            continue
        limits = ((point.warning_low, point.warning_high), (point.alarm_low, point.alarm_high))
        cells = [figure_text(point.denominator, 0)]
        cells += [f"{figure_text(low, 1)}～{figure_text(high, 1)}" for low, high in limits]
        numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        yield f"{start}{_value(row)}{numbers}<td>{SIGNALS[point.signal]}</td><td>{SIGNALS[point.adjusted]}</td></tr>"


def _value(row: RegionRow) -> str:
    text = escape(row.figure.text)
    if row.figure.value is None:
        text = f'<span class="no-value no-value--{row.figure.state}">{text}</span>'
    return f'<td class="number">{text}</td>'
