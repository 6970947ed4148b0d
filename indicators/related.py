"""Indicators that belong together: parts of one composite, the same things counted, the same scene. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.definitions.schema import Definition

MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another indicator, and why it is named."""

    code: str
    name: str
    why: str
    kind_letter: str


def find_related(
    definition: Definition, known: Iterable[Definition], *, available: frozenset[str]
) -> tuple[Related, ...]:
    """Those with figures first, then by how much binds them; the same scene alone is the weakest tie."""
    found = []
    for other in known:
        if other.code == definition.code:
            continue
        strength, why = _tie(definition, other)
        if strength:
            found.append((other.code not in available, -strength, other.code, why, other))
    found.sort(key=lambda one: one[:3])
    return tuple(
        Related(code=other.code, name=other.name, why=why, kind_letter=other.kind.letter)
        for _, _, _, why, other in found[:MOST]
    )


def _tie(one: Definition, other: Definition) -> tuple[int, str]:
    if any(part.code == other.code for part in one.components):
        return 4, "この指標の構成要素"
    if any(part.code == one.code for part in other.components):
        return 4, "この指標を含む合成指標"
    items = {item.code for item in one.numerator.items} & {item.code for item in other.numerator.items}
    if items:
        return 3, "同じものを数える（分母や方法が違う）"
    if one.phase == other.phase:
        return (1, "同じ場面・同じ種別") if one.kind == other.kind else (2, f"同じ場面の{other.kind.label}")
    return 0, ""
