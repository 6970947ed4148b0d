"""The 47 prefectures: JIS X 0401 codes, names, readings and customary blocks, which have not changed since 1972.

The page frame offers them on every page; taking them from here costs no query. Everything else about a prefecture is
in `regions`.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLE = {
    "北海道・東北": (
        "北海道:ほっかいどう 青森県:あおもりけん 岩手県:いわてけん "
        "宮城県:みやぎけん 秋田県:あきたけん 山形県:やまがたけん "
        "福島県:ふくしまけん"
    ),
    "関東": (
        "茨城県:いばらきけん 栃木県:とちぎけん 群馬県:ぐんまけん "
        "埼玉県:さいたまけん 千葉県:ちばけん 東京都:とうきょうと "
        "神奈川県:かながわけん"
    ),
    "中部": (
        "新潟県:にいがたけん 富山県:とやまけん 石川県:いしかわけん "
        "福井県:ふくいけん 山梨県:やまなしけん 長野県:ながのけん "
        "岐阜県:ぎふけん 静岡県:しずおかけん 愛知県:あいちけん"
    ),
    "近畿": (
        "三重県:みえけん 滋賀県:しがけん 京都府:きょうとふ "
        "大阪府:おおさかふ 兵庫県:ひょうごけん 奈良県:ならけん "
        "和歌山県:わかやまけん"
    ),
    "中国": ("鳥取県:とっとりけん 島根県:しまねけん 岡山県:おかやまけん 広島県:ひろしまけん 山口県:やまぐちけん"),
    "四国": ("徳島県:とくしまけん 香川県:かがわけん 愛媛県:えひめけん 高知県:こうちけん"),
    "九州・沖縄": (
        "福岡県:ふくおかけん 佐賀県:さがけん 長崎県:ながさきけん "
        "熊本県:くまもとけん 大分県:おおいたけん 宮崎県:みやざきけん "
        "鹿児島県:かごしまけん 沖縄県:おきなわけん"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefecture:
    """One prefecture as the frame names it: 2-digit code, name, reading in hiragana, block (地方)."""

    code: str
    name: str
    kana: str
    block: str

    def __str__(self) -> str:
        return self.name


def _build() -> tuple[Prefecture, ...]:
    rows = [(block, *entry.split(":")) for block, entries in _TABLE.items() for entry in entries.split()]
    return tuple(
        Prefecture(code=f"{number:02}", name=name, kana=kana, block=block)
        for number, (block, name, kana) in enumerate(rows, start=1)
    )


PREFECTURES = _build()
_BY_CODE = {prefecture.code: prefecture for prefecture in PREFECTURES}
BLOCKS = tuple((block, tuple(p for p in PREFECTURES if p.block == block)) for block in _TABLE)


def prefecture(code: str | None) -> Prefecture | None:
    """The prefecture with this 2-digit code, or None if there is no such prefecture."""
    return _BY_CODE.get(code or "")
