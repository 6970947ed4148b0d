"""The 病床数 column: `一般　　378／一般（感染）　感染　9` → beds by kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

Beds = Mapping[str, int | None]
"""Beds by kind of ward, in the order of the list; `None` where a kind is named without a number."""

_SEPARATOR = re.compile(r"[／/]")
_SPACES = re.compile(r"[\s\u3000]+")


def parse_beds(text: str) -> Beds | None:
    """Beds by kind; `{}` for an empty cell, `None` for a text that cannot be understood.

    An entry is kind, sub-kind and number with full-width spaces between them, any of which may be empty. Entries of one
    kind are added.
    """
    beds: dict[str, int | None] = {}
    for entry in _SEPARATOR.split(text):
        words = [word for word in _SPACES.split(entry) if word]
        number = _number(words[-1]) if words else None
        names = words if number is None else words[:-1]
        if number is not None and not names:
            return None
        if len(names) > 2 or any(_number(name) is not None for name in names):
            return None
        if names:
            kind = _kind(names)
            beds[kind] = _add(beds.get(kind), number)
    return beds


def total_beds(beds: Beds) -> int | None:
    """All beds; 0 for an institution without any, `None` if kinds are named but no number is."""
    numbers = [number for number in beds.values() if number is not None]
    return None if beds and not numbers else sum(numbers)


def _number(word: str) -> int | None:
    digits = unicodedata.normalize("NFKC", word).replace(",", "").removesuffix("床")
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _kind(names: list[str]) -> str:
    """`一般（感染）` for the pairs 一般・感染 and 一般（感染）・感染, `一般` for 一般・一般."""
    kind, sub = names[0], names[-1]
    return kind if sub == kind or kind.endswith("）") else f"{kind}（{sub}）"


def _add(known: int | None, number: int | None) -> int | None:
    if known is None:
        return number
    return known if number is None else known + number
