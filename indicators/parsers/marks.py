"""Reading cells that are numbers or marks. What a mark means is data: `indicators/definitions/marks.csv`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping

from indicators.definitions.marks import STATUSES, marks_of
from indicators.parsers.observations import OBSERVED
from zaitaku.lib.workbooks import Cell

_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_DASHES = re.compile(r"[‐‑‒–—―−ー─]")
ZERO = STATUSES["zero"]

NDB = marks_of("ndb")
REGIONAL_DATA_SET = marks_of("regional_data_set")
ESTAT = marks_of("estat")
REGIONAL_VISION = marks_of("regional_vision")


def plain(text: str) -> str:
    """The text in NFKC without outer white space, every dash `-`."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text).strip())


def read_figure(cell: Cell, marks: Mapping[str, int]) -> tuple[float | None, int] | None:
    """Value and status of a cell; None if it is neither a number nor one of the publisher's marks."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (float(cell), OBSERVED) if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    text = plain(cell)
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "")), OBSERVED
    if text not in marks:
        return None
    return (0.0, OBSERVED) if marks[text] == ZERO else (None, marks[text])
