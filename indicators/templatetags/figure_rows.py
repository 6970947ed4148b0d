"""The rows of the table of figures.

Written in Python because all of the country are 1,892 of them: the template language takes 2 seconds for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# As Django's own, which takes twice the time because it looks first whether its argument is lazy.
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from indicators.results import Figure, IndicatorResult, Level, Measure, RegionRow
from indicators.table_pages import rows_of_page
from indicators.templatetags.indicator_text import figure_text

register = template.Library()


@register.simple_tag
def figure_rows(result: IndicatorResult, trace_query: str) -> SafeString:
    """`<tr>` of the regions of the page and of every comparator, under the headers of `indicators/table.html`."""
    rows = "\n".join((*_region_rows(result, trace_query), *_comparator_rows(result, trace_query)))
    return mark_safe(rows)  # noqa: S308 - every name, text and reason is escaped below


def _region_rows(result: IndicatorResult, trace_query: str) -> Iterator[str]:
    before, after = _trace_address(result, result.region_kind, trace_query)
    with_prefecture = has_prefecture_column(result)
    for row in rows_of_page(result.rows, result.query.page):
        cells = [f"<td>{escape(row.prefecture_name)}</td>"] if with_prefecture else []
        cells += _figure_cells(result, row.figure, rank=_rank(row))
        why = f'<span class="no-value">{escape(row.figure.reason)}</span>' if row.figure.value is None else ""
        link = _link(f"{before}{row.code}{after}", row.name) if before else ""
        mark = '<span class="label label--warning">暫定値</span>' if row.figure.is_provisional else ""
        cells.append(f"<td>{_joined(why, link, mark)}</td>")
        yield _row(row.name, cells, css="is-own" if row.is_own else "")


def _comparator_rows(result: IndicatorResult, trace_query: str) -> Iterator[str]:
    for one in result.comparators:
        before, after = _trace_address(result, one.kind, trace_query)
        cells = ["<td></td>"] if has_prefecture_column(result) else []
        cells += _figure_cells(result, one.figure, rank="")
        link = _link(f"{before}{one.code}{after}", one.label) if before else ""
        cells.append(f"<td>{_joined(escape(one.note), link)}</td>")
        yield _row(f"（比較）{one.label}", cells, css="is-comparator")


def has_prefecture_column(result: IndicatorResult) -> bool:
    """Whether the rows are of several prefectures and smaller than one."""
    return not result.query.prefecture and result.query.level != Level.PREFECTURE


def _figure_cells(result: IndicatorResult, figure: Figure, *, rank: str) -> Iterable[str]:
    text = escape(figure.text)
    if figure.value is None:
        text = f'<span class="no-value no-value--{figure.state}">{text}</span>'
    yield _number(text)
    if result.definition.has_interval and result.query.measure == Measure.RATE:
        known = figure.lower is not None
        yield _number(f"{figure_text(figure.lower, 1)}～{figure_text(figure.upper, 1)}" if known else "")
    yield _number(figure_text(figure.numerator, 0))
    if result.definition.has_rate:
        yield _number(figure_text(figure.denominator, 0))
    yield _number(rank)


def _rank(row: RegionRow) -> str:
    """`12（7～19）`: never a rank alone where its certainty is known."""
    if row.rank is None:
        return ""
    return str(row.rank) if row.rank_low is None else f"{row.rank}（{row.rank_low}～{row.rank_high}）"


def _number(text: str) -> str:
    return f'<td class="number">{text}</td>'


def _row(name: str, cells: Iterable[str], *, css: str) -> str:
    attribute = f' class="{css}"' if css else ""
    return f'<tr{attribute}><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>'


def _link(address: str, name: str) -> str:
    return f'<a href="{escape(address)}" aria-label="{escape(name)}の数字の根拠">根拠</a>'


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _trace_address(result: IndicatorResult, kind: str, trace_query: str) -> tuple[str, str]:
    """The address of a figure's trace before and after the code of its region; empty while there is no year."""
    if result.year is None:
        return "", ""
    pattern = reverse("indicators:figure-trace", args=[result.query.code, kind, "REGION", result.year])
    before, _, after = pattern.rpartition("REGION")
    return before, after + trace_query
