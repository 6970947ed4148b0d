"""What is wrong or worth a look in a draft of areas, each with where it is and what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plans.formulas.contiguity import Neighbours, pieces
from plans.formulas.partition import Area, Partition


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """Its Japanese name."""
        return {"error": "要修正", "warning": "要確認", "note": "参考"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. `units` are the codes to jump to; `area` the area it is about, if any; `rule` its source."""

    key: str
    severity: Severity
    text: str
    rule: str
    area: int | None = None
    units: tuple[str, ...] = ()


_GUIDELINE = "在宅医療の体制構築に係る指針（圏域の設定）"
_OWN = "このシステムの確認項目"


def check_draft(
    partition: Partition,
    *,
    units: Mapping[str, str],
    neighbours: Neighbours,
    active: Mapping[str, int] | None,
    hubs: Mapping[str, int] | None,
    candidates: Mapping[str, int] | None,
) -> tuple[Finding, ...]:
    """Everything found, by weight and then by area.

    `units` are names by code. `active` and `hubs` count designated bodies that serve each unit, `candidates` support
    clinics and hospitals; None where nothing is registered, and then nothing is said about it.
    """
    found = [*_unassigned(partition, units)]
    for area in partition.areas.values():
        members = partition.units_in(area.number)
        if not members:
            found.append(_empty(area))
            continue
        found += _apart(area, members, units, neighbours)
        found += _without(area, members, active=active, hubs=hubs, candidates=candidates)
    order = list(Severity)
    return tuple(sorted(found, key=lambda one: (order.index(one.severity), one.area or 0)))


def _unassigned(partition: Partition, units: Mapping[str, str]) -> list[Finding]:
    loose = tuple(sorted(set(units) - set(partition.area_of)))
    if not loose:
        return []
    text = f"どの圏域にも入っていない市区町村が{len(loose)}あります（{_names(loose, units)}）。圏域に移してください。"
    return [Finding(key="unassigned", severity=Severity.ERROR, text=text, rule=_OWN, units=loose)]


def _empty(area: Area) -> Finding:
    text = f"「{area.name}」に市区町村がありません。市区町村を入れるか、圏域を削除してください。"
    return Finding(key="empty", severity=Severity.ERROR, text=text, rule=_OWN, area=area.number)


def _apart(area: Area, members: Collection[str], units: Mapping[str, str], neighbours: Neighbours) -> list[Finding]:
    _main, *others = pieces(members, neighbours)
    return [
        Finding(
            key="apart",
            severity=Severity.WARNING,
            text=f"「{area.name}」の{_names(piece, units)}が、圏域のほかの市区町村とつながっていません。"
            "隣の圏域に移すか、橋や航路があればつながりとして登録してください。",
            rule=_OWN,
            area=area.number,
            units=piece,
        )
        for piece in others
    ]


def _without(
    area: Area,
    members: Collection[str],
    *,
    active: Mapping[str, int] | None,
    hubs: Mapping[str, int] | None,
    candidates: Mapping[str, int] | None,
) -> list[Finding]:
    found = []
    if active is not None and not _count(members, active):
        text = f"「{area.name}」に積極的役割を担う医療機関がありません。候補を確かめるか、隣の圏域と合わせてください。"
        found.append(("no-active", Severity.ERROR, text, _GUIDELINE))
    if hubs is not None and not _count(members, hubs):
        text = f"「{area.name}」に在宅医療に必要な連携を担う拠点がありません。担う機関を位置付けてください。"
        found.append(("no-hub", Severity.ERROR, text, _GUIDELINE))
    if candidates is not None and not _count(members, candidates):
        text = f"「{area.name}」に在支診・在支病の届出がありません。積極的役割を担う医療機関の候補が限られます。"
        found.append(("no-candidate", Severity.WARNING, text, _OWN))
    return [
        Finding(key=key, severity=severity, text=text, rule=rule, area=area.number)
        for key, severity, text, rule in found
    ]


def _count(members: Collection[str], numbers: Mapping[str, int]) -> int:
    return sum(numbers.get(unit, 0) for unit in members)


def _names(codes: Collection[str], units: Mapping[str, str], *, most: int = 3) -> str:
    names = [units.get(code, code) for code in sorted(codes)]
    return "、".join(names[:most]) + (f" ほか{len(names) - most}" if len(names) > most else "")
