"""What the CSVs of the ministry's registers have in common: columns by label, positions, web addresses, the day."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence

from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.problems import refuse

# The outermost points of Japan (国土地理院): 20.4–45.6° N, 122.9–154.0° E.
_JAPAN = (20.0, 46.0), (122.0, 154.5)
_DATED = re.compile(r"(20\d{2})(\d{2})(\d{2})(?!\d)")


def dated_by_name(filename: str) -> dt.date | None:
    """The day the publisher writes into the file's name (`…_20250601.csv`); the tables themselves say none."""
    match = _DATED.search(filename)
    return parse_date("-".join(match.groups())) if match else None


def needed_columns(
    header: Sequence[str], needed: Sequence[str], *, optional: Sequence[str] = (), sheet: str
) -> Mapping[str, int]:
    """Where each label stands (from 0). Raises `FileRefused` if a needed one is absent or any stands twice."""
    wrong = [name for name in needed if header.count(name) != 1]
    wrong += [name for name in optional if header.count(name) > 1]
    if wrong:
        raise refuse(f"見出し「{'」「'.join(wrong)}」が1つずつありません。", sheet=sheet, cell="A1")
    return {name: header.index(name) for name in (*needed, *optional) if name in header}


def position(latitude: str, longitude: str) -> tuple[float | None, float | None]:
    """Degrees north and east; blank, 0.0 and a place outside Japan (published by mistake) are "not stated".

    Raises `ValueError` if one of them is no number.
    """
    north, east = (float(text) if text else 0.0 for text in (latitude, longitude))
    if not (math.isfinite(north) and math.isfinite(east)):
        raise ValueError(latitude, longitude)
    (south_end, north_end), (west_end, east_end) = _JAPAN
    is_here = south_end <= north <= north_end and west_end <= east <= east_end
    return (north, east) if is_here else (None, None)


def web_address(text: str) -> str:
    """The address of a page; what else stands in such columns (mail addresses, words) is left out."""
    return text if re.fullmatch(r"https?://\S+", text) else ""
