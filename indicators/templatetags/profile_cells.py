"""The cells of the matrix of a profile: in Python, because a large prefecture has some 400 of them."""

from __future__ import annotations

from collections.abc import Iterable

# As Django's own, which takes twice the time because it looks first whether its argument is lazy.
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from indicators.profiles import MatrixCell

register = template.Library()


@register.simple_tag
def matrix_cells(cells: Iterable[MatrixCell]) -> SafeString:
    """`<td>` of each part of the place in one indicator."""
    return mark_safe("".join(map(_cell, cells)))  # noqa: S308 - texts and reasons are escaped below


def _cell(cell: MatrixCell) -> str:
    figure, mark = cell.figure, cell.mark
    if figure.value is None:
        state = f'class="no-value no-value--{figure.state}" title="{escape(figure.reason)}"'
        return f'<td class="number"><span {state}>{escape(figure.text)}</span></td>'
    signs = f'<span aria-hidden="true" class="matrix__signs">{mark.symbol}{cell.bar}</span>'
    spoken = f'<span class="visually-hidden">{escape(cell.spoken)}</span>'
    return f'<td class="number mark--{mark.tone}">{escape(figure.text)}{signs}{spoken}</td>'
