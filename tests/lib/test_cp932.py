"""What cp932 cannot hold is replaced by what it can, and every replacement is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaitaku.lib.cp932 import GETA, Substitution, encode, find_substitutions


def test_known_characters_become_their_nearest() -> None:
    told = {s.character: s.replacement for s in find_substitutions(["—–¥²𠮷繫é鷗嗎"])}
    expected = {"—": "―", "–": "－", "¥": "￥", "²": "2", "𠮷": "吉", "繫": "繋", "é": "e", "鷗": GETA, "嗎": GETA}
    assert told == expected


def test_what_windows_has_beyond_shift_jis_is_kept() -> None:
    text = "①㈱髙﨑Ⅲ～－"
    assert find_substitutions([text]) == ()
    assert encode(text).decode("cp932") == text


def test_a_substitution_names_its_code_point() -> None:
    assert Substitution("𠮷", "吉").code_point == "U+20BB7"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_encoded_with_exactly_the_listed_substitutions(text: str) -> None:
    replaced = text
    for substitution in find_substitutions([text]):
        replaced = replaced.replace(substitution.character, substitution.replacement)
    assert encode(text) == replaced.encode("cp932")
