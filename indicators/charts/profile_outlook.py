"""People and demand over the years as lines, the first year of each 100: an inline SVG made by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from indicators.profiles import Outlook, OutlookLine
from zaitaku.lib.figures import FURTHER, GRID, INK, OTHER, OWN

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 210, 16, 30
_LABEL_GAP = 19
BASE_YEAR = 2025
# Colour, width and dashes of each line: told apart without colour, and named beside their end.
STYLES = {
    "total": (OTHER, 2, "2 4"),
    "65plus": (FURTHER[1], 2, "9 4"),
    "75plus": (FURTHER[0], 2.5, ""),
    "demand": (OWN, 3.5, ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """A line as shares of its first year (or of `BASE_YEAR`, where it has that): 100 is as many as then."""

    key: str
    label: str
    base: int
    points: tuple[tuple[int, float], ...]

    @property
    def end(self) -> str:
        """What stands beside its end."""
        return f"{self.label} {self.points[-1][1]:.0f}"


def index_lines(outlook: Outlook) -> tuple[IndexLine, ...]:
    """The lines that have figures."""
    return tuple(line for one in outlook.lines if (line := _indexed(one)) is not None)


def _indexed(line: OutlookLine) -> IndexLine | None:
    known = [(year, value) for year, value in zip(line.years, line.values, strict=True) if value is not None]
    base = BASE_YEAR if line.at(BASE_YEAR) else next((year for year, value in known if value), None)
    first = line.at(base) if base is not None else None
    if base is None or not first or len(known) < 2:
        return None
    points = tuple((year, round(100 * value / first, 1)) for year, value in known)
    return IndexLine(key=line.key, label=line.label, base=base, points=points)


def outlook_drawing(outlook: Outlook) -> SafeString:
    """The chart, or nothing where no line has figures. The table beside it has the same figures in numbers."""
    lines = index_lines(outlook)
    if not lines:
        return mark_safe("")
    frame = _Frame(lines)
    drawn = frame.grid() + "".join(frame.line(line) for line in lines) + frame.labels(lines)
    return mark_safe(  # noqa: S308 - labels are escaped, all else is numbers
        f'<svg class="outlook-chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="人口と訪問診療需要の見通し（基準の年を100とする）。同じ値は表にあります。">{drawn}</svg>'
    )


class _Frame:
    """Years and index values to pixels."""

    def __init__(self, lines: Sequence[IndexLine]) -> None:
        years = [year for line in lines for year, _ in line.points]
        values = [value for line in lines for _, value in line.points]
        self._years = range(min(years) // 5 * 5, max(years) + 1, 5)
        self._low, self._high = int(min([*values, 90]) // 10 * 10), int(-(-max([*values, 110]) // 10) * 10)

    def x(self, year: float) -> float:
        span = max(self._years[-1] - self._years[0], 1)
        return round(_LEFT + (year - self._years[0]) / span * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_TOP + (self._high - value) / (self._high - self._low) * (HEIGHT - _TOP - _BOTTOM), 1)

    def grid(self) -> str:
        step = 10 if self._high - self._low <= 80 else 20
        parts = []
        for value in range(self._low, self._high + 1, step):
            stroke, width = (INK, 1.5) if value == 100 else (GRID, 1)
            parts.append(_path(f"M{_LEFT} {self.y(value)}H{WIDTH - _RIGHT}", stroke=stroke, width=width))
            parts.append(_text(_LEFT - 6, self.y(value) + 5, str(value), anchor="end"))
        parts += [_text(self.x(year), HEIGHT - 8, str(year), anchor="middle") for year in self._years]
        return "".join(parts)

    def line(self, line: IndexLine) -> str:
        colour, width, dashes = STYLES[line.key]
        steps = "M" + "L".join(f"{self.x(year)} {self.y(value)}" for year, value in line.points)
        return _path(steps, stroke=colour, width=width, dashes=dashes)

    def labels(self, lines: Sequence[IndexLine]) -> str:
        """The names beside the ends, moved apart where they would cover one another."""
        placed: list[str] = []
        below = float(_TOP)
        for line in sorted(lines, key=lambda one: -one.points[-1][1]):
            below = max(self.y(line.points[-1][1]) + 5, below + _LABEL_GAP if placed else below)
            placed.append(_text(self.x(line.points[-1][0]) + 8, below, line.end, anchor="start"))
        return "".join(placed)


def _path(steps: str, *, stroke: str, width: float, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{steps}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashed}/>'


def _text(x: float, y: float, text: str, *, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="14" fill="{INK}" text-anchor="{anchor}">{escape(text)}</text>'
