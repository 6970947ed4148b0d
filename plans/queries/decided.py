"""What a decision of a 協議の場 can change: records of a plan with their names and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from indicators.definitions.registry import all_definitions
from institutions.models import Designation
from plans.models import AreaDraft, Plan


@dataclass(frozen=True, slots=True)
class Thing:
    """One record of a section, as it is called."""

    section: str
    record: int
    name: str

    @property
    def key(self) -> str:
        """`targets:12`, as forms send it."""
        return f"{self.section}:{self.record}"


@dataclass(frozen=True, slots=True)
class ThingGroup:
    """The records of one section."""

    section: str
    label: str
    things: tuple[Thing, ...]


def _targets(plan: Plan) -> Iterable[tuple[int, str]]:
    names = {one.code: one.name for one in all_definitions()}
    for one in plan.targets.filter(removed_at=None).select_related("region"):
        yield one.pk, f"{names.get(one.indicator_code, one.indicator_code)}（{one.region.name}）"


def _designations(plan: Plan) -> Iterable[tuple[int, str]]:
    found = Designation.objects.filter(prefecture=plan.prefecture, period=plan.period, voided_at=None)
    for one in found.select_related("body", "area").order_by("kind", "area__code", "body__name", "pk"):
        yield one.pk, f"{one.body.name}（{one.get_kind_display()}{f'、{one.area.name}' if one.area else ''}）"


def _areas(plan: Plan) -> Iterable[tuple[int, str]]:
    for one in AreaDraft.objects.filter(prefecture=plan.prefecture, archived_at=None).order_by("-updated_at"):
        yield one.pk, f"{one.name}{'（決定）' if one.adopted_as_id else '（案）'}"


def _demand(plan: Plan) -> Iterable[tuple[int, str]]:
    for one in plan.demand.select_related("area"):
        yield one.pk, f"{one.area.name}（{one.year}年度）"


def _policies(plan: Plan) -> Iterable[tuple[int, str]]:
    return plan.policies.filter(removed_at=None).values_list("pk", "title")


def _chapters(plan: Plan) -> Iterable[tuple[int, str]]:
    return plan.chapters.filter(removed_at=None).values_list("pk", "title")


def _rules(plan: Plan) -> Iterable[tuple[int, str]]:
    for one in plan.discharge_rules.select_related("area"):
        yield one.pk, f"{one.area.name}{f'「{one.name}」' if one.name else ''}"


# Section → what it is called, how its records are read, the name of a record's page.
_SECTIONS: Mapping[str, tuple[str, Callable[[Plan], Iterable[tuple[int, str]]], str]] = {
    "targets": ("数値目標", _targets, "plans:target-detail"),
    "demand": ("在宅の整備目標（按分率）", _demand, "plans:demand"),
    "policies": ("施策", _policies, "plans:policy-detail"),
    "designations": ("位置付け", _designations, "institutions:designation-detail"),
    "areas": ("在宅医療圏", _areas, "plans:draft-detail"),
    "discharge_rules": ("入退院支援ルール", _rules, "plans:discharge-detail"),
    "chapters": ("章", _chapters, "plans:chapter-detail"),
}
# Pages below a plan need its number beside the record's.
_BELOW_PLAN = {"targets", "policies", "discharge_rules"}
_OF_PLAN = {"demand"}


def list_things(plan: Plan) -> tuple[ThingGroup, ...]:
    """Everything a decision may have changed, by section; sections without a record are left out (seven queries)."""
    groups = (
        ThingGroup(section, label, tuple(Thing(section, record, name) for record, name in read(plan)))
        for section, (label, read, _) in _SECTIONS.items()
    )
    return tuple(group for group in groups if group.things)


def label_of(section: str) -> str:
    """What a section is called."""
    return _SECTIONS[section][0] if section in _SECTIONS else ""


def url_of(plan_id: int, section: str, record: int) -> str:
    """The page of a record; of a row that has none, the page it stands on."""
    if section not in _SECTIONS:
        return ""
    name = _SECTIONS[section][2]
    if section in _OF_PLAN:
        return reverse(name, args=[plan_id])
    return reverse(name, args=[plan_id, record] if section in _BELOW_PLAN else [record])
