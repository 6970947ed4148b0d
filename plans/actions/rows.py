"""Changing one row of a plan from the version it was made from; a faster colleague's change is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

Row = TypeVar("Row", bound=Model)


class RowConflict(Exception):
    """Somebody saved the row after the version one began from; `current` is theirs, of version `version`."""

    def __init__(self, current: Model, *, version: int) -> None:
        self.current, self.version = current, version
        super().__init__("ほかの人が先に保存しました。")


@transaction.atomic
def change_row(row: Row, *, base: int, changes: Mapping[str, Any]) -> Row:
    """Save fields of a row opened at version `base`. Raises `RowConflict` and writes nothing if it is newer."""
    current: Any = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if current.version != base:
        raise RowConflict(current, version=current.version)
    for name, value in changes.items():
        setattr(current, name, value)
    current.version += 1
    current.save()
    return current  # type: ignore[no-any-return]  # the same class as `row`


def remove_row(row: Model) -> None:
    """Take a row out of the plan; it can be brought back."""
    type(row)._default_manager.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now())


def bring_row_back(row: Model) -> None:
    """Undo `remove_row`."""
    type(row)._default_manager.filter(pk=row.pk).update(removed_at=None)
