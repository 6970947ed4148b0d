"""What a prefecture decides about designations. Each change writes a line of history; nothing is overwritten silently.

Who may do so is decided by the caller (`institutions.views.access`); the rules are held by the database, and an answer
of the database becomes a sentence here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from institutions.models import (
    Body,
    Catchment,
    Designation,
    DesignationBatch,
    DesignationChange,
    DesignationComment,
    DesignationRule,
    RequirementAnswer,
)
from regions.models import Region
from zaitaku.accounts.models import User

Action = DesignationChange.Action
Status = Designation.Status
_RULES = {
    "designation_open_once": "この機関は、同じ区分・圏域・計画期間ですでに登録されています。",
    "designation_release_has_reason": "解除には理由が必要です。",
    "designation_designated_has_day_and_area": "位置付けには、圏域と位置付けた日が必要です。",
    "designation_days_in_order": "日付が、位置付けた日より前になっています。",
    "designation_programme_of_hub": "在宅医療・介護連携推進事業の実施主体は、拠点にだけ記録できます。",
    "designation_area_of_prefecture": "この都道府県の圏域を選んでください。",
    "designation_support_is_allowed": "この都道府県では「連携支援機関」を使う設定になっていません。",
    "designation_status_in_order": "状態は、候補→協議中→位置付け→解除の順に進めます。",
    "catchment_unit_of_prefecture": "この都道府県の市区町村を選んでください。",
    "requirement_checked_has_day": "判定したときは、確認日を入れてください。",
}


class DesignationRefused(Exception):
    """Nothing was changed; the message says why and what to do, in Japanese."""


class EditConflict(DesignationRefused):
    """Somebody else changed the designation since the form was opened."""


@contextmanager
def _in_words() -> Iterator[None]:
    """One transaction whose broken rule is told in a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, sentence in _RULES.items():
            if name in str(error):
                raise DesignationRefused(sentence) from error
        raise


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDesignation:
    """A designation to be entered; with `status` 位置付け it is the prefecture's present list that is entered."""

    prefecture_id: int
    period: int
    kind: str
    body: Body
    area_id: int | None
    status: str = Status.CANDIDATE
    reason: str = ""
    decided_on: dt.date
    evidence: str = ""
    recheck_on: dt.date | None = None
    unit_ids: tuple[int, ...] = ()


def create_designation(new: NewDesignation, *, by: User, batch: DesignationBatch | None = None) -> Designation:
    """Enter a designation with its catchment. Raises `DesignationRefused`."""
    with _in_words():
        designation = Designation.objects.create(
            prefecture_id=new.prefecture_id,
            period=new.period,
            kind=new.kind,
            body=new.body,
            area_id=new.area_id,
            status=new.status,
            reason=new.reason,
            decided_on=new.decided_on,
            designated_on=new.decided_on if new.status == Status.DESIGNATED else None,
            evidence=new.evidence,
            recheck_on=new.recheck_on,
        )
        Catchment.objects.bulk_create(Catchment(designation=designation, unit_id=pk) for pk in new.unit_ids)
        _note(designation, Action.CREATED, {}, _state(designation), reason=new.reason, by=by, batch=batch)
    return designation


def change_status(
    designation: Designation,
    status: str,
    *,
    on: dt.date,
    reason: str,
    by: User,
    batch: DesignationBatch | None = None,
) -> None:
    """Take a designation one step on (or from 協議中 back to 候補). Raises `DesignationRefused`."""
    with _in_words():
        locked = Designation.objects.select_for_update().get(pk=designation.pk)
        before = _state(locked)
        locked.status, locked.reason, locked.decided_on = Status(status), reason, on
        if status == Status.DESIGNATED:
            locked.designated_on = on
        _save(locked)
        _note(locked, Action.STATUS, before, _state(locked), reason=reason, by=by, batch=batch)


@transaction.atomic
def change_many(
    designations: Iterable[Designation], status: str, *, on: dt.date, reason: str, by: User
) -> tuple[DesignationBatch | None, list[str]]:
    """Take several designations a step on, as one batch that can be undone; returns why others could not."""
    chosen = list(designations)
    if not chosen:
        return None, []
    batch = DesignationBatch.objects.create(
        prefecture_id=chosen[0].prefecture_id,
        period=chosen[0].period,
        kind=DesignationBatch.Kind.STATUS,
        state=DesignationBatch.State.APPLIED,
        by=by,
        at=timezone.now(),
    )
    refused = []
    for one in chosen:
        try:
            change_status(one, status, on=on, reason=reason, by=by, batch=batch)
        except DesignationRefused as error:
            refused.append(f"{one.body.name}：{error}")
    if len(refused) == len(chosen):
        batch.delete()
        return None, refused
    return batch, refused


def edit_designation(designation: Designation, values: Mapping[str, Any], *, version: int, by: User) -> None:
    """Change area, evidence, re-check date or programme body; `version` is that of the form. Raises `EditConflict`."""
    with _in_words():
        locked = _locked(designation, version)
        before = _state(locked)
        for name in ("area_id", "evidence", "recheck_on", "programme_body_id"):
            if name in values:
                setattr(locked, name, values[name])
        after = _state(locked)
        if after != before:
            _save(locked)
            _note(locked, Action.EDITED, before, after, reason=str(values.get("reason", "")), by=by)


def set_catchment(designation: Designation, unit_ids: Collection[int], *, by: User) -> None:
    """The municipalities a body serves, as a whole. Raises `DesignationRefused`."""
    with _in_words():
        Designation.objects.select_for_update().get(pk=designation.pk)
        before = _codes(designation)
        designation.catchment.exclude(unit_id__in=unit_ids).delete()
        known = set(designation.catchment.values_list("unit_id", flat=True))
        Catchment.objects.bulk_create(
            Catchment(designation=designation, unit_id=pk) for pk in sorted(set(unit_ids) - known)
        )
        after = _codes(designation)
        if before != after:
            _note(designation, Action.CATCHMENT, {"units": before}, {"units": after}, reason="", by=by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a designation stands to one item."""

    item: int
    answer: str
    evidence: str = ""
    checked_on: dt.date | None = None


def answer_requirements(designation: Designation, answers: Iterable[Answer], *, set_key: str, by: User) -> int:
    """Store the answers that differ; returns how many. Answers to other versions of the set stay as they are."""
    with _in_words():
        Designation.objects.select_for_update().get(pk=designation.pk)
        stored = {one.item: one for one in designation.answers.filter(set_key=set_key)}
        before, after = {}, {}
        for one in answers:
            held = stored.get(one.item) or RequirementAnswer(designation=designation, set_key=set_key, item=one.item)
            old = _answer_state(held)
            held.answer, held.evidence, held.checked_on = one.answer, one.evidence, one.checked_on
            new = _answer_state(held)
            if new != old:
                held.save()
                before[str(one.item)], after[str(one.item)] = old, new
        if after:
            _note(designation, Action.REQUIREMENTS, before, after, reason=set_key, by=by)
    return len(after)


@transaction.atomic
def comment(designation: Designation, text: str, *, by: User) -> DesignationComment:
    """Add what a municipality or the prefecture says."""
    return DesignationComment.objects.create(designation=designation, text=text, by=by, at=timezone.now())


@transaction.atomic
def set_rule(prefecture: Region, *, allows_support: bool) -> None:
    """Whether a prefecture uses the third category. Raises `DesignationRefused` while there are open ones."""
    supporting = Designation.objects.filter(prefecture=prefecture, kind=Designation.Kind.SUPPORT, voided_at=None)
    standing = supporting.exclude(status=Status.RELEASED).count()
    if standing and not allows_support:
        raise DesignationRefused(
            f"連携支援機関が{standing}件登録されているため、使わない設定にできません。先に解除してください。"
        )
    DesignationRule.objects.update_or_create(prefecture=prefecture, defaults={"allows_support": allows_support})


def undo_last_change(designation: Designation, *, by: User) -> str:
    """Take the last step of status or edit back; returns what was undone. Raises `DesignationRefused`."""
    with _in_words():
        last = designation.changes.order_by("-pk").first()
        if last is None or last.action not in {Action.STATUS, Action.EDITED}:
            raise DesignationRefused("取り消せるのは、直前の状態の変更と内容の変更だけです。")
        _put_back(last, by=by)
    return last.get_action_display()


def undo_batch(batch: DesignationBatch, *, by: User) -> int:
    """Take a whole batch back; refused if any of its designations was changed since. Raises `DesignationRefused`."""
    with _in_words():
        locked = DesignationBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != DesignationBatch.State.APPLIED:
            raise DesignationRefused("この変更は、すでに取り消されているか、まだ反映されていません。")
        changes = list(locked.changes.select_related("designation__body").order_by("-pk"))
        for change in changes:
            newest = change.designation.changes.order_by("-pk").values_list("pk", flat=True).first()
            if newest != change.pk:
                raise DesignationRefused(
                    f"「{change.designation.body.name}」はこの後に変更されています。先にその変更を取り消してください。"
                )
            _put_back(change, by=by)
        locked.state = DesignationBatch.State.UNDONE
        locked.save(update_fields=["state"])
    return len(changes)


def _put_back(change: DesignationChange, *, by: User) -> None:
    """The designation as it was before a change; a created one is voided."""
    designation = Designation.objects.select_for_update().get(pk=change.designation_id)
    before = _state(designation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zaitaku.undoes_designation', %s, true)", [str(designation.pk)])
    if change.action == Action.CREATED:
        designation.voided_at = timezone.now()
    else:
        for name, value in change.before.items():
            setattr(designation, name, dt.date.fromisoformat(value) if name.endswith("_on") and value else value)
    _save(designation)
    _note(designation, Action.UNDONE, before, _state(designation), reason=change.get_action_display(), by=by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zaitaku.undoes_designation', '', true)")


def _locked(designation: Designation, version: int) -> Designation:
    locked = Designation.objects.select_for_update().get(pk=designation.pk)
    if locked.version != version:
        raise EditConflict("ほかの人がこの位置付けを変更しました。いまの内容を確かめて、もう一度入力してください。")
    return locked


def _save(designation: Designation) -> None:
    designation.version += 1
    designation.save()


def _state(designation: Designation) -> dict[str, Any]:
    """What the history keeps of a designation: JSON, dates in ISO form."""
    return {
        "status": str(designation.status),
        "area_id": designation.area_id,
        "reason": designation.reason,
        "decided_on": _iso(designation.decided_on),
        "designated_on": _iso(designation.designated_on),
        "evidence": designation.evidence,
        "recheck_on": _iso(designation.recheck_on),
        "programme_body_id": designation.programme_body_id,
    }


def _answer_state(answer: RequirementAnswer) -> dict[str, Any]:
    return {"answer": str(answer.answer), "evidence": answer.evidence, "checked_on": _iso(answer.checked_on)}


def _codes(designation: Designation) -> list[str]:
    return list(designation.catchment.order_by("unit__code").values_list("unit__code", flat=True))


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _note(
    designation: Designation,
    action: DesignationChange.Action,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    reason: str,
    by: User,
    batch: DesignationBatch | None = None,
) -> None:
    DesignationChange.objects.create(
        designation=designation,
        action=action,
        before=dict(before),
        after=dict(after),
        reason=reason,
        batch=batch,
        by=by,
        at=timezone.now(),
    )
