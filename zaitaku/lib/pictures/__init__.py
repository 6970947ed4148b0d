"""Charts and maps as pictures that carry their provenance inside: title, filters, date and 出典.

A picture leaves the page it came from, so what must be known beside the figures is drawn into it. `draw_picture` draws
the Plotly figure that the browser shows; `draw_svg` does the same for the maps that the server makes.
matplotlib is imported by the first picture, not with the site: it takes longer than all the rest.

Text becomes outlines. A picture then looks the same in Word on a machine without the font; title, filters and source
stay readable for machines as metadata (`<title>` and Dublin Core in SVG, text chunks in PNG).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from zaitaku.lib.pictures.captions import Caption, LegendEntry

__all__ = ["Caption", "LegendEntry", "PictureFormat", "draw_picture", "draw_svg", "in_format"]

PictureFormat = Literal["png", "svg"]


def draw_picture(figure: Any, *, caption: Caption, file_format: PictureFormat) -> bytes:
    """The Plotly figure as a picture 1,000 px wide (PNG: twice as many points), with its caption."""
    from zaitaku.lib.pictures.charts import draw_chart

    return in_format(draw_chart(figure, caption=caption), caption=caption, file_format=file_format)


def draw_svg(svg: str, *, caption: Caption, file_format: PictureFormat, legend: Sequence[LegendEntry] = ()) -> bytes:
    """A map made by the server as a picture, with legend and caption. See `zaitaku.lib.pictures.drawings`."""
    from zaitaku.lib.pictures.drawings import frame_svg

    return in_format(frame_svg(svg, caption, legend=legend).encode(), caption=caption, file_format=file_format)


def in_format(svg: bytes, *, caption: Caption, file_format: PictureFormat) -> bytes:
    """A picture that was drawn as SVG, in the format that is wanted: who needs both draws once."""
    if file_format == "svg":
        return svg
    from zaitaku.lib.pictures.points import make_png

    return make_png(svg, caption=caption)
