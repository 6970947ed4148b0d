"""The logic model drawn: four columns of boxes and curves between them, as SVG that pictures and print can take. Pure.

Curves are given as short straight steps, since pictures for documents know only those (`zaitaku.lib.pictures`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from zaitaku.lib.pictures.captions import wrap

_BOX, _GAP, _ROW_GAP, _MARGIN = 222, 72, 16, 8
_HEAD, _LINE, _PAD = 34, 17, 9
_TITLE_SIZE, _NOTE_SIZE = 13, 11
_STEPS = 16
_INK, _SOFT_INK, _EDGE = "#1A1A1A", "#404040", "#5A6B7B"
_FILLS = ("#E8F1FE", "#EAF6EC", "#FFF6E0", "#F3EDFB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its column (0–3), its text, what stands below in small (indicator and value), where it leads."""

    id: int
    column: int
    title: str
    notes: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    box: Box
    y: float
    height: float
    title: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def x(self) -> float:
        return _MARGIN + self.box.column * (_BOX + _GAP)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw_logic_model(
    boxes: Sequence[Box], edges: Sequence[tuple[int, int]], *, heads: Sequence[str], title: str, with_links: bool
) -> str:
    """The whole model. `heads` name the columns; `edges` are pairs of ids; links make each box a way to its form."""
    placed = {one.box.id: one for column in range(len(heads)) for one in _column(boxes, column)}
    width = 2 * _MARGIN + len(heads) * _BOX + (len(heads) - 1) * _GAP
    height = max((one.y + one.height for one in placed.values()), default=_HEAD + 40) + _MARGIN
    lines = "".join(_edge(placed[start], placed[end]) for start, end in edges if start in placed and end in placed)
    shapes = "".join(_box(one, with_links=with_links) for one in placed.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}"'
        f"{'' if with_links else ' role=' + quoteattr('img')}><title>{escape(title)}</title>"
        f"{''.join(_head(number, head) for number, head in enumerate(heads))}"
        f'<g fill="none" stroke="{_EDGE}" stroke-width="1.5">{lines}</g>{shapes}</svg>'
    )


def describe(boxes: Sequence[Box], edges: Sequence[tuple[int, int]], *, heads: Sequence[str]) -> str:
    """The drawing in words: what each column holds, and what leads to what."""
    names = {one.id: one.title for one in boxes}
    columns = (
        f"{head}：{'、'.join(one.title for one in boxes if one.column == number) or 'なし'}。"
        for number, head in enumerate(heads)
    )
    arrows = (f"「{names[start]}」から「{names[end]}」へ。" for start, end in edges if start in names and end in names)
    return "".join((*columns, *arrows))


def _column(boxes: Sequence[Box], column: int) -> Iterator[_Placed]:
    y: float = _HEAD + _MARGIN
    for box in boxes:
        if box.column == column:
            inside = _BOX - 2 * _PAD
            title = tuple(wrap(box.title, size=_TITLE_SIZE, width=inside))
            notes = tuple(line for note in box.notes for line in wrap(note, size=_NOTE_SIZE, width=inside))
            height = 2 * _PAD + _LINE * (len(title) + len(notes))
            yield _Placed(box, y, height, title, notes)
            y += height + _ROW_GAP


def _head(column: int, text: str) -> str:
    x = _MARGIN + column * (_BOX + _GAP)
    return (
        f'<rect x="{x}" y="{_MARGIN}" width="{_BOX}" height="26" fill="{_SOFT_INK}"/>'
        f'<text x="{x + _PAD}" y="{_MARGIN + 18}" font-size="14" font-weight="700" fill="#FFFFFF">{escape(text)}</text>'
    )


def _box(one: _Placed, *, with_links: bool) -> str:
    lines = [(line, _TITLE_SIZE, _INK) for line in one.title] + [(line, _NOTE_SIZE, _SOFT_INK) for line in one.notes]
    texts = "".join(
        f'<text x="{one.x + _PAD:g}" y="{one.y + _PAD + 13 + _LINE * number:g}" font-size="{size}" fill="{ink}">'
        f"{escape(line)}</text>"
        for number, (line, size, ink) in enumerate(lines)
    )
    shape = (
        f'<rect x="{one.x:g}" y="{one.y:g}" width="{_BOX}" height="{one.height:g}" fill="{_FILLS[one.box.column]}"'
        f' stroke="{_SOFT_INK}"/>{texts}'
    )
    if with_links and one.box.href:
        return f"<a href={quoteattr(one.box.href)}>{shape}</a>"
    return f"<g>{shape}</g>"


def _edge(start: _Placed, end: _Placed) -> str:
    """A curve from the right side of a box to the left side of the next, with its tip; backwards it goes round."""
    from_x, from_y, to_x, to_y = start.x + _BOX, start.middle, end.x, end.middle
    reach = max(_GAP * 0.75, abs(to_x - from_x) / 2)
    points = _curve((from_x, from_y), (from_x + reach, from_y), (to_x - reach, to_y), (to_x - 2, to_y))
    way = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    tip = f"M{to_x - 9:g} {to_y - 4:g}L{to_x - 1:g} {to_y:g}L{to_x - 9:g} {to_y + 4:g}"
    return f'<path d="{way}"/><path d="{tip}"/>'


def _curve(*points: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """A cubic Bézier curve as steps."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
    for number in range(_STEPS + 1):
        t = number / _STEPS
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
