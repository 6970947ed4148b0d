"""The spine: one small drawing a row of the table, made by the server; it prints without script or style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from indicators.profiles import SpineRow
from zaitaku.lib.figures import INK, OWN

WIDTH, HEIGHT = 300, 26
_PADDING = 8
_RANGE, _MIDDLE, _LINE = "#DADADA", "#A3A3A3", INK


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of one row. The reference stands in the middle of every row, so that it is one line down the page."""

    centre: float
    reach: float

    def share(self, value: float) -> float:
        """−1 (left end) to 1 (right end), 0 the reference."""
        return max(min((value - self.centre) / self.reach, 1.0), -1.0)

    def at(self, value: float) -> float:
        """Pixels from the left."""
        return round(WIDTH / 2 + self.share(value) * (WIDTH / 2 - _PADDING), 1)


def spine_drawing(row: SpineRow) -> SafeString:
    """The range of the peers, their middle half, median and reference, the own figure with its interval."""
    drawn = "".join(_parts(row, y=HEIGHT / 2))
    return mark_safe(  # noqa: S308 - numbers and constants only
        f'<svg class="spine" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true"'
        f' focusable="false">{drawn}</svg>'
    )


def scale_of(row: SpineRow) -> Scale:
    """A scale that holds the peers, the own figure and its interval, with the reference in the middle."""
    spread = row.spread
    centre = spread.median if row.reference.value is None else row.reference.value
    known = (spread.minimum, spread.maximum, row.figure.value, row.figure.lower, row.figure.upper)
    reach = max((abs(value - centre) for value in known if value is not None), default=0.0)
    return Scale(centre, reach or 1.0)


def _parts(row: SpineRow, *, y: float, left: float = 0.0) -> Iterator[str]:
    spread, figure, scale = row.spread, row.figure, scale_of(row)

    def x(value: float) -> float:
        return left + scale.at(value)

    yield _bar(x(spread.minimum), x(spread.maximum), y=y, height=12, fill=_RANGE)
    yield _bar(x(spread.p25), x(spread.p75), y=y, height=12, fill=_MIDDLE)
    yield _path(f"M{x(spread.median)} {y - 6}V{y + 6}", stroke="#FFFFFF", width=2)
    if row.reference.is_known:
        yield _path(f"M{left + WIDTH / 2} {y - 13}V{y + 13}", stroke=_LINE, width=1.5)
    if figure.value is None:
        return
    if figure.lower is not None and figure.upper is not None:
        yield _path(f"M{x(figure.lower)} {y}H{x(figure.upper)}", stroke=OWN, width=2)
        yield _path(f"M{x(figure.lower)} {y - 4}V{y + 4}M{x(figure.upper)} {y - 4}V{y + 4}", stroke=OWN, width=2)
    yield _marker(x(figure.value), y, is_certain=row.mark.tone in ("better", "worse", "different"))


def _bar(start: float, end: float, *, y: float, height: float, fill: str) -> str:
    width = max(round(end - start, 1), 1.0)
    return f'<rect x="{start}" y="{y - height / 2}" width="{width}" height="{height}" fill="{fill}"/>'


def _path(steps: str, *, stroke: str, width: float) -> str:
    return f'<path d="{steps}" fill="none" stroke="{stroke}" stroke-width="{width}"/>'


def _marker(x: float, y: float, *, is_certain: bool) -> str:
    """A filled diamond for a certain difference, else an open one: told apart without colour."""
    steps = f"M{x} {y - 7}L{x + 7} {y}L{x} {y + 7}L{x - 7} {y}Z"
    fill = OWN if is_certain else "#FFFFFF"
    return f'<path d="{steps}" fill="{fill}" stroke="{OWN}" stroke-width="2"/>'
