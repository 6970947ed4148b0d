"""From what an official enters to a definition, with defaults filled in. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from indicators.definitions.own_checks import find_problems
from indicators.definitions.own_draft import (
    UNITS_COUNT,
    DraftRefused,
    FieldProblem,
    ItemFacts,
    OwnDraft,
    is_between_years,
)
from indicators.definitions.registry import composite_problems
from indicators.definitions.schema import Basis, Definition, Interval, Lifecycle, Method

_MULTIPLIERS = {
    Method.RATE: 100_000.0,
    Method.PROPORTION: 100.0,
    Method.COVERAGE: 100.0,
    Method.STANDARDISED_RATIO: 100.0,
    Method.SHARE_OF_UNITS_WITH_NONE: 100.0,
}
_COUNTED_ONCE = (Method.COUNT, Method.RATE, Method.STANDARDISED_RATIO)
_FIELDS = {"numerator": "items", "to_fill": "items", "author": "name", "sources": "items"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose indicator it is, and under which code and version it is kept."""

    code: str
    version: int
    prefecture_code: str
    prefecture_name: str


def make_definition(
    draft: OwnDraft, *, owner: Owner, facts: Mapping[str, ItemFacts], known: Mapping[str, Definition]
) -> Definition:
    """The definition of a draft. `facts`: of the items it names, those that exist; `known`: all indicators there are.

    Raises `DraftRefused` with every problem found.
    """
    problems = list(find_problems(draft, facts, known))
    if problems:
        raise DraftRefused(problems)
    try:
        definition = Definition.model_validate(_content(draft, owner, facts, known))
    except ValidationError as error:
        raise DraftRefused(_from_schema(error)) from error
    circular = [one.reason for one in composite_problems({**known, owner.code: definition})]
    if circular:
        raise DraftRefused([FieldProblem(field="components", reason=circular[0])])
    return definition


def _content(
    draft: OwnDraft, owner: Owner, facts: Mapping[str, ItemFacts], known: Mapping[str, Definition]
) -> dict[str, Any]:
    """Everything the schema asks for."""
    method = Method(draft.method)
    items = [facts[item.code] for item in draft.items]
    multiplier = draft.multiplier if draft.multiplier is not None else _MULTIPLIERS.get(method, 1.0)
    denominator = _denominator_content(draft, method, facts)
    bases = {item.basis for item in items}
    names = [known[part.code].name for part in draft.components]
    sources = dict.fromkeys(source for item in items for source in item.sources) or {"構成する指標と同じ": None}
    return {
        "code": owner.code,
        "owner": owner.prefecture_code,
        "version": owner.version,
        "visibility": draft.visibility,
        "name": draft.name,
        "kana": draft.kana,
        "phase": draft.phase,
        "kind": draft.kind,
        "why": draft.why,
        "method": method,
        "numerator": {
            "text": draft.numerator_text or "＋".join(item.name for item in items) or "・".join(names),
            "items": [
                {"code": item.code, "from_year": item.from_year, "to_year": item.to_year} for item in draft.items
            ],
        },
        "denominator": denominator,
        "components": [
            {"code": part.code, "weight": part.weight, "is_reversed": part.is_reversed} for part in draft.components
        ],
        "multiplier": multiplier,
        "unit": draft.unit or _unit(method, items, facts.get(draft.denominator), multiplier),
        "pool_years": draft.pool_years,
        "direction": draft.direction,
        "interval": _interval(draft, method, items, facts.get(draft.denominator)),
        "comparison": draft.comparison,
        "levels": draft.levels,
        "basis": bases.pop() if len(bases) == 1 else Basis.NONE,
        "counts_people": any(item.counts_people for item in items),
        "sources": [{"name": name, "periodicity": "資料の公表のつど", "lag": "資料による"} for name in sources],
        "caveats": draft.caveats,
        "core": False,
        "official_table": False,
        "evidence": "C",
        "author": owner.prefecture_name,
        "checked_by": draft.checked_by,
        "next_review": draft.next_review,
        "lifecycle": Lifecycle.ACTIVE,
    }


def _denominator_content(draft: OwnDraft, method: Method, facts: Mapping[str, ItemFacts]) -> dict[str, Any] | None:
    if method in (Method.COUNT, Method.COMPOSITE):
        return None
    if method is Method.STANDARDISED_RATIO:
        text = "全国の性・年齢別の実績を当てはめた期待数"
        return {"text": draft.denominator_text or text, "rule": "expected"}
    code = UNITS_COUNT if method is Method.SHARE_OF_UNITS_WITH_NONE else draft.denominator
    name = facts[code].name if code in facts else "市区町村数"
    rule = "population" if code.startswith("population.") else "same_year"
    return {
        "text": draft.denominator_text or name,
        "item": code,
        "rule": "between_years" if is_between_years(code) else rule,
    }


def _unit(method: Method, items: Sequence[ItemFacts], below: ItemFacts | None, multiplier: float) -> str:
    """`か所/75歳以上10万人`, `%`, `件`: what the figure is told in, where nothing else was entered."""
    if method is Method.COMPOSITE:
        return "点"
    if method is Method.STANDARDISED_RATIO:
        return "全国=100" if multiplier == 100 else f"全国={multiplier:g}"
    if method is Method.GINI_BETWEEN_UNITS:
        return "係数"
    if multiplier == 100 and method in (Method.PROPORTION, Method.COVERAGE, Method.SHARE_OF_UNITS_WITH_NONE):
        return "%"
    counted = items[0].unit
    if below is None:
        return counted
    people = below.name.removesuffix("人口") if below.code.startswith("population.") else below.name
    times = {1.0: "", 1000.0: "千", 10_000.0: "1万", 100_000.0: "10万"}.get(multiplier, f"{multiplier:g}")
    return f"{counted}/{people}{times}{below.unit}"


def _interval(draft: OwnDraft, method: Method, items: Sequence[ItemFacts], below: ItemFacts | None) -> Interval:
    """As chosen; `auto`: claims are no independent events, people and institutions are."""
    if draft.interval != "auto":
        return Interval(draft.interval)
    if any(".claims." in item.code for item in items):
        return Interval.NONE
    if method is Method.PROPORTION:
        return Interval.WILSON if below is not None and below.unit == "人" else Interval.NONE
    return Interval.POISSON if method in _COUNTED_ONCE else Interval.NONE


def _from_schema(error: ValidationError) -> Iterator[FieldProblem]:
    """The schema's complaints, tied to the fields of the form."""
    reasons = {
        "string_too_short": "短すぎます。30文字以上で書いてください。",
        "string_pattern_mismatch": "使えない文字があります。ひらがなで書いてください。",
        "too_short": "1つ以上書いてください。",
        "greater_than": "0より大きい数にしてください。",
        "greater_than_equal": "小さすぎます。",
        "less_than_equal": "大きすぎます。",
    }
    for detail in error.errors():
        place = str(detail["loc"][0]) if detail["loc"] else ""
        text = detail["msg"].removeprefix("Value error, ")
        if "interval" in text and not place:
            place, text = "interval", "この計算方法には使えない信頼区間です。「自動」を選んでください。"
        yield FieldProblem(field=_FIELDS.get(place, place), reason=reasons.get(detail["type"], text))
