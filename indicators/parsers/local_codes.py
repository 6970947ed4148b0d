"""Codes of municipalities and wards in files of earlier years, and the codes they carry now.

Only changes of the code of one and the same municipality belong here (町 → 市); mergers and splits are changes of
regions and are in `regions/definitions`. Source: 総務省 「都道府県コード及び市区町村コード」改正一覧表.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from indicators.parsers.observations import Place
from zaitaku.lib.prefectures import PREFECTURES

LOCAL = "local"  # a place of this kind is a municipality or a ward, whichever has the code


@dataclass(frozen=True, slots=True)
class Renumbering:
    """From the day `on` the municipality carries `now` in place of `then`."""

    then: str
    now: str
    on: dt.date
    name: str


RENUMBERINGS = (
    Renumbering("04423", "04216", dt.date(2016, 10, 10), "富谷町 → 富谷市"),
    Renumbering("40305", "40231", dt.date(2018, 10, 1), "那珂川町 → 那珂川市"),
)
_NOW = {change.then: change.now for change in RENUMBERINGS}
_PREFECTURES = {known.code for known in PREFECTURES}


def local_place(code: str) -> Place | None:
    """The municipality or ward with this 5-digit code of any year since 2014; None if it cannot be a code."""
    if not re.fullmatch(r"\d{5}", code) or code[:2] not in _PREFECTURES:
        return None
    return Place(kind=LOCAL, code=_NOW.get(code, code))
