"""Checks of a logic model: is every policy measured, every outcome worked for, every arrow plausible. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plans.formulas.findings import Finding, Weight

POLICY, ACTIVITY, INTERMEDIATE, OUTCOME = COLUMNS = ("policy", "activity", "intermediate", "outcome")
# Codes of indicators and 「指標「…」」 as officials write them in a text.
_CODE = re.compile(r"(?<![A-Z0-9_])(?:[A-Z]{1,3}_[SPO][0-9]{2}|P(?:0[1-9]|[1-3][0-9]|4[0-7])_[0-9]{3})(?![0-9])")
_NAMED = re.compile(r"指標「([^」]+)」")
_WRONG = {"higher": "lower", "lower": "raise"}
_GOOD = {"higher": "増やす", "lower": "減らす"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box. `kind` is one of `COLUMNS`; `texts`: all that is written in it."""

    id: int
    kind: str
    title: str
    policy: int | None = None
    indicator: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An arrow with what is written about it."""

    source: int
    target: int
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target of the plan: its indicator, the direction it takes, and whether it has a baseline."""

    indicator: str
    direction: str
    has_baseline: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What is checked. `indicators`: name by code of all there are; `good`: direction by code; `valued`: codes with a
    figure for the prefecture; `policies`: titles of the plan's policies by id.
    """

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    aims: Sequence[Aim] = ()
    policies: Mapping[int, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    valued: Collection[str] = ()


def check_logic_model(model: Model) -> tuple[Finding, ...]:
    """All that is found, what must be mended first."""
    found = [
        *_backwards(model),
        *_unknown_indicators(model),
        *_directions(model),
        *_unmeasured_policies(model),
        *_unsupported_outcomes(model),
        *_baselines(model),
        *_loose(model),
        *_missing_policies(model),
        *_without_reason(model),
    ]
    return tuple(sorted(found, key=lambda one: (Weight.ERROR, Weight.WARNING, Weight.NOTE).index(one.weight)))


def _finding(weight: Weight, check: str, text: str, record: int | None = None) -> Finding:
    return Finding(weight=weight, check=check, text=text, record=record)


def _backwards(model: Model) -> Iterator[Finding]:
    nodes = {one.id: one for one in model.nodes}
    for edge in model.edges:
        start, end = nodes[edge.source], nodes[edge.target]
        if COLUMNS.index(start.kind) > COLUMNS.index(end.kind):
            text = f"「{start.title}」から「{end.title}」へのつながりが、結果から手段へ戻っています。"
            yield _finding(Weight.ERROR, "逆向きのつながり", text, start.id)


def _unknown_indicators(model: Model) -> Iterator[Finding]:
    names = set(model.indicators.values())
    for node in model.nodes:
        texts = (node.title, *node.texts, *(edge.reason for edge in model.edges if edge.source == node.id))
        texts += tuple(edge.evidence for edge in model.edges if edge.source == node.id)
        codes = dict.fromkeys(code for text in (node.indicator, *texts) for code in _CODE.findall(text))
        for code in codes:
            if code not in model.indicators:
                text = f"「{node.title}」に書かれた指標{code}は、指標カタログにありません。"
                yield _finding(Weight.ERROR, "ない指標", text, node.id)
        for name in dict.fromkeys(name for text in texts for name in _NAMED.findall(text)):
            if name not in names:
                text = f"「{node.title}」に書かれた指標「{name}」は、指標カタログにありません。"
                yield _finding(Weight.ERROR, "ない指標", text, node.id)


def _directions(model: Model) -> Iterator[Finding]:
    shown = {node.indicator: node.id for node in model.nodes if node.indicator}
    for aim in model.aims:
        good = model.good.get(aim.indicator, "")
        if aim.indicator in shown and _WRONG.get(good) == aim.direction:
            name = model.indicators.get(aim.indicator, aim.indicator)
            text = f"「{name}」は{_GOOD[good]}のが望ましい指標ですが、数値目標の方向が逆です。"
            yield _finding(Weight.ERROR, "方向", text, shown[aim.indicator])


def _unmeasured_policies(model: Model) -> Iterator[Finding]:
    measured = {node.id for node in model.nodes if node.indicator}
    for node in model.nodes:
        if node.kind == POLICY and not measured & _reached([node.id], model.edges):
            text = f"施策「{node.title}」から先に、指標がありません。何で効果をみるかを決めてください。"
            yield _finding(Weight.WARNING, "指標のない施策", text, node.id)


def _unsupported_outcomes(model: Model) -> Iterator[Finding]:
    worked_for = _reached([node.id for node in model.nodes if node.kind == POLICY], model.edges)
    for node in model.nodes:
        if node.kind in (INTERMEDIATE, OUTCOME) and node.id not in worked_for:
            text = f"「{node.title}」につながる施策がありません。"
            yield _finding(Weight.WARNING, "施策のないアウトカム", text, node.id)


def _baselines(model: Model) -> Iterator[Finding]:
    aims = {aim.indicator: aim for aim in model.aims}
    for node in model.nodes:
        if not node.indicator or node.indicator not in model.indicators:
            continue
        aim = aims.get(node.indicator)
        if (aim and not aim.has_baseline) or node.indicator not in model.valued:
            text = f"「{node.title}」の指標{node.indicator}には、この県の値がなく、現状値を示せません。"
            yield _finding(Weight.WARNING, "現状値のない目標", text, node.id)
        elif aim is None and node.kind in (INTERMEDIATE, OUTCOME):
            text = f"「{node.title}」の指標{node.indicator}に、数値目標がありません。"
            yield _finding(Weight.NOTE, "目標のない指標", text, node.id)


def _loose(model: Model) -> Iterator[Finding]:
    tied = {end for edge in model.edges for end in (edge.source, edge.target)}
    for node in model.nodes:
        if node.id not in tied:
            yield _finding(
                Weight.WARNING, "つながりのない項目", f"「{node.title}」はどこにもつながっていません。", node.id
            )


def _missing_policies(model: Model) -> Iterator[Finding]:
    drawn = {node.policy for node in model.nodes}
    for number, title in model.policies.items():
        if number not in drawn:
            yield _finding(Weight.NOTE, "モデルにない施策", f"施策「{title}」が、ロジックモデルにありません。")


def _without_reason(model: Model) -> Iterator[Finding]:
    names = {one.id: one.title for one in model.nodes}
    for edge in model.edges:
        if not edge.reason.strip():
            text = f"「{names[edge.source]}」から「{names[edge.target]}」へつながる理由が書かれていません。"
            yield _finding(Weight.NOTE, "理由のないつながり", text)


def _reached(starts: Iterable[int], edges: Sequence[Edge]) -> set[int]:
    """The boxes that arrows lead to from `starts`, and these themselves."""
    ahead: dict[int, list[int]] = {}
    for edge in edges:
        ahead.setdefault(edge.source, []).append(edge.target)
    found: set[int] = set()
    waiting = list(starts)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(ahead.get(one, ()))
    return found
