"""Lines of the own prefecture, the country and the other regions over the years, cut where the rules changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.results import IndicatorResult, Level, Series, SeriesBreak
from indicators.standings import QuantileBand
from zaitaku.lib.figures import INK, OTHER, OWN, PLAIN_NUMBERS, Chart, Trace, base_figure, scatter

_MEDIAN = 5

_NAMED_OTHERS = 6


def make_trend(result: IndicatorResult, bands: Sequence[QuantileBand] = (), *, is_narrow: bool = False) -> Chart:
    """The own line over the deciles of its peers; without `bands` one line a series.

    A year without a number leaves a gap; a change of rules cuts every line and is marked.
    """
    figure = base_figure(height=420)
    shown = [one for one in result.series if not bands or not _is_peer(one, result)]
    for trace in _deciles(bands, breaks_within(result)):
        figure.add_trace(trace)
    for series in sorted(shown, key=_weight):
        figure.add_trace(_line(series, result))
    others = [series for series in shown if _weight(series) == 0]
    for series in shown:
        if _weight(series) > 0 or (len(others) <= _NAMED_OTHERS and not is_narrow):
            _name_at_end(figure, series)
    _name_deciles(figure, bands)
    years = list(result.years)
    figure.update_xaxes(tickvals=years, ticktext=[f"{year}年度" for year in years], tickangle=-60 if is_narrow else 0)
    figure.update_yaxes(title={"text": f"単位：{result.unit}", "font": {"size": 13}}, **PLAIN_NUMBERS)
    figure.update_layout(margin={"l": 72 if is_narrow else 96, "r": 96, "t": 36, "b": 56})
    for change in breaks_within(result):
        figure.add_shape(
            type="line",
            x0=change.position,
            x1=change.position,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": INK, "width": 1, "dash": "dot"},
        )
        figure.add_annotation(
            x=change.position,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=change.label,
            showarrow=False,
            font={"size": 12},
        )
    return figure


def _is_peer(series: Series, result: IndicatorResult) -> bool:
    """A prefecture among 47 is in the deciles; the few areas of one prefecture keep their lines."""
    return result.query.level == Level.PREFECTURE and _weight(series) == 0


def _deciles(bands: Sequence[QuantileBand], breaks: Sequence[SeriesBreak]) -> list[Trace]:
    """Eight thin lines as one trace with gaps (each trace costs Plotly milliseconds), and the median, thicker."""
    if not bands:
        return []
    outer = [_decile(place, bands, breaks) for place in range(1, 10) if place != _MEDIAN]
    return [
        _spread_line([point for line in outer for point in (*line, (bands[-1].year, None, ""))], is_median=False),
        _spread_line(_decile(_MEDIAN, bands, breaks), is_median=True),
    ]


def _decile(
    place: int, bands: Sequence[QuantileBand], breaks: Sequence[SeriesBreak]
) -> list[tuple[float, float | None, str]]:
    """Year, value and hover text of one decile, with a gap at each change of rules."""
    points: list[tuple[float, float | None, str]] = [
        (band.year, round(band.points[place], 2), f"{decile_name(place)} {band.points[place]:,.1f}") for band in bands
    ]
    points += [(change.position, None, "") for change in breaks]
    return sorted(points, key=lambda point: point[0])


def _spread_line(points: Sequence[tuple[float, float | None, str]], *, is_median: bool) -> Trace:
    return scatter(
        x=[x for x, _, _ in points],
        y=[y for _, y, _ in points],
        mode="lines+markers",
        line={"color": OTHER, "width": 2 if is_median else 1, "dash": "solid" if is_median else "dot"},
        marker={"symbol": "line-ew-open", "size": 14 if is_median else 8, "color": OTHER},
        hovertext=[text for _, _, text in points],
        hoverinfo="text",
    )


def _name_deciles(figure: Chart, bands: Sequence[QuantileBand]) -> None:
    """The outer lines and the median, named at the left so that the names of the regions keep the right."""
    if not bands:
        return
    first = bands[0]
    for place, text in ((9, "上位1割の境"), (_MEDIAN, "中央値"), (1, "下位1割の境")):
        figure.add_annotation(
            x=first.year,
            y=round(first.points[place], 2),
            xanchor="right",
            xshift=-8,
            text=text,
            showarrow=False,
            font={"size": 12, "color": OTHER},
        )


def decile_name(place: int) -> str:
    """`下から3割の値`; the fifth is the median."""
    return "中央値" if place == _MEDIAN else f"下から{place}割の値"


def breaks_within(result: IndicatorResult) -> tuple[SeriesBreak, ...]:
    """The changes of rules that lie between the first and the last year shown."""
    if len(result.years) < 2:
        return ()
    return tuple(b for b in result.breaks if result.years[0] < b.position <= result.years[-1] + 1)


def _weight(series: Series) -> int:
    """Drawing order: other regions below, the country, the own prefecture on top."""
    return 2 if series.is_own else 1 if series.code == "00" else 0


def _line(series: Series, result: IndicatorResult) -> Trace:
    years, values, hovers = _points(series, breaks_within(result))
    weight = _weight(series)
    style: dict[str, Any] = [
        {"color": OTHER, "width": 1},
        {"color": INK, "width": 2, "dash": "dash"},
        {"color": OWN, "width": 4},
    ][weight]
    return scatter(
        x=years,
        y=values,
        mode="lines+markers",
        line=style,
        marker={"size": (4, 7, 9)[weight], "symbol": ("circle", "square", "diamond")[weight]},
        opacity=0.45 if weight == 0 else 1,
        connectgaps=False,
        hovertext=hovers,
        hoverinfo="text",
        name=series.label,
    )


def _points(series: Series, breaks: Sequence[SeriesBreak]) -> tuple[list[float], list[float | None], list[str]]:
    """Years, values and hover texts, with an empty point at each change of rules so that no line crosses it."""
    rows: list[tuple[float, float | None, str]] = [
        (point.year, point.figure.value, f"{series.label} {point.year}年度<br>{point.figure.text}")
        for point in series.points
    ]
    rows += [(change.position, None, "") for change in breaks]
    rows.sort(key=lambda row: row[0])
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def _name_at_end(figure: Chart, series: Series) -> None:
    last = next((p for p in reversed(series.points) if p.figure.value is not None), None)
    if last is None:
        return
    figure.add_annotation(
        x=last.year,
        y=last.figure.value,
        xanchor="left",
        xshift=10,
        text=series.label,
        showarrow=False,
        font={"size": 13, "color": OWN if series.is_own else INK, "weight": "bold"},
    )
