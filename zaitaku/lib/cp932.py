"""Text for Excel's old encoding: what cp932 cannot hold is replaced by the nearest that it can, and listed.

Python's `cp932` is the code page Excel reads; its `shift_jis` lacks many characters Windows has.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# The mark Japanese printing uses where a character is missing.
GETA = "〓"
# Look-alikes and variant forms. What is not here is tried in its compatibility form and
# without its accent, then becomes GETA.
_NEAREST = {
    "—": "―",  # EM DASH → HORIZONTAL BAR
    "–": "－",  # EN DASH
    "¥": "￥",
    "•": "・",
    "·": "・",
    "\u00a0": " ",
    "𠮷": "吉",
    "繫": "繋",
    "剝": "剥",
    "頰": "頬",
    "塡": "填",
    "𠮟": "叱",
}


@dataclass(frozen=True, slots=True)
class Substitution:
    """A character that cp932 cannot hold, and what stands in its place."""

    character: str
    replacement: str

    @property
    def code_point(self) -> str:
        """`U+2014`."""
        return f"U+{ord(self.character):04X}"


def find_substitutions(texts: Iterable[str]) -> tuple[Substitution, ...]:
    """Every character of the texts that cp932 cannot hold, each once, by code point."""
    characters = {character for text in texts for character in text if not _fits(character)}
    return tuple(Substitution(character, _replacement(character)) for character in sorted(characters))


def encode(text: str) -> bytes:
    """The text in cp932, with its substitutions made."""
    try:
        return text.encode("cp932")
    except UnicodeEncodeError:
        return text.translate({ord(s.character): s.replacement for s in find_substitutions([text])}).encode("cp932")


def _fits(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _replacement(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    for candidate in (_NEAREST.get(character, ""), compatible, unicodedata.normalize("NFKD", compatible)[:1]):
        if candidate and candidate != character and _fits(candidate):
            return candidate
    return GETA
