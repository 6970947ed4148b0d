"""散布図: two indicators of the same regions. The question (an address), the answer, and what may be said; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

import numpy as np

from indicators.definitions.schema import Definition
from indicators.results import DefinitionCard, Figure, Level, SourceLine
from zaitaku.lib.statistics.correlation import Correlation, pearson, spearman

CAUTION = (
    "相関は因果を示しません。2つの値が並んで動いていても、一方が他方の原因とは限らず、人口の年齢構成や都市規模など、両方を動かす別の事情があるかもしれません。",
    "地域どうしの関係は、住民一人ひとりや医療機関ごとの関係とは別のものです（生態学的誤謬）。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScatterQuery:
    """Two indicators over the regions of a level. `prefecture` is highlighted, or with `is_inside` alone shown."""

    x: str = "DAY_S22"
    y: str = "DAY_P15"
    level: Level = Level.PREFECTURE
    scheme: str = ""
    prefecture: str = ""
    is_inside: bool = False

    def parameters(self) -> dict[str, str]:
        """The GET parameters; `prefecture` is always there, so that the address opens the same for everyone."""
        given = {"x": self.x, "y": self.y, "level": self.level.value, "scheme": self.scheme}
        shown = {name: value for name, value in given.items() if value} | {"prefecture": self.prefecture}
        return shown | ({"inside": "1"} if self.is_inside else {})

    def querystring(self) -> str:
        """`?x=DAY_S22&y=DAY_P15&level=prefecture&prefecture=24`."""
        return f"?{urlencode(self.parameters())}"

    def change(self, **changes: Any) -> Self:
        """The neighbouring view that differs in `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScatterPoint:
    """One region with both figures."""

    code: str
    name: str
    prefecture_name: str
    x: Figure
    y: Figure
    is_own: bool

    @property
    def is_drawn(self) -> bool:
        return self.x.value is not None and self.y.value is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScatterResult:
    """Everything the page, the chart and the files show. `x_mean` and `y_mean` are of the drawn points."""

    query: ScatterQuery
    x: DefinitionCard
    y: DefinitionCard
    x_year: int | None
    y_year: int | None
    points: tuple[ScatterPoint, ...]
    x_mean: float | None
    y_mean: float | None
    quadrants: tuple[tuple[str, int], ...]
    correlation: Correlation | None
    rank_correlation: Correlation | None
    finding: str
    cautions: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    place: str

    @property
    def drawn(self) -> tuple[ScatterPoint, ...]:
        return tuple(point for point in self.points if point.is_drawn)

    @property
    def title(self) -> str:
        return f"{self.x.name}と{self.y.name}　{self.place}"


def find_means(points: Sequence[ScatterPoint]) -> tuple[float | None, float | None]:
    """The plain means of the drawn points, which part the plot into four."""
    drawn = [(p.x.value, p.y.value) for p in points if p.x.value is not None and p.y.value is not None]
    if not drawn:
        return None, None
    return tuple(round(sum(column) / len(drawn), 1) for column in zip(*drawn, strict=True))


def count_quadrants(
    points: Sequence[ScatterPoint], x_mean: float | None, y_mean: float | None
) -> tuple[tuple[str, int], ...]:
    """How many points lie in each quarter; a point on a mean counts as above it."""
    if x_mean is None or y_mean is None:
        return ()
    names = {(True, True): "両方とも平均以上", (False, True): "縦軸だけ平均以上",
             (False, False): "両方とも平均未満", (True, False): "横軸だけ平均以上"}  # fmt: skip
    found = dict.fromkeys(names.values(), 0)
    for point in points:
        if point.x.value is not None and point.y.value is not None:
            found[names[point.x.value >= x_mean, point.y.value >= y_mean]] += 1
    return tuple(found.items())


def correlate(points: Sequence[ScatterPoint]) -> tuple[Correlation | None, Correlation | None]:
    """Pearson and Spearman of the drawn points."""
    x, y = (
        np.array([getattr(point, way).value for point in points], dtype=np.float64) for way in ("x", "y")
    )  # None becomes NaN
    return pearson(x, y), spearman(x, y)


def correlation_text(found: Correlation) -> str:
    """`0.42（95％区間 0.15～0.63、47地域）`."""
    interval = f"95％区間 {found.lower:.2f}～{found.upper:.2f}、" if found.lower is not None else ""
    return f"{found.value:.2f}（{interval}{found.pairs}地域）"


def make_finding(x: DefinitionCard, y: DefinitionCard, found: Correlation | None, *, place: str, missing: int) -> str:
    """The one sentence above the chart."""
    left_out = f"どちらかの値がない{missing}地域は含みません。" if missing else ""
    if found is None:
        reason = "両方の値がある地域が4つに満たないか、値にばらつきがない"
        return f"{place}では、{reason}ため、相関を計算できません。{left_out}"
    if found.lower is not None and found.upper is not None and found.lower <= 0 <= found.upper:
        said = "関係があるとは言えません"
    else:
        said = f"{'高い地域ほど高い' if found.value > 0 else '高い地域ほど低い'}傾向があります"
    return f"{place}では、{x.name}と{y.name}の間に、{said}（相関係数 {correlation_text(found)}）。{left_out}"


def find_cautions(x: Definition, y: Definition) -> tuple[str, ...]:
    """What must stand beside the chart: general, and what these two share."""
    found = list(CAUTION)
    if x.code == y.code:
        return ("縦軸と横軸が同じ指標です。別の指標を選ぶと関係を見られます。", *found)
    below = [one.denominator.item if one.denominator else None for one in (x, y)]
    if below[0] is not None and below[0] == below[1]:
        text = x.denominator.text if x.denominator else ""
        found.append(
            f"2つの指標は同じ分母（{text}）で割っています。分母が共通だと、実際の関係がなくても相関が現れることがあります。"
        )
    if shared := {i.code for i in x.numerator.items} & {i.code for i in y.numerator.items}:
        found.append(f"2つの指標の分子には同じ項目が{len(shared)}つ含まれています。その分だけ相関は必ず高くなります。")
    if x.basis is not y.basis:
        found.append(
            "一方は医療機関の所在地、他方は住所地などで集計しています。患者の流出入がある地域では食い違います。"
        )
    return tuple(found)
