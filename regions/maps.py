"""Choropleth maps as inline SVG made on the server: they print, and need no script, style or other host.

Colour is never the only sign: every shape has a `<title>`, shapes without a value are hatched by reason, and the page
puts the table of the same figures beside the map as the keyboard path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from regions import geography
from regions.geography import Sheet
from zaitaku.lib.pictures import LegendEntry

# One hue from light to dark: the order survives a monochrome printer.
CLASS_COLOURS = ("#EFF3FF", "#BDD7E7", "#6BAED6", "#3182BD", "#08519C")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatch:
    """A pattern for shapes without a value: lines of a colour, turned by degrees."""

    key: str
    label: str
    turn: int


SUPPRESSED = Hatch(key="suppressed", label="秘匿", turn=45)
NOT_IMPORTED = Hatch(key="not-imported", label="未取込・データなし", turn=135)
OUT_OF_SCOPE = Hatch(key="out-of-scope", label="対象外", turn=0)
NONE_IN_REACH = Hatch(key="none-in-reach", label="届く機関なし（0）", turn=90)
HATCHES = (SUPPRESSED, NONE_IN_REACH, NOT_IMPORTED, OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShape:
    """One place of a map: its class (index of `CLASS_COLOURS`) or the hatch that says why it has none.

    `text` is what a pointer or a screen reader is told: the name and the figure with its unit, or the reason.
    """

    code: str
    text: str
    class_index: int | None = None
    hatch: Hatch | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnShape:
    """A shape with everything the page writes; `svg` is safe: written here, since a country has 1,900 of them."""

    code: str
    path: str
    fill: str
    text: str
    is_marked: bool

    @property
    def svg(self) -> str:
        """The shape with what a pointer or a screen reader is told. The code is what the page recolours it by."""
        title = f"<title>{escape(self.text)}</title>"
        return f'<path data-code="{self.code}" d="{self.path}" fill="{self.fill}">{title}</path>'


def national_sheet(layer: str) -> Sheet:
    """The sheet of the country for `municipality`, `prefecture` or a scheme key, from the project's fixtures."""
    return geography.national_sheet(settings.BASE_DIR / "fixtures", layer)


def prefecture_sheet(prefecture_code: str, layer: str, *, borders_of: str = "") -> Sheet:
    """The sheet of one prefecture; layer `unit` has the wards of designated cities."""
    return geography.prefecture_sheet(settings.BASE_DIR / "fixtures", prefecture_code, layer, borders_of)


def class_breaks(values: Iterable[float], *, count: int = len(CLASS_COLOURS)) -> tuple[float, ...]:
    """Lower bounds of the classes after the first, so that each class holds about as many places (quantiles).

    Places with the same value are never parted, so there may be fewer classes than asked for.
    """
    ordered = sorted(values)
    if not ordered:
        return ()
    bounds = (ordered[min(len(ordered) * i // count, len(ordered) - 1)] for i in range(1, count))
    return tuple(sorted({bound for bound in bounds if bound > ordered[0]}))


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Index of the class a value lies in."""
    return sum(value >= bound for bound in breaks)


def class_labels(breaks: Sequence[float], *, unit: str, decimals: int = 1) -> tuple[str, ...]:
    """What the legend says of each class: `12.0未満`, `12.0以上 30.5未満`, `30.5以上`."""
    said = [f"{bound:,.{decimals}f}" for bound in breaks]
    if not said:
        return (f"すべて同じ階級（{unit}）",)
    between = [f"{low}以上 {high}未満" for low, high in pairwise(said)]
    return (f"{said[0]}{unit}未満", *between, f"{said[-1]}{unit}以上")


def render_map(
    sheet: Sheet, shapes: Mapping[str, MapShape], *, ident: str, title: str, class_labels: Sequence[str]
) -> SafeString:
    """The map as a `<figure>`: shapes of `sheet` that are not in `shapes` are drawn as 対象外 (北方領土).

    `ident` makes the ids on the page unique; `title` says what the map shows; `class_labels` go with `CLASS_COLOURS`.
    """
    drawn = draw_shapes(sheet, shapes, ident=ident)
    hatches = _hatches(sheet, shapes)
    legend = make_legend(sheet, shapes, ident=ident, class_labels=class_labels)
    context = {
        "sheet": sheet,
        "shapes": mark_safe("".join(shape.svg for shape in drawn)),  # noqa: S308 - escaped in `DrawnShape.svg`
        "marked": [shape for shape in drawn if shape.is_marked],
        "hatches": hatches,
        "legend": legend,
        "ident": ident,
        "title": title,
    }
    return render_to_string("components/map.html", context)


def draw_shapes(sheet: Sheet, shapes: Mapping[str, MapShape], *, ident: str) -> list[DrawnShape]:
    """Every shape that the sheet has, filled."""
    return [_draw(code, path, shapes.get(code), ident) for code, path in sheet.paths.items() if path]


def make_legend(
    sheet: Sheet, shapes: Mapping[str, MapShape], *, ident: str, class_labels: Sequence[str]
) -> list[LegendEntry]:
    """The classes, then the hatches that the map has."""
    classes = [LegendEntry(fill=CLASS_COLOURS[i], label=label) for i, label in enumerate(class_labels)]
    return classes + [
        LegendEntry(fill=_hatch_fill(hatch, ident), label=hatch.label) for hatch in _hatches(sheet, shapes)
    ]


def _hatches(sheet: Sheet, shapes: Mapping[str, MapShape]) -> list[Hatch]:
    used = {shape.hatch for shape in shapes.values() if shape.hatch}
    if any(code not in shapes for code in sheet.paths):
        used.add(OUT_OF_SCOPE)
    return [hatch for hatch in HATCHES if hatch in used]


def _hatch_fill(hatch: Hatch, ident: str) -> str:
    return f"url(#{ident}-{hatch.key})"


def _draw(code: str, path: str, shape: MapShape | None, ident: str) -> DrawnShape:
    if shape is None:
        fill = _hatch_fill(OUT_OF_SCOPE, ident)
        return DrawnShape(code=code, path=path, fill=fill, text=OUT_OF_SCOPE.label, is_marked=False)
    if shape.class_index is None:
        fill = _hatch_fill(shape.hatch or NOT_IMPORTED, ident)
    else:
        fill = CLASS_COLOURS[shape.class_index]
    return DrawnShape(code=code, path=path, fill=fill, text=shape.text, is_marked=shape.is_marked)
