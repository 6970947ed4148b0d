"""好事例: writing, publishing and withdrawing cases. Who may do so is decided by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from institutions.formulas.folding import fold_for_search
from plans.actions.rows import change_row
from plans.models import GoodPractice
from plans.results import PlanRefusal
from regions.models import Region
from zaitaku.accounts.models import User

_SEARCHED = ("title", "kana", "situation", "text", "result", "people")


def add_practice(prefecture: Region, *, changes: Mapping[str, Any], by: User, is_demo: bool = False) -> GoodPractice:
    """A draft of a case; `publish_practice` makes it public. `changes` are fields of the model."""
    searched = _searched(prefecture, changes)
    return GoodPractice.objects.create(prefecture=prefecture, by=by, is_demo=is_demo, searched=searched, **changes)


def change_practice(practice: GoodPractice, *, base: int, changes: Mapping[str, Any]) -> None:
    """Save a case. Raises `RowConflict`."""
    searched = _searched(practice.prefecture, {name: getattr(practice, name) for name in _SEARCHED} | {**changes})
    change_row(practice, base=base, changes={**changes, "searched": searched})


@transaction.atomic
def publish_practice(practice: GoodPractice) -> None:
    """Show a case to everybody. Raises `PlanRefusal` while it does not say what came of it or whom to ask."""
    current = GoodPractice.objects.select_for_update().get(pk=practice.pk)
    missing = [
        label for label, value in (("結果", current.result), ("問い合わせ先", current.contact)) if not value.strip()
    ]
    if missing:
        raise PlanRefusal(
            f"公開する前に、{'と'.join(missing)}を書いてください。ほかの県が確かめられるようにするためです。"
        )
    if current.removed_at is not None:
        raise PlanRefusal("削除した好事例は公開できません。先に元に戻してください。")
    if current.published_at is None:
        now = timezone.now()
        GoodPractice.objects.filter(pk=practice.pk).update(published_at=now, changed_at=now)


def withdraw_practice(practice: GoodPractice) -> None:
    """Make a case a draft again."""
    GoodPractice.objects.filter(pk=practice.pk).update(published_at=None, changed_at=timezone.now())


def remove_practice(practice: GoodPractice) -> None:
    """Take a case away; it can be brought back as a draft (`actions.rows.bring_row_back`)."""
    now = timezone.now()
    GoodPractice.objects.filter(pk=practice.pk).update(published_at=None, removed_at=now, changed_at=now)


def _searched(prefecture: Region, fields: Mapping[str, Any]) -> str:
    """What a case is found by: each text folded, a space between."""
    texts = [prefecture.name, *(str(fields.get(name, "")) for name in _SEARCHED)]
    return " ".join(folded for folded in map(fold_for_search, texts) if folded)
