"""The one schema of an indicator definition: files in this folder, rows a prefecture adds, and what a page explains.

A definition says what is counted, over what, from which official source, how sure that is, and what a reader new to the
office must know before drawing a conclusion. `docs/indicators.md` shows how to write one.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Kana = Annotated[str, StringConstraints(pattern=r"^[ぁ-ゖー0-9a-z・、（）()+/\- ]+$")]
ITEM_CODE = re.compile(
    r"(ndb\.(medical|dental)\.(claims|patients)\.\d{9}"
    r"|(notification|demand|plan|vital|death|vision|care|hospital|panel|report|access)\.[a-z0-9_]+"
    r"|survey\.[a-z0-9_]+(\.[a-z0-9_]+)?"
    r"|population\.(total|0_14|65plus|75plus|85plus)"
    r"|units\.count)"
)
ItemCode = Annotated[str, StringConstraints(pattern=f"^{ITEM_CODE.pattern}$")]
FiscalYear = Annotated[int, Field(ge=2000, le=2100)]
OFFICIAL_CODE = r"[A-Z]{1,3}_[SPO]\d{2}"
OWN_CODE = r"P(?:0[1-9]|[1-3]\d|4[0-7])_\d{3}"
IndicatorCode = Annotated[str, StringConstraints(pattern=rf"^(?:{OFFICIAL_CODE}|{OWN_CODE})$")]


class Phase(StrEnum):
    """The four 場面 of home medical care, and what concerns the system as a whole."""

    DISCHARGE = "discharge"
    DAILY = "daily"
    ACUTE = "acute"
    EOL = "eol"
    CROSS = "cross"

    @property
    def label(self) -> str:
        """Its Japanese name."""
        return _PHASE_LABELS[self]


class Kind(StrEnum):
    """Donabedian's three kinds, as the ministry's 指標例 uses them."""

    STRUCTURE = "structure"
    PROCESS = "process"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """Its Japanese name."""
        return {"structure": "ストラクチャー", "process": "プロセス", "outcome": "アウトカム"}[self.value]

    @property
    def letter(self) -> str:
        """S, P or O."""
        return self.value[0].upper()


class Method(StrEnum):
    """The formula (`indicators.formulas`) that makes the value from numerator and denominator."""

    COUNT = "count"
    PROPORTION = "proportion"
    RATE = "rate"
    RATIO = "ratio"
    PER_AREA = "per_area"
    COVERAGE = "coverage"
    STANDARDISED_RATIO = "standardised_ratio"
    STANDARDISED_RATE = "standardised_rate"
    COMPOSITE = "composite"
    SHARE_OF_UNITS_WITH_NONE = "share_of_units_with_none"
    GAP_BETWEEN_UNITS = "gap_between_units"
    GINI_BETWEEN_UNITS = "gini_between_units"


BETWEEN_UNITS = (Method.GAP_BETWEEN_UNITS, Method.GINI_BETWEEN_UNITS)
WITHOUT_DENOMINATOR = (Method.COUNT, Method.COMPOSITE)


class Comparison(StrEnum):
    """What decides that a region differs: its own interval, or the funnel of chance around the comparator."""

    INTERVAL = "interval"
    FUNNEL = "funnel"


class Direction(StrEnum):
    """Whether a higher value is better. `NEUTRAL` is shown without judgement and without rank colour."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Level(StrEnum):
    """Where a value is computed; `UNIT` is a municipality, or a ward of a designated city."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    AREA = "area"
    UNIT = "unit"


class Basis(StrEnum):
    """Where the numerator is counted: at the provider or at the patient's home."""

    PROVIDER = "provider"
    RESIDENT = "resident"
    NONE = "none"


class Interval(StrEnum):
    """The 95 % interval that fits: none where the counted events are not independent (claims) or nothing is random."""

    NONE = "none"
    POISSON = "poisson"
    WILSON = "wilson"


class Lifecycle(StrEnum):
    """`DATA_MISSING` indicators are listed as 「データ未整備」 together with what would fill them."""

    ACTIVE = "active"
    DATA_MISSING = "data_missing"


class Visibility(StrEnum):
    """Who sees a prefecture's own indicator. Official ones are for all."""

    ALL = "all"
    PREFECTURE = "prefecture"


_PHASE_LABELS = {
    Phase.DISCHARGE: "退院支援",
    Phase.DAILY: "日常の療養支援",
    Phase.ACUTE: "急変時の対応",
    Phase.EOL: "看取り",
    Phase.CROSS: "横断",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NumeratorItem(_Part):
    """An item that is added up. The years say when the code existed: codes change with each 診療報酬改定."""

    code: ItemCode
    from_year: FiscalYear | None = None
    to_year: FiscalYear | None = None

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.from_year and self.to_year and self.from_year > self.to_year:
            raise ValueError("from_year は to_year 以前にしてください。")
        return self

    def exists_in(self, year: int) -> bool:
        """Whether the item could be counted in `year`."""
        return (self.from_year or 0) <= year <= (self.to_year or 9999)


class Numerator(_Part):
    """What is counted. Empty `items` mean that no source holds it yet."""

    text: Text
    items: tuple[NumeratorItem, ...] = ()

    @model_validator(mode="after")
    def _items_once(self) -> Self:
        codes = [item.code for item in self.items]
        if len(codes) != len(set(codes)):
            raise ValueError("同じ項目が2回書かれています。")
        return self

    def codes_in(self, year: int) -> tuple[str, ...]:
        """The items to add up for `year`."""
        return tuple(item.code for item in self.items if item.exists_in(year))


class Denominator(_Part):
    """What it is divided by. The population rule is documented in docs/decisions/0021.

    `between_years`: a projection, on the straight line between the two years around. `expected`: what the nation's
    rates by sex and age would give with the region's people; `by_age`: the region's people by sex and age. Neither of
    these two names an item.
    """

    text: Text
    item: ItemCode | None = None
    rule: Literal["population", "same_year", "between_years", "expected", "by_age"] = "same_year"

    @model_validator(mode="after")
    def _population_has_its_rule(self) -> Self:
        if self.rule in ("expected", "by_age") and self.item is not None:
            raise ValueError(f"rule = {self.rule} の denominator には item を書きません。")
        is_population = self.item is not None and self.item.startswith("population.")
        if is_population != (self.rule == "population"):
            raise ValueError('人口を分母とするときは rule = "population"、それ以外は "same_year" と書いてください。')
        return self


class Component(_Part):
    """One indicator of a composite with its declared weight; `is_reversed` where lower is better there."""

    code: IndicatorCode
    weight: Annotated[float, Field(gt=0)]
    is_reversed: bool = False


class SourceNote(_Part):
    """An official source in words: its name, how often it appears and how late."""

    name: Text
    periodicity: Text
    lag: Text


class Definition(_Part):
    """One indicator. Constraints that tie fields together are checked here, nowhere else.

    `owner`: the code of the prefecture whose own indicator it is; empty for those of the catalogue.
    """

    code: IndicatorCode
    owner: Annotated[str, StringConstraints(pattern=r"^(|0[1-9]|[1-3]\d|4[0-7])$")] = ""
    visibility: Visibility = Visibility.ALL
    version: Annotated[int, Field(ge=1, le=32000)]
    name: Text
    kana: Kana
    phase: Phase
    kind: Kind
    why: Annotated[Text, Field(min_length=30)]
    numerator: Numerator
    denominator: Denominator | None = None
    unit: Text
    multiplier: Annotated[float, Field(gt=0)] = 1
    direction: Direction
    method: Method
    interval: Interval = Interval.NONE
    comparison: Comparison = Comparison.INTERVAL
    pool_years: Annotated[int, Field(ge=1, le=5)] = 1
    components: tuple[Component, ...] = ()
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    basis: Basis
    counts_people: bool
    sources: Annotated[tuple[SourceNote, ...], Field(min_length=1)]
    caveats: Annotated[tuple[Text, ...], Field(min_length=1)]
    core: bool
    official_table: bool
    evidence: Literal["A", "A2", "B", "C"]
    author: Text
    checked_by: str = ""
    next_review: dt.date
    lifecycle: Lifecycle
    to_fill: str = ""

    @model_validator(mode="after")
    def _code_names_the_owner(self) -> Self:
        if self.owner != (self.code[1:3] if re.fullmatch(OWN_CODE, self.code) else ""):
            raise ValueError("独自の指標のコードは「P＋都道府県コード＋_＋3桁」です。owner と合わせてください。")
        if not self.owner and self.visibility is not Visibility.ALL:
            raise ValueError("表示の範囲を限れるのは、都道府県の独自の指標だけです。")
        return self

    @model_validator(mode="after")
    def _code_names_the_kind(self) -> Self:
        if not self.owner and self.code.split("_")[1][0] != self.kind.letter:
            raise ValueError(f"code の {self.code} と kind の {self.kind.value} が合いません（S・P・O）。")
        return self

    @model_validator(mode="after")
    def _denominator_fits_method(self) -> Self:
        if (self.method in WITHOUT_DENOMINATOR) != (self.denominator is None):
            raise ValueError("method が count か composite のときだけ denominator を省けます。")
        rule = self.denominator.rule if self.denominator else ""
        for method, needed in ((Method.STANDARDISED_RATIO, "expected"), (Method.STANDARDISED_RATE, "by_age")):
            if (self.method is method) != (rule == needed):
                raise ValueError(f'method = {method.value} には denominator の rule = "{needed}" が要ります。')
        return self

    @model_validator(mode="after")
    def _composite_has_components(self) -> Self:
        codes = [component.code for component in self.components]
        if (self.method is Method.COMPOSITE) != (len(codes) > 1):
            raise ValueError("method が composite のときだけ、components に2つ以上の指標を書きます。")
        if len(codes) != len(set(codes)) or self.code in codes:
            raise ValueError("components に同じ指標か、この指標自身があります。")
        return self

    @model_validator(mode="after")
    def _pooling_fits_method(self) -> Self:
        if self.pool_years > 1 and self.method not in (Method.COUNT, Method.PROPORTION, Method.RATE):
            raise ValueError("pool_years は method が count・proportion・rate のときだけ使えます。")
        return self

    @model_validator(mode="after")
    def _interval_fits_method(self) -> Self:
        allowed = {
            Interval.WILSON: {Method.PROPORTION},
            Interval.POISSON: {Method.COUNT, Method.RATE, Method.STANDARDISED_RATIO, Method.STANDARDISED_RATE},
        }
        if self.interval is not Interval.NONE and self.method not in allowed[self.interval]:
            raise ValueError(f"interval = {self.interval.value} は method = {self.method.value} には使えません。")
        return self

    @model_validator(mode="after")
    def _lifecycle_is_honest(self) -> Self:
        if self.lifecycle is Lifecycle.DATA_MISSING and not self.to_fill:
            raise ValueError("データ未整備の指標には、何があれば埋まるか（to_fill）を書いてください。")
        if self.lifecycle is Lifecycle.ACTIVE and not (self.numerator.items or self.components):
            raise ValueError("active の指標には numerator.items が要ります。")
        without_item = self.denominator is not None and self.denominator.item is None
        if self.lifecycle is Lifecycle.ACTIVE and without_item and not self._has_denominator_without_item:
            raise ValueError("active の指標の denominator には item が要ります。")
        return self

    @property
    def _has_denominator_without_item(self) -> bool:
        return self.denominator is not None and self.denominator.rule in ("expected", "by_age")

    @property
    def shown_name(self) -> str:
        """The name for records that anybody may read; of what is for a prefecture alone the code only."""
        return self.code if self.visibility is Visibility.PREFECTURE else self.name

    @property
    def core_label(self) -> str:
        """`重点指標(要確認)` for the nine taken as core, else nothing: the ministry's list is not confirmed."""
        return "重点指標(要確認)" if self.core else ""

    @property
    def items(self) -> tuple[str, ...]:
        """Every item the indicator depends on, over all years."""
        codes = [item.code for item in self.numerator.items]
        if self.denominator is not None and self.denominator.item is not None:
            codes.append(self.denominator.item)
        return tuple(codes)
