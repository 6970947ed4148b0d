"""The sheet a picture is drawn on: font, caption, and the file that comes out. Pixels in, inches inside.

matplotlib keeps global state (fonts, `rcParams`) that is not made for threads: one picture is drawn at a time.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib_fontja
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zaitaku.lib.figures import INK
from zaitaku.lib.pictures.captions import PADDING, WIDTH, Block, Caption

if TYPE_CHECKING:
    from matplotlib.artist import Artist

DPI = 96
POINTS = 72 / DPI
FONTS = ["IPAexGothic", "DejaVu Sans"]
_LOCK = threading.Lock()
_SETTINGS: Any = {
    "font.family": FONTS,
    "axes.unicode_minus": False,
    "svg.fonttype": "path",
    # Ids in the SVG depend on the drawing alone, so that the same view gives the same bytes.
    "svg.hashsalt": "zaitaku",
    "hatch.linewidth": 1.2,
}


@contextmanager
def drawing() -> Iterator[None]:
    """The settings of our pictures, for one picture at a time."""
    with _LOCK, mpl.rc_context(_SETTINGS):
        _know_font()
        yield


def _know_font() -> None:
    if not any(font.name == FONTS[0] for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(matplotlib_fontja.get_font_ttf_path())


def make_sheet(*, height: float, width: float = WIDTH) -> Figure:
    """An empty white sheet."""
    sheet = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(sheet)
    return sheet


def write_block(sheet: Figure, block: Block, *, top: float) -> None:
    """Lines of text whose block begins `top` pixels below the upper edge."""
    width, height = pixels(sheet)
    for line in block.lines:
        sheet.text(
            PADDING / width,
            1 - (top + line.baseline) / height,
            line.text,
            fontsize=line.size * POINTS,
            color=INK,
            va="baseline",
            parse_math=False,
        )


def pixels(sheet: Figure) -> tuple[float, float]:
    """Width and height of the sheet."""
    width, height = sheet.get_size_inches()
    return float(width) * DPI, float(height) * DPI


def extent(sheet: Figure, artist: Artist) -> tuple[float, float, float, float] | None:
    """Left, right, top and bottom of what an artist draws, in pixels from the upper left corner."""
    box = artist.get_tightbbox(sheet.canvas.get_renderer())  # type: ignore[attr-defined]  # of the Agg canvas above
    if box is None or (box.width == 0 and box.height == 0):
        return None
    height = pixels(sheet)[1]
    return float(box.x0), float(box.x1), height - float(box.y1), height - float(box.y0)


def save(sheet: Figure, *, caption: Caption) -> bytes:
    """The SVG, with the caption as metadata and without the time it was made."""
    output = io.BytesIO()
    metadata: dict[str, Any] = {**caption.metadata, "Date": None}
    sheet.savefig(output, format="svg", dpi=DPI, metadata=metadata)
    return output.getvalue()
