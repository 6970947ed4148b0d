"""What can be wrong with a prefecture's own indicator, in sentences tied to the fields of the form. Pure.

The schema stays the judge (`definitions.schema`); what is checked here before it needs the items' facts, or deserves a
sentence that someone who never saw a definition file can act on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from indicators.definitions.own_draft import UNITS_COUNT, FieldProblem, ItemFacts, OwnDraft, is_between_years
from indicators.definitions.schema import Definition, Lifecycle, Method, Visibility

_WITHOUT_ITEM = (Method.COUNT, Method.STANDARDISED_RATIO, Method.COMPOSITE)


def find_problems(
    draft: OwnDraft, facts: Mapping[str, ItemFacts], known: Mapping[str, Definition]
) -> Iterator[FieldProblem]:
    """Every problem of a draft. `facts`: of the items it names, those that exist; `known`: all indicators there are."""
    method = Method(draft.method)
    if method is Method.COMPOSITE:
        yield from _of_components(draft, known)
    else:
        yield from _of_items(draft, facts)
        yield from _of_denominator(draft, method, facts)
    yield from _of_years(draft, method, facts)
    yield from _of_units(draft, method, facts)


def _of_items(draft: OwnDraft, facts: Mapping[str, ItemFacts]) -> Iterator[FieldProblem]:
    if not draft.items:
        yield _items("分子の項目が選ばれていません。項目を探して「分子に加える」を押してください。")
    for item in draft.items:
        if item.code not in facts:
            yield _items(f"項目「{item.code}」はありません。項目を探し直してください。")
        elif not facts[item.code].years and not facts[item.code].is_in_every_year:
            yield _items(f"「{facts[item.code].name}」の資料はまだ取り込まれていません。取り込んでから選んでください。")
        if item.from_year and item.to_year and item.from_year > item.to_year:
            yield _items(f"期間が逆です（{item.from_year}年度から{item.to_year}年度まで）。")
    if draft.components:
        yield _components("構成する指標を使えるのは、計算方法が「合成指標」のときだけです。外してください。")
    units = {facts[item.code].unit for item in draft.items if item.code in facts}
    if len(units) > 1:
        yield _items(
            f"単位の違う項目（{'、'.join(sorted(units))}）は足し合わせられません。同じ単位の項目だけにしてください。"
        )


def _of_denominator(draft: OwnDraft, method: Method, facts: Mapping[str, ItemFacts]) -> Iterator[FieldProblem]:
    if method in _WITHOUT_ITEM:
        if draft.denominator:
            yield _denominator("この計算方法では分母を選びません。分母を外すか、計算方法を変えてください。")
    elif method is Method.SHARE_OF_UNITS_WITH_NONE:
        if draft.denominator not in ("", UNITS_COUNT):
            yield _denominator("「ない市区町村の割合」の分母は市区町村数に決まっています。分母を外してください。")
    elif not draft.denominator:
        yield _denominator("分母が選ばれていません。項目を探して「分母にする」を押してください。")
    elif draft.denominator not in facts:
        yield _denominator(f"項目「{draft.denominator}」はありません。項目を探し直してください。")
    elif draft.denominator in {item.code for item in draft.items}:
        yield _denominator("分子と分母に同じ項目があります。値がいつも同じになるので、どちらかを変えてください。")


def _of_components(draft: OwnDraft, known: Mapping[str, Definition]) -> Iterator[FieldProblem]:
    if draft.items or draft.denominator:
        yield _items("合成指標は指標から作ります。分子と分母の項目を外してください。")
    if len(draft.components) < 2:
        yield _components("構成する指標を2つ以上選んでください。")
    for part in draft.components:
        found = known.get(part.code)
        if found is None:
            yield _components(f"指標「{part.code}」はありません。公開されている指標から選んでください。")
            continue
        if part.weight <= 0:
            yield _components(f"「{found.name}」の重みは0より大きい数にしてください。")
        if found.lifecycle is not Lifecycle.ACTIVE:
            yield _components(f"「{found.name}」はデータ未整備なので、構成に使えません。")
        if draft.visibility == Visibility.ALL and found.visibility is not Visibility.ALL:
            yield _components(
                f"「{found.name}」は県の中だけに表示する指標です。だれでも見られる指標の構成には使えません。"
            )


def _of_years(draft: OwnDraft, method: Method, facts: Mapping[str, ItemFacts]) -> Iterator[FieldProblem]:
    years = common_years(draft, facts)
    if method is Method.COMPOSITE or not all(item.code in facts for item in draft.items) or not draft.items:
        return
    if not years:
        yield _items(
            "すべての項目がそろう年度がありません（"
            + "、".join(f"{facts[item.code].name}：{_span(facts[item.code].years)}" for item in draft.items)
            + "）。コードが変わった項目は、期間（から・まで）を指定してください。"
        )
        return
    below = facts.get(draft.denominator)
    if below is None or below.is_in_every_year or is_between_years(draft.denominator):
        return
    if not years & set(below.years):
        yield _denominator(
            f"分子と分母の年度が重なりません（分子：{_span(sorted(years))}、分母：{_span(below.years)}）。"
        )


def _of_units(draft: OwnDraft, method: Method, facts: Mapping[str, ItemFacts]) -> Iterator[FieldProblem]:
    over = {facts[item.code].unit for item in draft.items if item.code in facts}
    below = facts.get(draft.denominator)
    if method is Method.PROPORTION and below and over and over != {below.unit}:
        yield FieldProblem(
            field="method",
            reason=f"割合の分子（{'、'.join(sorted(over))}）と分母（{below.unit}）の単位が違います。"
            "「率」か「比」を選んでください。",
        )
    if method is Method.PROPORTION and draft.multiplier not in (None, 1, 100):
        yield FieldProblem(field="multiplier", reason="割合の倍率は100（％）か1にしてください。")
    if method is Method.PROPORTION and draft.unit and (draft.unit == "%") != (draft.multiplier in (None, 100)):
        yield FieldProblem(field="unit", reason="割合の単位は、倍率が100なら「%」にしてください。")
    if method in (Method.COUNT, Method.RATE) and draft.unit and over:
        counted = draft.unit.partition("/")[0]
        if {counted} != over:
            yield FieldProblem(
                field="unit",
                reason=f"分子の項目の単位は「{'、'.join(sorted(over))}」です。「{draft.unit}」と合わせてください。",
            )
    if method is Method.STANDARDISED_RATIO and any(not item.code.startswith("ndb.") for item in draft.items):
        yield FieldProblem(field="method", reason="性・年齢調整は、NDBの項目だけで作る指標に使えます。")
    if draft.pool_years > 1 and method not in (Method.COUNT, Method.PROPORTION, Method.RATE):
        yield FieldProblem(field="pool_years", reason="年度の合算は、実数・割合・率のときだけ使えます。")


def common_years(draft: OwnDraft, facts: Mapping[str, ItemFacts]) -> set[int]:
    """The years in which every item that should exist then has figures; years without any of them do not count."""
    found = [(item, set(facts[item.code].years)) for item in draft.items if item.code in facts]
    every = {year for item, years in found for year in years if item.holds(year)}
    return {year for year in every if all(year in years for item, years in found if item.holds(year))}


def _span(years: Sequence[int]) -> str:
    if not years:
        return "なし"
    return f"{years[0]}年度" if len(years) == 1 else f"{years[0]}〜{years[-1]}年度の{len(years)}年分"


def _items(reason: str) -> FieldProblem:
    return FieldProblem(field="items", reason=reason)


def _denominator(reason: str) -> FieldProblem:
    return FieldProblem(field="denominator", reason=reason)


def _components(reason: str) -> FieldProblem:
    return FieldProblem(field="components", reason=reason)
