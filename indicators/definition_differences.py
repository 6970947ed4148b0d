"""Two versions of a definition side by side, in the words of the page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NAMES = {
    "name": "指標名", "kana": "よみ", "phase": "場面", "kind": "種別", "why": "なぜ見るのか", "method": "計算方法",
    "numerator": "分子", "denominator": "分母", "components": "構成する指標", "multiplier": "倍率", "unit": "単位",
    "pool_years": "合算する年数", "direction": "見かた", "interval": "信頼区間", "comparison": "比べ方",
    "levels": "地域の区分", "basis": "集計の基準", "counts_people": "人の数", "sources": "出典",
    "caveats": "限界・注意", "core": "重点指標", "official_table": "国の指標例", "evidence": "名称の確かさ",
    "author": "作成", "checked_by": "確認者", "next_review": "次の見直し", "lifecycle": "状態",
    "to_fill": "そろえる資料", "visibility": "表示の範囲",
}  # fmt: skip
_WORDS = {
    "discharge": "退院支援", "daily": "日常の療養支援", "acute": "急変時の対応", "eol": "看取り", "cross": "横断",
    "structure": "ストラクチャー", "process": "プロセス", "outcome": "アウトカム",
    "count": "実数", "proportion": "割合", "rate": "率", "ratio": "比", "per_area": "1圏域あたり", "coverage": "充足率",
    "standardised_ratio": "性・年齢調整（SCR方式）", "standardised_rate": "性・年齢調整（直接法）",
    "composite": "合成指標", "share_of_units_with_none": "ない市区町村の割合", "gap_between_units": "市区町村の間の差",
    "gini_between_units": "市区町村の間の偏り", "higher": "高いほど望ましい", "lower": "低いほど望ましい",
    "neutral": "判断しない", "none": "なし", "poisson": "ポアソン", "wilson": "ウィルソン", "funnel": "ファンネル",
    "nation": "全国", "area": "圏域", "unit": "市区町村", "provider": "医療機関所在地", "resident": "住所地",
    "active": "値あり", "data_missing": "データ未整備", "all": "だれでも",
}  # fmt: skip
# `interval` and `prefecture` are words of two fields.
_WORDS_OF = {
    ("comparison", "interval"): "信頼区間",
    ("levels", "prefecture"): "都道府県",
    ("visibility", "prefecture"): "県の関係者だけ",
}
_ASIDE = ("version", "code", "owner")
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that two versions say differently."""

    label: str
    before: str
    after: str


def find_differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Every field that differs, in the order of the schema. What one of them does not know yet counts as empty."""
    return tuple(
        Difference(label=_NAMES.get(field, field), before=old, after=new)
        for field in dict.fromkeys((*_NAMES, *before, *after))
        if field not in _ASIDE and (old := _text(field, before.get(field))) != (new := _text(field, after.get(field)))
    )


def _text(field: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "（なし）"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, float):
        return f"{value:,g}" if value != int(value) else f"{int(value):,}"
    if isinstance(value, list):
        return "、".join(_text(field, one) for one in value)
    if isinstance(value, Mapping):
        return _of_mapping(value)
    return _WORDS_OF.get((field, str(value)), _WORDS.get(str(value), str(value)))


def _of_mapping(value: Content) -> str:
    """Numerator, denominator, source, component or item in one line."""
    if "weight" in value:
        return f"{value['code']}×{value['weight']:g}{'（逆向き）' if value.get('is_reversed') else ''}"
    if "periodicity" in value:
        return f"{value['name']}（{value['periodicity']}、{value['lag']}）"
    if "text" in value:
        items = [_of_mapping(item) for item in value.get("items", ())]
        items += [value["item"]] if value.get("item") else []
        return f"{value['text']}（{'＋'.join(items)}）" if items else str(value["text"])
    years = f"{value.get('from_year') or ''}～{value.get('to_year') or ''}"
    return f"{value['code']}（{years}年度）" if years != "～" else str(value["code"])
