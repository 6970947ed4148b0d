"""The charts of a profile as figures, for the files that leave the page (`zaitaku.lib.pictures`)."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.charts.profile import Scale, scale_of
from indicators.charts.profile_outlook import BASE_YEAR, STYLES, index_lines
from indicators.profiles import ProfileResult, SpineRow
from zaitaku.lib.figures import INK, OWN, Chart, Trace, base_figure, scatter

_ROW_HEIGHT = 30
_RANGE, _MIDDLE = "#DADADA", "#A3A3A3"


def spine_figure(result: ProfileResult) -> Chart:
    """All indicators of the profile, each on its own scale with the reference in the middle."""
    rows = result.rows[::-1]  # the first row of the page stands on top
    figure = base_figure(height=90 + _ROW_HEIGHT * len(rows))
    scales = [scale_of(row) for row in rows]
    places = list(range(len(rows)))
    figure.add_trace(_spans(rows, scales, "minimum", "maximum", colour=_RANGE))
    figure.add_trace(_spans(rows, scales, "p25", "p75", colour=_MIDDLE))
    figure.add_trace(_medians(rows, scales))
    figure.add_shape(type="line", x0=0, x1=0, y0=-0.6, y1=len(rows) - 0.4, line={"color": INK, "width": 1.5})
    for is_certain in (False, True):
        figure.add_trace(_markers(rows, scales, is_certain=is_certain))
    for place, row in zip(places, rows, strict=True):
        text = f"{row.figure.text}　{row.mark.symbol}{row.mark.word}"
        figure.add_annotation(x=1.06, y=place, text=text, showarrow=False, xanchor="left", font={"size": 12})
    figure.update_xaxes(range=[-1.05, 1.9], showticklabels=False, zeroline=False)
    names = [f"{row.card.name}（{row.year}）" for row in rows]
    figure.update_yaxes(tickvals=places, ticktext=names, range=[-0.7, len(rows) - 0.3], showgrid=False, zeroline=False)
    return figure


def _spans(rows: Sequence[SpineRow], scales: Sequence[Scale], start: str, end: str, *, colour: str) -> Trace:
    """Thick lines from one quantile to another, one a row."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, (row, scale) in enumerate(zip(rows, scales, strict=True)):
        x += [scale.share(getattr(row.spread, start)), scale.share(getattr(row.spread, end)), None]
        y += [place, place, None]
    return scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 12}, hoverinfo="skip")


def _medians(rows: Sequence[SpineRow], scales: Sequence[Scale]) -> Trace:
    """A short white line at each median."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, (row, scale) in enumerate(zip(rows, scales, strict=True)):
        x += [scale.share(row.spread.median)] * 2 + [None]
        y += [place - 0.2, place + 0.2, None]
    return scatter(x=x, y=y, mode="lines", line={"color": "#FFFFFF", "width": 2}, hoverinfo="skip")


def _markers(rows: Sequence[SpineRow], scales: Sequence[Scale], *, is_certain: bool) -> Trace:
    """The own figures with their intervals: filled where the difference is certain."""
    x, y, minus, plus = [], [], [], []
    for place, (row, scale) in enumerate(zip(rows, scales, strict=True)):
        figure = row.figure
        if figure.value is None or (row.mark.tone in ("better", "worse", "different")) is not is_certain:
            continue
        at = scale.share(figure.value)
        x.append(at)
        y.append(place)
        minus.append(at - scale.share(figure.lower) if figure.lower is not None else 0.0)
        plus.append(scale.share(figure.upper) - at if figure.upper is not None else 0.0)
    return scatter(
        x=x,
        y=y,
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 11,
            "color": OWN if is_certain else "#FFFFFF",
            "line": {"color": OWN, "width": 2},
        },
        error_x={"type": "data", "symmetric": False, "array": plus, "arrayminus": minus, "color": OWN},
    )


def outlook_figure(result: ProfileResult) -> Chart:
    """People and demand as indices, the base year 100."""
    figure = base_figure(height=380, y_title=f"{BASE_YEAR}年（需要は最初の年）=100")
    for line in index_lines(result.outlook):
        colour, width, dashes = STYLES[line.key]
        style = {"color": colour, "width": width, "dash": "dash" if dashes else "solid"}
        years, values = [year for year, _ in line.points], [value for _, value in line.points]
        figure.add_trace(scatter(x=years, y=values, mode="lines", line=style, name=line.label))
        figure.add_annotation(x=years[-1], y=values[-1], text=line.end, showarrow=False, xanchor="left", xshift=8)
    years = list(range(2020, 2051, 5))
    figure.update_xaxes(tickvals=years, ticktext=[str(year) for year in years])
    figure.update_layout(margin={"r": 220})
    figure.update_yaxes(rangemode="normal")
    return figure
