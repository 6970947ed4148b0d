"""What a cell without a number means, publisher by publisher. The table is explained in `docs/data/marks.md`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping

from indicators.parsers.observations import MISSING, NOT_APPLICABLE, OBSERVED, SUPPRESSED
from zaitaku.lib.workbooks import Cell

_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_DASHES = re.compile(r"[‐‑‒–—―−ー─]")
ZERO = 0  # not a status: the mark stands for the number zero

# 厚生労働省 在宅医療にかかる地域別データ集: counts of claims below ten are hidden; a blank was not collected.
REGIONAL_DATA_SET = {"-": SUPPRESSED, "*": SUPPRESSED, "…": MISSING, "...": MISSING, "": MISSING, "・": NOT_APPLICABLE}
# e-Stat exports: 「-」該当数値がない場合 is a count of none, 「…」計数不明, 「・」統計項目のあり得ない場合.
ESTAT = {"-": ZERO, "…": MISSING, "...": MISSING, "": MISSING, "・": NOT_APPLICABLE, "*": SUPPRESSED, "x": SUPPRESSED}
# 厚生労働省 地域医療構想 workbook: 「*」 is hidden by the rules for NDB, 「-」 has no report to count.
REGIONAL_VISION = {"*": SUPPRESSED, "-": MISSING, "": MISSING, "未報告": MISSING}


def read_figure(cell: Cell, marks: Mapping[str, int]) -> tuple[float | None, int] | None:
    """Value and status of a cell; None if it is neither a number nor one of the publisher's marks."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (float(cell), OBSERVED) if math.isfinite(cell) else None
    if not isinstance(cell, str):
        return None
    # NFKC makes three points of 「…」 and 「･」 of nothing else, so both spellings are listed above
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", cell).strip())
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", "")), OBSERVED
    if text not in marks:
        return None
    return (0.0, OBSERVED) if marks[text] == ZERO else (None, marks[text])
