"""One spelling for searching: what an official types and what the registers write meet in it."""

from __future__ import annotations

import unicodedata

_KATAKANA = {code: chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
_SMALL = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
_KANJI = dict(
    zip(
        "龍澤濱嶋嶌檜鹽竈礪瀧櫻邊邉廣國區條澁萬惠齋齊曾豐彌壽與會靜關總眞德﨑髙冨穗榮濟繩當莊醫學應藏佛淺藥",
        "竜沢浜島島桧塩釜砺滝桜辺辺広国区条渋万恵斎斎曽豊弥寿与会静関総真徳崎高富穂栄済縄当荘医学応蔵仏浅薬",
        strict=True,
    )
)
_SPELLINGS = {
    **{code: _SMALL.get(kana, kana) for code, kana in _KATAKANA.items()},
    **{ord(small): large for small, large in _SMALL.items()},
    **{ord(old): new for old, new in _KANJI.items()},
}


def fold_for_search(text: str) -> str:
    """NFKC, small letters, hiragana with large kana only, new characters for old, nothing but letters and digits.

    Registers write フリガナ with large kana (ニツポン) or without the mark of a long vowel (センタ), so both go.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLINGS)
    return "".join(character for character in folded if character.isalnum() and character != "ー")


def search_text(*, name: str, kana: str, code: str, address: str) -> str:
    """What a body is found by: its four texts, each folded, a space between."""
    return " ".join(folded for folded in map(fold_for_search, (name, kana, code, address)) if folded)


def search_words(typed: str) -> tuple[str, ...]:
    """The folded words of what was typed, each to be found; at most eight."""
    return tuple(folded for word in typed.split()[:8] if (folded := fold_for_search(word)))
