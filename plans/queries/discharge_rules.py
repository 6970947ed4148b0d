"""入退院支援ルール by area: who takes part, how far it reaches, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plans.formulas.findings import Finding, Weight
from plans.models import DischargeRule, Plan
from plans.queries.targets import get_target_regions
from regions.models import AreaMembership, Region


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many take part out of how many there are; None where nobody has said."""

    part: int | None
    whole: int | None

    @property
    def share(self) -> float | None:
        """Parts of one; None where it cannot be told."""
        return self.part / self.whole if self.part is not None and self.whole else None

    @property
    def text(self) -> str:
        """`3/5（60%）`, `3（全体は未入力）`, `未入力`."""
        if self.part is None:
            return "未入力"
        if self.whole is None:
            return f"{self.part}（全体は未入力）"
        return f"{self.part}/{self.whole}" + (f"（{self.share:.0%}）" if self.share is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One area with its rule, or without one. `absent`: municipalities of the area that take no part."""

    area: Region
    rule: DischargeRule | None
    municipalities: Coverage
    hospitals: Coverage
    care_managers: Coverage
    absent: tuple[str, ...]
    is_overdue: bool

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.rule is None:
            return "ルールなし"
        if self.rule.agreed_on is None:
            return "協議中"
        return "見直し時期を過ぎた" if self.is_overdue else "合意済"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTable:
    """All areas of the plan, and what is to be mended."""

    rows: tuple[RuleRow, ...]
    agreed: int
    findings: tuple[Finding, ...]


def get_rule_areas(plan: Plan) -> list[Region]:
    """The areas of the plan; the prefecture itself where there are none."""
    prefecture, *areas = get_target_regions(plan)
    return areas or [prefecture]


def get_municipalities(area: Region) -> list[Region]:
    """The municipalities of an area; wards of a designated city count as the city (two queries)."""
    if area.kind == Region.Kind.PREFECTURE:
        return list(_current(Region.objects.filter(parent=area, kind=Region.Kind.MUNICIPALITY)))
    units = AreaMembership.objects.filter(area=area).select_related("unit__parent")
    return _as_cities(one.unit for one in units)


def list_rules(plan: Plan, *, today: dt.date) -> RuleTable:
    """Every area with its rule (five queries)."""
    areas = get_rule_areas(plan)
    rules = {one.area_id: one for one in plan.discharge_rules.prefetch_related("municipalities__municipality")}
    inside = _inside(areas)
    rows = tuple(_row(area, rules.get(area.pk), inside.get(area.pk, []), today=today) for area in areas)
    agreed = sum(row.rule is not None and row.rule.agreed_on is not None for row in rows)
    return RuleTable(rows=rows, agreed=agreed, findings=tuple(_findings(rows)))


def get_rule_row(rule: DischargeRule, *, today: dt.date) -> RuleRow:
    """One rule with what follows from it."""
    return _row(rule.area, rule, get_municipalities(rule.area), today=today)


def _current(found: Iterable[Region]) -> list[Region]:
    return sorted((one for one in found if one.valid_to is None), key=lambda one: one.code)


def _as_cities(units: Iterable[Region]) -> list[Region]:
    cities = {one.pk: one for unit in units for one in [_city(unit)]}
    return sorted(cities.values(), key=lambda one: one.code)


def _city(unit: Region) -> Region:
    if unit.kind == Region.Kind.WARD and unit.parent is not None and unit.parent.kind == Region.Kind.MUNICIPALITY:
        return unit.parent
    return unit


def _inside(areas: Sequence[Region]) -> dict[int, list[Region]]:
    """The municipalities of each area."""
    if len(areas) == 1 and areas[0].kind == Region.Kind.PREFECTURE:
        found = Region.objects.filter(parent=areas[0], kind=Region.Kind.MUNICIPALITY)
        return {areas[0].pk: _current(found)}
    units: dict[int, list[Region]] = {}
    members = AreaMembership.objects.filter(area__in=areas).select_related("unit__parent")
    for one in members:
        units.setdefault(one.area_id, []).append(one.unit)
    return {pk: _as_cities(found) for pk, found in units.items()}


def _row(area: Region, rule: DischargeRule | None, inside: Sequence[Region], *, today: dt.date) -> RuleRow:
    nobody = Coverage(None, None)
    if rule is None:
        return RuleRow(
            area=area,
            rule=None,
            municipalities=nobody,
            hospitals=nobody,
            care_managers=nobody,
            absent=(),
            is_overdue=False,
        )
    joined = {one.municipality_id for one in rule.municipalities.all()}
    absent = tuple(one.name for one in inside if one.pk not in joined)
    return RuleRow(
        area=area,
        rule=rule,
        municipalities=Coverage(len(inside) - len(absent), len(inside)),
        hospitals=Coverage(rule.hospitals, rule.hospitals_of),
        care_managers=Coverage(rule.care_managers, rule.care_managers_of),
        absent=absent,
        is_overdue=rule.review_on is not None and rule.review_on < today,
    )


def _findings(rows: Sequence[RuleRow]) -> Iterable[Finding]:
    """Gaps, each once with the names of the areas it is about."""
    checks = (
        (
            Weight.WARNING,
            "ルールのない圏域",
            [row for row in rows if row.rule is None],
            "入退院支援ルールがありません。",
        ),
        (
            Weight.WARNING,
            "合意していない圏域",
            [row for row in rows if row.rule is not None and row.rule.agreed_on is None],
            "ルールの合意日がありません。",
        ),
        (Weight.WARNING, "見直し", [row for row in rows if row.is_overdue], "見直し予定日を過ぎています。"),
        (
            Weight.NOTE,
            "見直し予定日",
            [row for row in rows if row.rule is not None and row.rule.review_on is None],
            "見直し予定日が決まっていません。",
        ),
        (
            Weight.NOTE,
            "参加していない市町村",
            [row for row in rows if row.rule is not None and row.absent],
            "参加していない市町村があります。",
        ),
    )
    for weight, check, found, text in checks:
        if found:
            yield Finding(weight=weight, check=check, text=f"{'、'.join(row.area.name for row in found)}：{text}")
