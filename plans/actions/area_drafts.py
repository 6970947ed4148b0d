"""Changing drafts of areas. Every change is a step; the row of the draft is locked while one is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from plans.formulas.partition import Change, ChangeStale, Partition, apply, difference, from_json, to_json
from plans.models import AreaDraft, DraftArea, DraftMove, DraftStep, DraftUnit
from plans.queries.area_drafts import get_partition, get_partition_at
from regions.models import Region
from zaitaku.accounts.models import User

Command = Callable[[Partition], Change]
LONGEST_TEXT = 200


class NameTaken(Exception):
    """The prefecture has a draft of this name already, with a sentence for the form."""


class NothingToMove(Exception):
    """There is no step to undo or redo, with a sentence."""


class DraftConflict(Exception):
    """The draft was changed since the page was made, at places this change touches. Nothing was stored.

    `others` are the steps that came in between.
    """

    def __init__(self, others: tuple[DraftStep, ...]) -> None:
        self.others = others
        super().__init__("この案は、ほかの人が先に変更しました。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a change came to: the draft as it now is, and whether it was put on top of somebody else's changes."""

    draft: AreaDraft
    partition: Partition
    was_merged: bool = False
    is_changed: bool = True

    @property
    def version(self) -> int:
        """The version the draft now has."""
        return self.draft.version


@transaction.atomic
def create_draft(
    prefecture: Region, *, name: str, origin: str, partition: Partition, by: User, is_demo: bool = False
) -> AreaDraft:
    """A new draft that begins with a partition. Raises `NameTaken`."""
    if AreaDraft.objects.filter(prefecture=prefecture, name=name, archived_at=None).exists():
        raise NameTaken(f"「{name}」という案はすでにあります。別の名称にしてください。")
    draft = AreaDraft.objects.create(
        prefecture=prefecture, name=name, origin=origin, is_demo=is_demo, created_by=by, updated_by=by
    )
    _store(draft, Partition(), difference(Partition(), partition), text=f"作成（{origin}）", by=by)
    return draft


@transaction.atomic
def change_draft(
    draft_id: int, command: Command, *, version: int, text: str, by: User, is_forced: bool = False
) -> Done:
    """Do a command on a draft that was seen at `version`.

    Changes of others in between stay: if they touch nothing this one touches, it is put on top of them; else
    `DraftConflict` is raised — or, `is_forced`, the command is done on the present state. Raises `ChangeRefused`.
    """
    draft = _locked(draft_id)
    present = get_partition(draft_id)
    is_behind = draft.version != version
    if is_behind and not is_forced:
        seen = get_partition_at(draft, version)
        change = command(seen)
        if change.disturbs(difference(seen, present)):
            raise DraftConflict(_steps_since(draft, version))
    change = command(present)
    if not change:
        return Done(draft=draft, partition=present, is_changed=False)
    after = _store(draft, present, change, text=text, by=by)
    return Done(draft=draft, partition=after, was_merged=is_behind)


@transaction.atomic
def fork_draft(draft_id: int, command: Command, *, version: int, text: str, by: User) -> AreaDraft:
    """A new draft: what was seen at `version` with the command done on it. The old draft keeps what others did."""
    draft = _locked(draft_id)
    seen = get_partition_at(draft, version)
    name = unused_name(draft.prefecture, draft.name)
    copy = create_draft(draft.prefecture, name=name, origin=f"「{draft.name}」から分けた案", partition=seen, by=by)
    change = command(seen)
    if change:
        _store(copy, seen, change, text=text, by=by)
    return copy


@transaction.atomic
def undo(draft_id: int, *, version: int, by: User) -> Done:
    """Go back one step. Raises `NothingToMove`, or `DraftConflict` if somebody else changed the draft since."""
    draft = _unchanged(draft_id, version)
    step = draft.current_step
    if step is None or step.parent is None:
        raise NothingToMove("これより前の操作はありません。")
    _move(draft, from_json(step.change).reversed(), to=step.parent, by=by)
    return Done(draft=draft, partition=get_partition(draft_id))


@transaction.atomic
def redo(draft_id: int, *, version: int, by: User) -> Done:
    """Do the step again that was taken back last. Raises as `undo` does."""
    draft = _unchanged(draft_id, version)
    step = DraftStep.objects.filter(draft=draft, parent=draft.current_step).order_by("-pk").first()
    if step is None:
        raise NothingToMove("やり直せる操作はありません。")
    _move(draft, from_json(step.change), to=step, by=by)
    return Done(draft=draft, partition=get_partition(draft_id))


@transaction.atomic
def rename_draft(draft_id: int, *, name: str, note: str, by: User) -> None:
    """Another name and note for a draft. Raises `NameTaken`."""
    draft = _locked(draft_id)
    others = AreaDraft.objects.filter(prefecture=draft.prefecture, name=name, archived_at=None)
    if others.exclude(pk=draft_id).exists():
        raise NameTaken(f"「{name}」という案はすでにあります。別の名称にしてください。")
    AreaDraft.objects.filter(pk=draft_id).update(name=name, note=note, updated_by=by, updated_at=timezone.now())


def archive_draft(draft_id: int, *, by: User) -> None:
    """Take a draft out of the list. Nothing is deleted."""
    now = timezone.now()
    AreaDraft.objects.filter(pk=draft_id, archived_at=None).update(archived_at=now, updated_by=by, updated_at=now)


def note_data(draft_id: int, *, version: str) -> None:
    """Remember with which data somebody has looked at the results."""
    AreaDraft.objects.filter(pk=draft_id).exclude(looked_at_data=version).update(looked_at_data=version)


def _locked(draft_id: int) -> AreaDraft:
    found = AreaDraft.objects.select_for_update(of=("self",)).select_related(
        "prefecture", "current_step__parent", "adopted_as"
    )
    return found.get(pk=draft_id)


def _unchanged(draft_id: int, version: int) -> AreaDraft:
    draft = _locked(draft_id)
    if draft.version != version:
        raise DraftConflict(_steps_since(draft, version))
    return draft


def _steps_since(draft: AreaDraft, version: int) -> tuple[DraftStep, ...]:
    moves = DraftMove.objects.filter(draft=draft, version__gt=version).select_related("step__by").order_by("version")
    return tuple(move.step for move in moves)


def unused_name(prefecture: Region, name: str) -> str:
    """The name, with a number behind it if the prefecture has a draft of that name."""
    taken = set(AreaDraft.objects.filter(prefecture=prefecture, archived_at=None).values_list("name", flat=True))
    numbered = (f"{name[:70]}（{number}）" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


def _store(draft: AreaDraft, present: Partition, change: Change, *, text: str, by: User) -> Partition:
    """Add a step and let the draft stand there; returns what it then is."""
    after = apply(present, change)  # raises before anything is written that would not fit
    parent = draft.current_step
    step = DraftStep.objects.create(
        draft=draft,
        parent=parent,
        depth=parent.depth + 1 if parent else 0,
        text=text[:LONGEST_TEXT],
        change=to_json(change),
        by=by,
    )
    _move(draft, change, to=step, by=by)
    return after


def _move(draft: AreaDraft, change: Change, *, to: DraftStep, by: User) -> None:
    _write(draft, change)
    draft.version += 1
    draft.current_step = to
    draft.updated_by = by
    draft.save(update_fields=["version", "current_step", "updated_by", "updated_at"])
    DraftMove.objects.create(draft=draft, version=draft.version, step=to, by=by)


def _write(draft: AreaDraft, change: Change) -> None:
    """The rows of the areas and units that a change touches."""
    for number, before, after in change.areas:
        if after is not None:
            values = {"name": after.name, "colour": after.colour, "is_locked": after.is_locked}
            if before is None:
                DraftArea.objects.create(draft=draft, number=number, **values)
            else:
                DraftArea.objects.filter(draft=draft, number=number).update(**values)
    _write_units(draft, change)
    gone = [number for number, _before, after in change.areas if after is None]
    if gone:
        DraftArea.objects.filter(draft=draft, number__in=gone).delete()


def _write_units(draft: AreaDraft, change: Change) -> None:
    if not change.units:
        return
    codes = [unit for unit, *_ in change.units]
    units = dict(
        Region.objects.base_units()
        .filter(code__in=codes, valid_to=None, code__startswith=draft.prefecture.code)
        .values_list("code", "pk")
    )
    if len(units) != len(set(codes)):
        raise ChangeStale("a unit that does not exist")
    areas = dict(DraftArea.objects.filter(draft=draft).values_list("number", "pk"))
    DraftUnit.objects.filter(
        draft=draft, unit__in=[units[unit] for unit, _b, after in change.units if not after]
    ).delete()
    placed = [
        DraftUnit(draft=draft, unit_id=units[unit], area_id=areas[after])
        for unit, _before, after in change.units
        if after is not None
    ]
    DraftUnit.objects.bulk_create(
        placed, update_conflicts=True, unique_fields=["draft", "unit"], update_fields=["area"]
    )
