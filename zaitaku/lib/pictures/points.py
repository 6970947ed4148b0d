"""A picture as points: the SVG that was drawn, set by Typst on a sheet of its size and made into a PNG.

There is one drawing of each picture; the PNG shows what the SVG shows. (Drawing it a second time by matplotlib took ten
times as long.)
"""

from __future__ import annotations

import re
import struct
import zlib

import typst

from zaitaku.lib.pictures.captions import Caption

# Two points a CSS pixel (1/96 inch): sharp on paper.
_POINTS_PER_INCH = 192
_POINTS_PER_METRE = round(_POINTS_PER_INCH / 0.0254)
_SHEET = """#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%, height: 100%)"""
_SIZE = re.compile(rb'<svg\b[^>]*?\bwidth="([\d.]+)(pt|px|)"[^>]*?\bheight="([\d.]+)(?:pt|px|)"')
_POINT_OF_UNIT = {b"pt": 1.0, b"px": 0.75, b"": 0.75}
# The signature (8 bytes) and the first chunk, which holds size and kind (25): PNG (Third Edition), 5.2 and 11.2.2.
_HEAD = 8 + 25


def make_png(svg: bytes, *, caption: Caption) -> bytes:
    """The PNG of an SVG whose texts are outlines, with the caption as metadata; the same SVG gives the same bytes.

    Raises `ValueError` if the SVG does not say how large it is.
    """
    size = _SIZE.search(svg)
    if size is None:
        raise ValueError("an SVG without width and height cannot become points")
    width, height = (float(size[group]) * _POINT_OF_UNIT[size[2]] for group in (1, 3))
    made = typst.compile(
        _SHEET.format(width=width, height=height).encode(),
        format="png",
        ppi=_POINTS_PER_INCH,
        sys_inputs={"drawing": svg.decode()},
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    chunks = [_resolution(), *(_text(name, words) for name, words in caption.metadata.items())]
    return made[:_HEAD] + b"".join(chunks) + made[_HEAD:]


def _resolution() -> bytes:
    return _chunk(b"pHYs", struct.pack(">IIB", _POINTS_PER_METRE, _POINTS_PER_METRE, 1))


def _text(name: str, words: str) -> bytes:
    """International text, uncompressed, no language: keyword, 0, flag, method, language, 0, translation, 0, text."""
    return _chunk(b"iTXt", name.encode("latin-1") + b"\0\0\0\0\0" + words.encode())


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
