"""A group's indicators as indices of its prefecture or the nation (100), with intervals: one row an indicator."""

from __future__ import annotations

from typing import Any

from indicators.group_profiles import GroupProfile, GroupRow
from zaitaku.lib.figures import INK, OWN, PLAIN_NUMBERS, Chart, base_figure, scatter

_ROW = 34
_LONGEST_NAME = {False: 26, True: 12}


def make_group_chart(profile: GroupProfile, *, is_narrow: bool = False) -> Chart:
    """Points with their intervals around the line at 100."""
    rows = profile.drawn
    figure = base_figure(height=90 + _ROW * len(rows))
    figure.add_trace(
        scatter(
            x=[row.index for row in rows],
            y=[row.card.code for row in rows],
            mode="markers+text",
            marker={"color": OWN, "size": 10, "symbol": "diamond"},
            text=[f"{row.index:,.0f}" for row in rows],
            textposition="top center",
            textfont={"size": 11, "color": INK},
            hovertext=[_hover(row, profile) for row in rows],
            hoverinfo="text",
            cliponaxis=False,
            error_x=_intervals(rows),
        )
    )
    codes = [row.card.code for row in rows]
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=codes, tickmode="array", tickvals=codes,
        ticktext=[_short(row.card.name, _LONGEST_NAME[is_narrow]) for row in rows],
        range=[len(codes) - 0.4, -0.7], showgrid=False, tickfont={"size": 12},
    )  # fmt: skip
    title = {"text": f"{profile.comparator_name}＝100", "font": {"size": 13}}
    figure.update_xaxes(title=title, rangemode="tozero", showgrid=True, **PLAIN_NUMBERS)
    figure.update_layout(margin={"l": 8, "r": 32, "t": 16, "b": 48})
    line = {"color": INK, "width": 1.5, "dash": "dash"}
    figure.add_shape(type="line", x0=100, x1=100, y0=0, y1=1, yref="paper", line=line)
    return figure


def _intervals(rows: tuple[GroupRow, ...]) -> dict[str, Any] | None:
    limits = [row.index_limits for row in rows]
    if not any(limits):
        return None
    values = [row.index or 0.0 for row in rows]
    return {
        "type": "data",
        "symmetric": False,
        "array": [round(pair[1] - value, 2) if pair else 0 for pair, value in zip(limits, values, strict=True)],
        "arrayminus": [round(value - pair[0], 2) if pair else 0 for pair, value in zip(limits, values, strict=True)],
        "color": INK,
        "thickness": 1,
        "width": 4,
    }


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[:longest]}…"


def _hover(row: GroupRow, profile: GroupProfile) -> str:
    lines = [row.card.name, f"{row.figure.text} {row.card.unit}", f"{profile.comparator_name} {row.comparator().text}"]
    if row.figure.lower is not None and row.figure.upper is not None:
        lines.append(f"95％信頼区間 {row.figure.lower:,.1f}～{row.figure.upper:,.1f}")
    return "<br>".join(lines)
