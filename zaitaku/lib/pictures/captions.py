"""What a picture says about itself, and how its lines are broken. Sizes are CSS pixels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WIDTH = 1000
PADDING = 20
TITLE_SIZE = 19
TEXT_SIZE = 13
LEGEND_ROW = 24
_LINE = 1.45
# Not at the beginning of a line (禁則): closing brackets and what ends a phrase.
_NEVER_FIRST = "、。，．）」』】・ー？！"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """`filters`: what is shown, in words. `as_of`: the date of the data. `source`: 「出典：…を加工して作成」."""

    title: str
    filters: str
    as_of: str
    source: str

    @property
    def metadata(self) -> dict[str, str]:
        """The same for machines, under the names that PNG and Dublin Core share."""
        lines = (self.filters, self.as_of, self.source)
        return {"Title": self.title, "Description": "\n".join(line for line in lines if line), "Source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """One line of a map's legend: a colour or the key of a hatch (`url(#…)`), and what it means."""

    fill: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the caption: its text, size, and the distance of its baseline from the top of its block."""

    text: str
    size: int
    baseline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines above or below the drawing, and the height they take."""

    lines: tuple[Line, ...]
    height: float


def header(caption: Caption, *, width: int = WIDTH) -> Block:
    """Title and filters."""
    return _block([(caption.title, TITLE_SIZE), (caption.filters, TEXT_SIZE)], width=width)


def footer(caption: Caption, *, width: int = WIDTH) -> Block:
    """Date of the data and source."""
    return _block([(caption.as_of, TEXT_SIZE), (caption.source, TEXT_SIZE)], width=width)


def _block(parts: list[tuple[str, int]], *, width: int) -> Block:
    lines: list[Line] = []
    top = float(PADDING) / 2
    for text, size in parts:
        for piece in wrap(text, size=size, width=width - 2 * PADDING) if text else ():
            lines.append(Line(text=piece, size=size, baseline=round(top + size, 1)))
            top += size * _LINE
    return Block(lines=tuple(lines), height=round(top + PADDING / 2, 1))


def wrap(text: str, *, size: float, width: float) -> list[str]:
    """The text in lines not wider than `width`, broken between any two characters as Japanese is."""
    lines, line, used = [], "", 0.0
    for character in text:
        advance = text_width(character, size=size)
        if line and used + advance > width and character not in _NEVER_FIRST:
            lines.append(line)
            line, used = "", 0.0
        line += character
        used += advance
    return [*lines, line] if line else lines


def text_width(text: str, *, size: float) -> float:
    """About how wide a text is: full-width characters are square, others a little over half of that."""
    return sum(size * (1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.56) for one in text)
