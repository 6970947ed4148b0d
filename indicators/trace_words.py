"""How a figure came about, in plain Japanese. Pure: what was found in, words out."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.definitions.schema import BETWEEN_UNITS, Definition, Method
from indicators.formulas.makeup import How, Makeup
from indicators.formulas.years import PopulationYear
from indicators.results import DefinitionCard, Figure
from indicators.traces import Side
from regions.results import SchemeInfo

MEASURES = {
    "population.total": "総人口",
    "population.0_14": "0〜14歳人口",
    "population.65plus": "65歳以上人口",
    "population.75plus": "75歳以上人口",
    "population.85plus": "85歳以上人口",
}
# The projection prints ages as shares of the total (結果表3-3, 3-4).
SHARES = "資料のセルは総人口に占める割合（％）で、人数は結果表1の総人口を掛けたものです。"
# Their value is not numerator ÷ denominator of the region itself.
_NOT_A_QUOTIENT = (*BETWEEN_UNITS, Method.STANDARDISED_RATE, Method.COMPOSITE)
_HOW = {
    How.PUBLISHED: "この地域の値として公表されています。",
    How.UNITS: "構成する{regions}市区町村（政令指定都市は区）の公表値の合計です。",
    How.BLOCKS: "この地域に過不足なく収まる{regions}地域（圏域・政令指定都市・市区町村）の公表値の合計です。",
    How.PREFECTURES: "47都道府県の値の合計です（全国値は公表されていません）。",
    How.NONE: "公表値から過不足なく組み立てられないため、値がありません。",
}


def how_in_words(makeup: Makeup, *, regions: int, scheme: str) -> str:
    """One sentence on what was added up. `scheme` is the name of the edition of areas, empty for other regions."""
    if makeup.split:
        return f"公表されている圏域の境が{scheme or 'この地域'}の境と合わず、分けられないため、値がありません。"
    if makeup.how is How.BLOCKS and regions == 1:
        return "別の版の圏域の値として公表されています。構成する市区町村はこの地域と同じです。"
    return _HOW[makeup.how].format(regions=regions)


def interpolation_in_words(stands: PopulationYear, ends: Sequence[float | None], value: float | None) -> str:
    """`3,600＋（4,100－3,600）×2/5＝3,800`: the point on the line between two published years."""
    if len(ends) != 2 or ends[0] is None or ends[1] is None or value is None:
        return ""
    before, after = number(ends[0]), number(ends[1])
    span = stands.later - stands.earlier
    steps = round(stands.share * span)
    return f"{before}＋（{after}－{before}）×{steps}/{span}＝{number(value)}"


def make_sentence(card: DefinitionCard, definition: Definition, figure: Figure, sides: Sequence[Side]) -> str:
    """`366か所 ÷ 939,427人 × 100,000 ＝ 39.0か所/75歳以上10万人`, the formula with the very numbers."""
    if figure.value is None:
        return f"{figure.text}：{figure.reason}" if figure.reason else figure.text
    if definition.method in _NOT_A_QUOTIENT or not sides:
        return f"{figure.text}{card.unit}（{card.formula}）"
    terms = [f"{side.text}{side.unit}" for side in sides]
    times = "" if definition.multiplier == 1 or len(sides) == 1 else f" × {definition.multiplier:,.0f}"
    return f"{' ÷ '.join(terms)}{times} ＝ {figure.text}{card.unit}"


def edition_note(scheme: SchemeInfo, makeups: Sequence[Makeup]) -> str:
    """Which edition of areas the figure is for, and how the published areas were restated for it."""
    period = f"{scheme.effective_from:%Y年%-m月%-d日}から" + (
        f"{scheme.effective_to:%Y年%-m月%-d日}の前日まで" if scheme.effective_to else "現在まで"
    )
    lines = [f"圏域の版：{scheme.name}（{period}）。"]
    hows = {makeup.how for makeup in makeups}
    if any(makeup.split for makeup in makeups):
        lines.append("資料は別の版の圏域で公表されており、この版の圏域には分けられません。推計での按分はしません。")
    elif How.BLOCKS in hows:
        lines.append(
            "資料は別の版の圏域で公表されています。この圏域に過不足なく収まる圏域を合計して、この版に読み替えました。"
        )
    elif How.UNITS in hows:
        lines.append("市区町村の公表値を、この版の構成市区町村で合計しました。")
    elif How.PUBLISHED in hows:
        lines.append("資料がこの版の圏域で公表している値です（読み替えはしていません）。")
    if scheme.to_be_confirmed:
        lines.append("この版には確認できていないコードがあります（要確認）。")
    return "".join(lines)


def number(value: float) -> str:
    """`366`, `907,157.4`: whole numbers whole, others to one decimal."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
