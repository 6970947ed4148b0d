"""比較: up to five areas side by side. The question (an address) and the finished answer; pure.

An area is named in an address as `13` (prefecture), `01202` (municipality, ward or designated city), `iryoken2-8:0101`
(area of a scheme), `group:KEY` (saved group) or `units:01202.01203` (group that nobody saved).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from indicators.basket import PARAMETER, Basket
from indicators.results import DefinitionCard, Figure, SourceLine
from zaitaku.lib.statistics.differences import Difference, Estimate, difference

MOST_AREAS = 5
MOST_INDICATORS = 24  # of a phase; a basket holds twelve
_SIGNS = {True: "＋", False: "－"}


class IndicatorSet(enum.StrEnum):
    """Which indicators are compared where the basket is empty. The phases are those of the definitions."""

    MAIN = "main"
    DISCHARGE = "discharge"
    DAILY = "daily"
    ACUTE = "acute"
    EOL = "eol"
    CROSS = "cross"

    @property
    def label(self) -> str:
        """Its name in the control."""
        return {
            "main": "基本の指標",
            "discharge": "退院支援",
            "daily": "日常の療養支援",
            "acute": "急変時の対応",
            "eol": "看取り",
            "cross": "横断",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonQuery:
    """What is compared: references to areas, and the indicators of the 比較かご or else a set of them."""

    areas: tuple[str, ...] = ()
    basket: Basket = field(default_factory=Basket)
    chosen_set: IndicatorSet = IndicatorSet.MAIN

    def parameters(self) -> list[tuple[str, str]]:
        """The GET parameters in a fixed order; what is default is left out, so one view has one address."""
        given = [("area", area) for area in self.areas]
        if self.basket:
            given.append((PARAMETER, self.basket.text))
        elif self.chosen_set is not IndicatorSet.MAIN:
            given.append(("set", self.chosen_set.value))
        return given

    def querystring(self) -> str:
        """`?area=13&area=27`."""
        return f"?{urlencode(self.parameters())}"

    def with_area(self, reference: str) -> ComparisonQuery:
        """One area more."""
        return self.with_areas(dict.fromkeys((*self.areas, reference)))

    def without_area(self, reference: str) -> ComparisonQuery:
        """One area less."""
        return self.with_areas(area for area in self.areas if area != reference)

    def with_first(self, reference: str) -> ComparisonQuery:
        """The same areas, all compared with this one."""
        return self.with_areas((reference, *(area for area in self.areas if area != reference)))

    def with_areas(self, areas: Iterable[str]) -> ComparisonQuery:
        """Other areas, the same indicators."""
        return replace(self, areas=tuple(areas))

    def with_basket(self, basket: Basket) -> ComparisonQuery:
        """The same areas, other indicators."""
        return replace(self, basket=basket)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedArea:
    """One area. `code` and `kind_label` are what exports and labels say; `unit_codes` what it is made of."""

    reference: str
    code: str
    name: str
    kind_label: str
    prefecture_code: str
    prefecture_name: str
    region_id: int | None
    unit_codes: frozenset[str]
    url: str = ""

    @property
    def label(self) -> str:
        """`津（三重県）`: names are not unique."""
        inside = self.prefecture_name and self.prefecture_name != self.name
        return f"{self.name}（{self.prefecture_name}）" if inside else self.name

    def overlaps(self, other: ComparedArea) -> bool:
        """Whether the two share a municipality: then their figures are not independent."""
        return bool(self.unit_codes & other.unit_codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """One area's figure, and how it differs from the first area's; `certainty` says how sure that is, in words."""

    area: ComparedArea
    figure: Figure
    gap: Difference | None = None
    gap_text: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedIndicator:
    """One indicator for all areas, on one axis."""

    card: DefinitionCard
    year: int | None
    nation: Figure
    figures: tuple[ComparedFigure, ...]

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return any(one.figure.value is not None for one in self.figures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An area one may add; `reason` says why it is proposed (distance and differences of similar areas)."""

    reference: str
    label: str
    querystring: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """Everything the page, the picture and the files show."""

    query: ComparisonQuery
    areas: tuple[ComparedArea, ...]
    indicators: tuple[ComparedIndicator, ...]
    without_values: tuple[DefinitionCard, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...]
    neighbours: tuple[Suggestion, ...] = ()
    similar: tuple[Suggestion, ...] = ()
    similar_note: str = ""

    @property
    def finding(self) -> str:
        """The one sentence above the chart: how many differences from the first area chance hardly explains."""
        others = [one for indicator in self.indicators for one in indicator.figures[1:]]
        if not others:
            return f"{self.areas[0].label}の{len(self.indicators)}指標です。地域を加えると、差とその確かさを示します。"
        judged = [one.gap.is_certain for one in others if one.gap is not None and one.gap.is_certain is not None]
        certain = sum(judged)
        if not judged:
            return f"{self.areas[0].label}との差のうち、偶然かどうかを判定できるものはありません。"
        said = f"{certain}組は偶然では説明しにくい差で、" if certain else "偶然では説明しにくい差はなく、"
        return (
            f"{self.areas[0].label}とくらべて判定できた{len(judged)}組のうち、{said}"
            f"{len(judged) - certain}組は差があるとは言えません。"
            f"ほかに{len(others) - len(judged)}組は判定していません。"
        )

    @property
    def title(self) -> str:
        """`三重県・愛知県の比較`."""
        return "・".join(area.label for area in self.areas) + "の比較"


def compare_with_first(
    area: ComparedArea, figure: Figure, first: ComparedArea, base: Figure, *, direction: str, unit: str
) -> ComparedFigure:
    """The difference of an area's figure from the first area's, with how sure it is."""
    if area.reference == first.reference:
        return ComparedFigure(area=area, figure=figure, certainty="くらべる基準")
    if figure.value is None or base.value is None:
        return ComparedFigure(area=area, figure=figure, certainty="値がないため比べられません")
    gap = difference(
        Estimate(value=figure.value, lower=figure.lower, upper=figure.upper),
        Estimate(value=base.value, lower=base.lower, upper=base.upper),
    )
    overlaps = area.overlaps(first)
    return ComparedFigure(
        area=area,
        figure=figure,
        gap=Difference(value=gap.value) if overlaps else gap,
        gap_text=gap_text(gap.value, unit=unit),
        certainty="重なる地域なので、差の有無は判定しません" if overlaps else _certainty(gap, direction=direction),
    )


def gap_text(value: float, *, unit: str = "") -> str:
    """`＋12.3`: the sign is always said, and zero has none."""
    rounded = round(value, 1)
    return f"0.0{unit}" if rounded == 0 else f"{_SIGNS[rounded > 0]}{abs(rounded):,.1f}{unit}"


def _certainty(gap: Difference, *, direction: str) -> str:
    if gap.is_certain is None:
        return "偶然のばらつきを測れない指標なので、差の有無は判定しません"
    interval = f"差の95％区間 {gap_text(gap.lower or 0)}～{gap_text(gap.upper or 0)}"
    if not gap.is_certain:
        return f"差があるとは言えません（{interval}）"
    side = ""
    if direction in ("higher", "lower"):
        side = "、望ましい側" if (gap.value > 0) == (direction == "higher") else "、望ましくない側"
    word = "高く" if gap.value > 0 else "低く"
    return f"{word}、偶然では説明しにくい差です（{interval}{side}）"
