"""Versions of a plan for their pages: differences field by field, and the text of a public version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.definitions.registry import UnknownIndicator, get_definition
from plans.formulas.content import (
    ChangeKind,
    Content,
    FieldChange,
    FieldOf,
    RecordChange,
    SectionOf,
    difference,
    records,
)
from plans.formulas.text_difference import Line, compare_texts
from plans.models import Plan, PlanVersion, VersionDecision
from plans.queries.content import SECTIONS, get_content

NOW = "now"
NOTHING: Content = {"plan": {}, "sections": {}}
_HEAD = SectionOf(
    key="plan",
    label="計画",
    name_field="title",
    fields=(FieldOf("title", "計画の名称"), FieldOf("scheme_name", "在宅医療圏")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field before and after; long texts as lines instead."""

    change: FieldChange
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One record that differs."""

    change: RecordChange
    fields: tuple[ShownField, ...]

    @property
    def kind(self) -> ChangeKind:
        return self.change.kind


def compare_contents(before: Content, after: Content) -> tuple[ShownChange, ...]:
    """What differs, field by field: the head of the plan, then section by section."""
    heads = difference(_head(before), _head(after), sections=[_HEAD]) if before["plan"] else ()
    return tuple(_shown(change) for change in (*heads, *difference(before, after, sections=SECTIONS)))


def _head(content: Content) -> Content:
    return {"sections": {"plan": [{**content["plan"], "id": 0}]}}


def _shown(change: RecordChange) -> ShownChange:
    return ShownChange(change=change, fields=tuple(_shown_field(field) for field in change.fields))


def _shown_field(field: FieldChange) -> ShownField:
    if not field.is_text:
        return ShownField(change=field, lines=())
    return ShownField(change=field, lines=compare_texts(field.before or "", field.after or ""))


def get_contents(plan: Plan, wanted: Sequence[str]) -> list[Content]:
    """The contents of versions by number, `now` for today's, empty for nothing. Raises `PlanVersion.DoesNotExist`."""
    found: list[Content] = []
    for one in wanted:
        if one == NOW:
            found.append(get_content(plan))
        else:
            found.append(plan.versions.get(number=int(one)).content if one else NOTHING)
    return found


def list_decisions(version: PlanVersion) -> QuerySet[VersionDecision]:
    """What was decided about a version, in order."""
    return version.decisions.select_related("by").order_by("level")


def indicator_names(content: Content) -> dict[str, str]:
    """Names of the indicators that a plan speaks of; an abolished one keeps its code."""
    codes = {one.get("indicator_code") for key in ("targets", "logic_nodes") for one in records(content, key)}
    found = {}
    for code in codes - {None, ""}:
        try:
            found[str(code)] = get_definition(str(code)).name
        except UnknownIndicator:
            continue
    return found
