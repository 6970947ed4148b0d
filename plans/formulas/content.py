"""The content of a plan as sections of records, its canonical JSON, and the difference between two contents. Pure.

    {"schema": 1, "plan": {...}, "sections": {"targets": [{"id": 7, "indicator": "DAY_S22", …}, …], …}}

A record keeps its `id` for as long as it exists, so a moved or renamed record is changed, not gone and new. Values are
text, numbers, lists or null; labels stand in the sections' descriptions (`FieldOf`), not in every snapshot.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = 1
Record = Mapping[str, Any]
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One field of a section's records: its key and what an official calls it. `is_text`: compared line by line."""

    key: str
    label: str
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOf:
    """A kind of record in a plan. `name_field` is the field a record is called by."""

    key: str
    label: str
    name_field: str
    fields: tuple[FieldOf, ...]


class ChangeKind(enum.StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        return {"added": "追加", "removed": "削除", "changed": "変更"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after, as text; None where the record did not exist."""

    key: str
    label: str
    before: str | None
    after: str | None
    is_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """One record that differs. `fields` holds only what differs; of an added or removed record, all that is filled."""

    section: str
    section_label: str
    record: int
    name: str
    kind: ChangeKind
    fields: tuple[FieldChange, ...]


def make_content(plan: Record, sections: Mapping[str, Sequence[Record]]) -> dict[str, Any]:
    """The whole content, ready for `canonical`. Raises `ValueError` if a record has no id or shares it."""
    for key, records in sections.items():
        ids = [record.get("id") for record in records]
        if None in ids or len(set(ids)) != len(ids):
            raise ValueError(f"records of {key} need an id each")
    return {
        "schema": SCHEMA,
        "plan": dict(plan),
        "sections": {key: [dict(record) for record in records] for key, records in sections.items()},
    }


def canonical(content: Content) -> str:
    """One text for one content: keys in order, no spaces, Japanese as it is; NaN and infinity are refused."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(content: Content) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def records(content: Content, section: str) -> tuple[Record, ...]:
    """The records of one section, none where an older snapshot did not have it."""
    return tuple(content.get("sections", {}).get(section, ()))


def difference(before: Content, after: Content, *, sections: Sequence[SectionOf]) -> tuple[RecordChange, ...]:
    """What differs, section by section, in the order of the records after; removed records come last."""
    return tuple(
        change
        for section in sections
        for change in _changes(records(before, section.key), records(after, section.key), section)
    )


def _changes(before: Sequence[Record], after: Sequence[Record], section: SectionOf) -> Iterator[RecordChange]:
    old = {record["id"]: record for record in before}
    kept = {record["id"] for record in after}
    for record in after:
        if (change := _change(old.get(record["id"]), record, section)) is not None:
            yield change
    for record in before:
        if record["id"] not in kept and (change := _change(record, None, section)) is not None:
            yield change


def _change(before: Record | None, after: Record | None, section: SectionOf) -> RecordChange | None:
    shown = after if after is not None else before
    fields = tuple(_field_changes(before, after, section))
    if shown is None or (before is not None and after is not None and not fields):
        return None
    kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.CHANGED
    return RecordChange(
        section=section.key,
        section_label=section.label,
        record=shown["id"],
        name=as_text(shown.get(section.name_field)) or f"{section.label} {shown['id']}",
        kind=kind,
        fields=fields,
    )


def _field_changes(before: Record | None, after: Record | None, section: SectionOf) -> Iterator[FieldChange]:
    for field in section.fields:
        old = None if before is None else as_text(before.get(field.key))
        new = None if after is None else as_text(after.get(field.key))
        if (old or "") != (new or ""):
            yield FieldChange(key=field.key, label=field.label, before=old, after=new, is_text=field.is_text)


def as_text(value: object) -> str:
    """A value as a person reads it: lists with 、 between, nothing for null, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    if isinstance(value, (int, float)):
        return f"{value:,}"
    if isinstance(value, Mapping):
        return "、".join(f"{key}：{as_text(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return "、".join(as_text(one) for one in value)
    return str(value)
