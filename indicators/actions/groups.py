"""Keeping groups of municipalities: make, change, take a change back, delete, restore."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from indicators.group_models import SavedGroup, SavedGroupVersion
from zaitaku.accounts.models import User

MOST_GROUPS = 100
# Letters that are not mistaken for one another when an address is read aloud or typed.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_KEY_LENGTH = 10


class TooManyGroups(Exception):
    """The user already keeps as many groups as one may."""

    def __init__(self) -> None:
        super().__init__(f"保存できる地域は1人{MOST_GROUPS}までです。使わない地域を削除してから保存してください。")


@transaction.atomic
def save_group(*, name: str, unit_codes: Sequence[str], by: User) -> SavedGroup:
    """Keep a new group. Raises `TooManyGroups`."""
    User.objects.select_for_update().get(pk=by.pk)  # two windows at once must not pass the limit
    if SavedGroup.objects.filter(owner=by, deleted_at=None).count() >= MOST_GROUPS:
        raise TooManyGroups
    group = SavedGroup.objects.create(key=_new_key(), owner=by)
    _add_version(group, name=name, unit_codes=unit_codes)
    return group


@transaction.atomic
def change_group(key: str, *, name: str, unit_codes: Sequence[str], by: User) -> SavedGroup:
    """Give a group another name or other members; nothing happens if both are the same."""
    group = _own(key, by=by)
    newest = group.versions.latest("number")
    if (newest.name, newest.unit_codes) != (name, list(unit_codes)):
        _add_version(group, name=name, unit_codes=unit_codes)
    return group


@transaction.atomic
def undo_change(key: str, *, by: User) -> SavedGroup:
    """Put the version before the newest on top again; the first version stays."""
    group = _own(key, by=by)
    newest = list(group.versions.order_by("-number")[:2])
    if len(newest) == 2:
        _add_version(group, name=newest[1].name, unit_codes=newest[1].unit_codes)
    return group


@transaction.atomic
def delete_group(key: str, *, by: User) -> SavedGroup:
    """Take a group out of the lists; it can be restored."""
    group = _own(key, by=by)
    group.deleted_at = group.deleted_at or timezone.now()
    group.save(update_fields=["deleted_at"])
    return group


@transaction.atomic
def restore_group(key: str, *, by: User) -> SavedGroup:
    """Bring a deleted group back."""
    group = _own(key, by=by)
    group.deleted_at = None
    group.save(update_fields=["deleted_at"])
    return group


def _own(key: str, *, by: User) -> SavedGroup:
    """The group, locked. Raises `SavedGroup.DoesNotExist`, or `PermissionDenied` if it is somebody else's."""
    group = SavedGroup.objects.select_for_update().get(key=key)
    if group.owner_id != by.pk:
        raise PermissionDenied(
            "この地域を変えられるのは、保存した本人だけです。内容を変えるときは、新しく保存してください。"
        )
    return group


def _add_version(group: SavedGroup, *, name: str, unit_codes: Sequence[str]) -> None:
    newest = group.versions.order_by("-number").values_list("number", flat=True).first() or 0
    SavedGroupVersion.objects.create(group=group, number=newest + 1, name=name, unit_codes=list(unit_codes))


def _new_key() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_KEY_LENGTH))
