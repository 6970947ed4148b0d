"""The many small pieces of the editor's page, written in Python: templates would take longer than the computation."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from plans.formulas.area_checks import Finding
from plans.formulas.area_live import Cell
from plans.queries.area_live import AreaRow, IndicatorRow, LiveDraft


def choice_rows(rows: Sequence[AreaRow], *, fills: Sequence[str], chosen: int | None) -> SafeString:
    """`<li>` for every area: the choice, its colour, its name, how many units it has, and what is to be looked at."""
    found = [
        _choice(row, fill=fill, is_chosen=row.area.number == chosen) for row, fill in zip(rows, fills, strict=True)
    ]
    return mark_safe("\n".join(found))  # noqa: S308 - names and texts are escaped


def _choice(row: AreaRow, *, fill: str, is_chosen: bool) -> str:
    locked = ' <span class="label">固定</span>' if row.area.is_locked else ""
    texts = escape("".join(finding.text for finding in row.findings))
    flag = f' <span class="palette__flag" title="{texts}">!<span class="visually-hidden">確認事項あり</span></span>'
    return (
        '<li><label class="palette__area"><input type="radio" name="to" form="editor-form"'
        f' value="{row.area.number}"{" checked" if is_chosen else ""}>'
        '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><rect x="1" y="1" width="18" height="18"'
        f' rx="3" fill="{fill}" stroke="#1A1A1A"/></svg><span class="palette__name">{escape(row.area.name)}</span>'
        f'<span class="palette__count">{len(row.units)}{locked}{flag if row.findings else ""}</span></label></li>'
    )


def finding_rows(findings: Sequence[Finding]) -> SafeString:
    """`<li>` for every finding, with a link to the first place it is about."""
    return mark_safe("\n".join(map(_finding, findings)))  # noqa: S308 - texts are escaped


def _finding(one: Finding) -> str:
    label = "error" if one.severity.value == "error" else "warning"
    text = escape(one.text)
    jump = f'<a href="#unit-{one.units[0]}" data-jump="{" ".join(one.units)}">場所を見る</a>' if one.units else ""
    return (
        f'<li class="findings__{one.severity.value}" data-names="{text}">'
        f'<span class="label label--{label}">{one.severity.label}</span> {text} {jump}'
        f'<small class="findings__rule">根拠：{escape(one.rule)}</small></li>'
    )


def overview_rows(live: LiveDraft) -> SafeString:
    """`<tr>` for every area and the prefecture."""
    rows = []
    for at, row in enumerate(live.areas):
        errors = sum(finding.severity.value == "error" for finding in row.findings)
        mark = f'<span class="label label--error">要修正{errors}</span>' if errors else ""
        warned = len(row.findings) - errors
        mark += f'<span class="label label--warning">要確認{warned}</span>' if warned else ""
        cells = "".join(_cell(column.cells[at]) for column in live.columns)
        units = f'<td class="number">{len(row.units)}</td>'
        rows.append(f'<tr><th scope="row">{escape(row.area.name)} {mark}</th>{units}{cells}</tr>')
    whole = "".join(_cell(column.whole) for column in live.columns)
    count = f'<td class="number">{len(live.names)}</td>'
    rows.append(f'<tr class="is-comparator"><th scope="row">都道府県の計</th>{count}{whole}</tr>')
    return mark_safe("\n".join(rows))  # noqa: S308 - names and texts are escaped


def indicator_rows(rows: tuple[IndicatorRow, ...]) -> SafeString:
    """`<tr>` for every indicator: its name, the prefecture, and one cell per area with its interval."""
    found = []
    for row in rows:
        unit = f'<small class="indicator-unit">{escape(row.unit)}・{escape(row.year_label)}</small>'
        spread = f"{row.spread:.1f}倍" if row.spread is not None else "—"
        cells = "".join(_cell(cell, with_note=True) for cell in row.cells)
        found.append(
            f'<tr><th scope="row">{escape(row.name)} {unit}</th>{_cell(row.whole, with_note=True)}'
            f'<td class="number">{spread}</td>{cells}</tr>'
        )
    return mark_safe("\n".join(found))  # noqa: S308 - names and texts are escaped


def _cell(cell: Cell, *, with_note: bool = False) -> str:
    if cell.state:
        title = f' title="{escape(cell.note)}"' if cell.note else ""
        return f'<td class="number"><span class="no-value no-value--{cell.state}"{title}>{cell.text}</span></td>'
    note = f"<small>{escape(cell.note)}</small>" if with_note and cell.note else ""
    return f'<td class="number">{escape(cell.text)}{note}</td>'
