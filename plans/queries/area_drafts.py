"""Drafts of areas: the lists, and one draft with its areas and the way it came about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from plans.formulas.partition import Area, Change, Partition, apply, from_json
from plans.models import AreaDraft, DraftArea, DraftMove, DraftStep, DraftUnit
from regions.models import AreaScheme, Region
from zaitaku.accounts.permissions import Actor, may_edit, may_see_drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """A draft as it stands. `can_undo` and `can_redo`: whether there is a step before and after."""

    id: int
    prefecture_code: str
    prefecture_id: int
    name: str
    origin: str
    version: int
    partition: Partition
    steps: int
    can_undo: bool
    can_redo: bool
    looked_at_data: str
    adopted_key: str
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of the history; `is_current` is where the draft stands, `is_ahead` what redo would bring back."""

    text: str
    by: str
    at: dt.datetime
    is_current: bool
    is_ahead: bool


def may_change_areas(actor: Actor, prefecture_code: str) -> bool:
    """Whether somebody may change the drafts of a prefecture."""
    return may_edit(actor, prefecture_code)


def may_read_areas(actor: Actor, prefecture_code: str) -> bool:
    """Whether somebody may see them."""
    return may_see_drafts(actor, prefecture_code)


def list_drafts(prefecture_code: str) -> QuerySet[AreaDraft]:
    """The drafts of a prefecture, the one changed last first."""
    drafts = AreaDraft.objects.filter(prefecture__code=prefecture_code, archived_at=None)
    return drafts.select_related("updated_by", "adopted_as").annotate(
        area_count=Count("areas", distinct=True), unit_count=Count("units", distinct=True)
    ).order_by("-updated_at")  # fmt: skip


def list_adopted(prefecture_code: str) -> QuerySet[AreaScheme]:
    """The 在宅医療圏 a prefecture has adopted, the newest first."""
    schemes = AreaScheme.objects.filter(prefecture__code=prefecture_code, kind=AreaScheme.Kind.HOME_CARE_AREA)
    return schemes.select_related("adopted_by").annotate(area_count=Count("areas", distinct=True)).order_by(
        "-effective_from", "-pk"
    )  # fmt: skip


def get_state(draft: AreaDraft, *, partition: Partition | None = None) -> DraftState:
    """The draft with its areas and units; they are read unless they are given."""
    step = draft.current_step
    return DraftState(
        id=draft.pk,
        prefecture_code=draft.prefecture.code,
        prefecture_id=draft.prefecture_id,
        name=draft.name,
        origin=draft.origin,
        version=draft.version,
        partition=get_partition(draft.pk) if partition is None else partition,
        steps=step.depth if step else 0,
        can_undo=step is not None and step.parent_id is not None,
        can_redo=DraftStep.objects.filter(draft=draft, parent=step).exists() if step else False,
        looked_at_data=draft.looked_at_data,
        adopted_key=draft.adopted_as.key if draft.adopted_as else "",
        is_demo=draft.is_demo,
    )


def get_partition(draft_id: int) -> Partition:
    """The areas and units of a draft."""
    areas = DraftArea.objects.filter(draft=draft_id).order_by("number")
    units = DraftUnit.objects.filter(draft=draft_id)
    return Partition(
        areas={
            number: Area(number=number, name=name, colour=colour, is_locked=is_locked)
            for number, name, colour, is_locked in areas.values_list("number", "name", "colour", "is_locked")
        },
        area_of=dict(units.values_list("unit__code", "area__number")),
    )


def get_partition_at(draft: AreaDraft, version: int) -> Partition:
    """What somebody saw at a version, put together from the steps. Raises `DraftMove.DoesNotExist`."""
    partition = Partition()
    for change in get_changes(DraftMove.objects.get(draft=draft, version=version).step_id, draft_id=draft.pk):
        partition = apply(partition, change)
    return partition


def get_changes(step_id: int | None, *, draft_id: int) -> list[Change]:
    """The changes from the beginning to a step."""
    steps = {
        pk: (parent, change)
        for pk, parent, change in DraftStep.objects.filter(draft=draft_id).values_list("pk", "parent_id", "change")
    }
    found = []
    while step_id is not None:
        step_id, change = steps[step_id]
        found.append(from_json(change))
    return found[::-1]


def get_history(draft: AreaDraft, *, most: int = 20) -> list[StepRow]:
    """The last steps on the way to where the draft stands, and those that redo would bring back, newest first."""
    steps = {step.pk: step for step in DraftStep.objects.filter(draft=draft).select_related("by").defer("change")}
    newest_child: dict[int, DraftStep] = {}
    for step in sorted(steps.values(), key=lambda one: one.pk):
        if step.parent_id is not None:
            newest_child[step.parent_id] = step
    behind: list[DraftStep] = []
    ahead: list[DraftStep] = []
    at = steps.get(draft.current_step_id or 0)
    while at is not None and len(behind) < most:
        behind.append(at)
        at = steps.get(at.parent_id or 0)
    at = newest_child.get(draft.current_step_id or 0)
    while at is not None and len(ahead) < 5:
        ahead.append(at)
        at = newest_child.get(at.pk)
    return [_row(step, draft, is_ahead=True) for step in ahead[::-1]] + [
        _row(step, draft, is_ahead=False) for step in behind
    ]


def _row(step: DraftStep, draft: AreaDraft, *, is_ahead: bool) -> StepRow:
    is_current = step.pk == draft.current_step_id
    return StepRow(text=step.text, by=str(step.by), at=step.at, is_current=is_current, is_ahead=is_ahead)


def find_prefecture(code: str) -> Region:
    """The prefecture with a code. Raises `Region.DoesNotExist`."""
    return Region.objects.get(kind=Region.Kind.PREFECTURE, code=code)
