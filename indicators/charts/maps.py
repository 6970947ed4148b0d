"""The map of one view: classes of about as many regions each, and hatches for what has no number."""

from __future__ import annotations

from django.utils.safestring import SafeString

from indicators.results import IndicatorResult, Level, RegionRow, State
from regions.geography import Sheet
from regions.maps import (
    NOT_IMPORTED,
    OUT_OF_SCOPE,
    SUPPRESSED,
    MapShape,
    class_breaks,
    class_labels,
    class_of,
    draw_shapes,
    make_legend,
    national_sheet,
    prefecture_sheet,
    render_map,
)
from zaitaku.lib.pictures import Caption, PictureFormat, draw_svg

_HATCHES = {State.SUPPRESSED: SUPPRESSED, State.NOT_APPLICABLE: OUT_OF_SCOPE}


_IDENT = "indicator-map"


def make_map(result: IndicatorResult) -> SafeString:
    """Inline SVG of the regions listed, the own prefecture outlined; hover and screen readers get name and figure."""
    sheet, shapes, labels = _parts(result)
    return render_map(sheet, shapes, ident=_IDENT, title=result.title, class_labels=labels)


def make_map_data(result: IndicatorResult) -> dict[str, object]:
    """The same as data: fill and text by code of the shapes, the legend, and the words around the map."""
    sheet, shapes, labels = _parts(result)
    drawn = draw_shapes(sheet, shapes, ident=_IDENT)
    legend = make_legend(sheet, shapes, ident=_IDENT, class_labels=labels)
    return {
        "title": result.title,
        "finding": result.finding,
        "legend": [[entry.fill, entry.label] for entry in legend],
        "shapes": {shape.code: [shape.fill, shape.text] for shape in drawn},
    }


def make_map_picture(result: IndicatorResult, *, caption: Caption, file_format: PictureFormat) -> bytes:
    """The same map with its legend as a picture."""
    sheet, shapes, labels = _parts(result)
    svg = render_map(sheet, shapes, ident=_IDENT, title=result.title, class_labels=labels)
    legend = make_legend(sheet, shapes, ident=_IDENT, class_labels=labels)
    return draw_svg(svg, caption=caption, file_format=file_format, legend=legend)


def _parts(result: IndicatorResult) -> tuple[Sheet, dict[str, MapShape], tuple[str, ...]]:
    """The sheet, its shapes by code, and what the classes mean."""
    breaks = class_breaks(row.figure.value for row in result.rows if row.figure.value is not None)
    shapes = {row.code: _shape(row, result, breaks) for row in (*result.cities, *result.rows)}
    short_unit = result.unit.partition("/")[0]
    labels = class_labels(breaks, unit=short_unit, decimals=1 if result.query.measure == "rate" else 0)
    sheet = _sheet(result)
    shown = {code: shape for code, shape in shapes.items() if code in sheet.paths}
    return sheet, shown, labels


def unmatched(result: IndicatorResult) -> int:
    """How many regions of the list have no shape of their own on the sheet (e.g. wards on a map of municipalities)."""
    sheet = _sheet(result)
    return sum(row.code not in sheet.paths for row in result.rows)


def _sheet(result: IndicatorResult) -> Sheet:
    query = result.query
    if query.level == Level.PREFECTURE:
        return national_sheet("prefecture")
    layer = query.scheme if query.level == Level.AREA else ""
    if query.prefecture:
        return prefecture_sheet(query.prefecture, layer or "unit")
    return national_sheet(layer or "municipality")


def _shape(row: RegionRow, result: IndicatorResult, breaks: tuple[float, ...]) -> MapShape:
    figure = row.figure
    if figure.value is None:
        hatch = _HATCHES.get(figure.state, NOT_IMPORTED)
        return MapShape(code=row.code, text=f"{row.name}：{figure.text}", hatch=hatch, is_marked=row.is_own)
    text = f"{row.name} {figure.text} {result.unit}"
    return MapShape(code=row.code, text=text, class_index=class_of(figure.value, breaks), is_marked=row.is_own)
