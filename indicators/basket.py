"""比較かご: the indicators a visitor is collecting. It lives in the address alone, so that it can be shared.

`?basket=DAY_S22,ACU_P02`: codes separated by commas, in the order they were put in, each once, at most twelve. Pages
that take a basket read it with `parse_basket`, hand it on in their links and forms, and change it by links to
`basket.add(code)` and `basket.remove(code)`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from indicators.definitions.registry import UnknownIndicator, get_definition

PARAMETER = "basket"
LARGEST = 12
_LONGEST_TEXT = 400
_BETWEEN = re.compile(r"[,、，\s]+")
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """`codes` in order, all of them known; `problems` says what of the address was left out and why."""

    codes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: str) -> bool:
        return code in self.codes

    @property
    def text(self) -> str:
        """`DAY_S22,ACU_P02`, the value of the parameter."""
        return ",".join(self.codes)

    @property
    def querystring(self) -> str:
        """`basket=DAY_S22%2CACU_P02` without `?`; empty if nothing is in it."""
        return urlencode({PARAMETER: self.text}) if self.codes else ""

    @property
    def is_full(self) -> bool:
        return len(self.codes) >= LARGEST

    def add(self, code: str) -> Self:
        """With one more; the same if it is in already or there is no room."""
        if code in self.codes or self.is_full:
            return self
        return type(self)(codes=(*self.codes, code))

    def remove(self, code: str) -> Self:
        """Without it."""
        return type(self)(codes=tuple(one for one in self.codes if one != code))


def parse_basket(text: str) -> Basket:
    """The basket of an address. What is unknown, doubled or too much is left out; unknown and too much are said."""
    problems: list[str] = []
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT].rpartition(",")[0]
        problems.append("比較かごの指定が長すぎるため、途中までを読み取りました。")
    written = [one for one in _BETWEEN.split(unicodedata.normalize("NFKC", text).upper()) if one]
    known = [code for code in dict.fromkeys(written) if _is_known(code)]
    unknown = [code for code in dict.fromkeys(written) if code not in known]
    if unknown:
        shown = "・".join(code[:20] for code in unknown[:3]) + ("など" if len(unknown) > 3 else "")
        problems.append(f"比較かごの指標コード「{shown}」はないため、除いています。")
    if len(known) > LARGEST:
        problems.append(f"比較かごに入るのは{LARGEST}指標までです。{LARGEST + 1}番目からは除いています。")
    return Basket(codes=tuple(known[:LARGEST]), problems=tuple(problems))


def _is_known(code: str) -> bool:
    if len(code) > _LONGEST_CODE:
        return False
    try:
        get_definition(code)
    except UnknownIndicator:
        return False
    return True
