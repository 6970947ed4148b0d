"""Writing down 入退院支援ルール."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from plans.actions.rows import change_row
from plans.models import DischargeRule, DischargeRuleMunicipality, Plan
from plans.results import PlanRefusal
from regions.models import Region


@transaction.atomic
def add_rule(
    plan: Plan, *, area: Region, changes: Mapping[str, Any], municipalities: Iterable[Region] = ()
) -> DischargeRule:
    """The rule of an area. Raises `PlanRefusal` if it has one already."""
    if plan.discharge_rules.filter(area=area).exists():
        raise PlanRefusal("この圏域のルールは、すでにあります。一覧から開いて直してください。")
    rule = DischargeRule.objects.create(plan=plan, area=area, **changes)
    _set_municipalities(rule, municipalities)
    return rule


@transaction.atomic
def change_rule(
    rule: DischargeRule, *, base: int, changes: Mapping[str, Any], municipalities: Iterable[Region]
) -> None:
    """Save a rule. Raises `RowConflict`."""
    _set_municipalities(change_row(rule, base=base, changes=changes), municipalities)


def remove_rule(rule: DischargeRule) -> None:
    """Delete a rule. The audit log keeps what was there."""
    rule.delete()


def _set_municipalities(rule: DischargeRule, municipalities: Iterable[Region]) -> None:
    wanted = {one.pk for one in municipalities}
    rule.municipalities.exclude(municipality__in=wanted).delete()
    there = set(rule.municipalities.values_list("municipality_id", flat=True))
    for pk in sorted(wanted - there):
        DischargeRuleMunicipality.objects.create(rule=rule, municipality_id=pk)
