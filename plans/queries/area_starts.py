"""What a new draft can begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plans.formulas.partition import Partition, from_groups
from plans.queries.area_drafts import get_partition, list_drafts
from plans.queries.area_frame import get_frame
from regions.models import AreaScheme
from regions.queries.schemes import get_scheme_membership
from regions.results import UnitRow

UNITS, EMPTY, CSV = "units", "empty", "csv"
_SCHEME, _DRAFT = "scheme:", "draft:"
_ORDER = (
    AreaScheme.Kind.HOME_CARE_AREA,
    AreaScheme.Kind.SECONDARY_MEDICAL_AREA,
    AreaScheme.Kind.VISION_AREA,
    AreaScheme.Kind.PUBLIC_HEALTH_CENTRE,
    AreaScheme.Kind.MEDICAL_ASSOCIATION,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One choice. Without data it is named and cannot be chosen (`is_open` false); `text` says what it gives."""

    key: str
    label: str
    text: str
    is_open: bool = True


def get_starts(prefecture_code: str) -> tuple[Start, ...]:
    """Everything a draft of the prefecture can begin with, and what is missing."""
    found = []
    for kind in _ORDER:
        schemes = _schemes(prefecture_code, kind)
        label = AreaScheme.Kind(kind).label
        found += [Start(key=f"{_SCHEME}{key}", label=name, text=f"{count}圏域") for key, name, count in schemes]
        if not schemes:
            text = (
                "まだ決定した圏域がありません。"
                if kind == AreaScheme.Kind.HOME_CARE_AREA
                else "圏域の資料がありません。"
            )
            found.append(Start(key=f"none:{kind}", label=f"{label}から", text=text, is_open=False))
    found += [
        Start(key=UNITS, label="市区町村を1つずつ圏域にする", text="政令指定都市は区ごと"),
        Start(key=EMPTY, label="何もない状態から", text="すべて未割当"),
        Start(key=CSV, label="CSVファイルから", text="1列目に市区町村コードか名称、2列目に圏域名"),
    ]
    found += [
        Start(key=f"{_DRAFT}{draft.pk}", label=f"圏域案「{draft.name}」の写し", text=f"{draft.area_count}圏域")  # type: ignore[attr-defined]  # annotated by list_drafts
        for draft in list_drafts(prefecture_code)
    ]
    return tuple(found)


def _schemes(prefecture_code: str, kind: str) -> list[tuple[str, str, int]]:
    """Schemes of a kind that have areas in the prefecture, the newest first."""
    found = AreaScheme.objects.filter(kind=kind, areas__parent__code=prefecture_code).distinct()
    return [
        (scheme.key, scheme.name, scheme.areas.filter(parent__code=prefecture_code).count())
        for scheme in found.order_by("-effective_from", "key")
    ]


def get_start(key: str, *, prefecture_code: str, on: dt.date) -> Partition:
    """The partition behind a choice other than CSV. Raises LookupError for one that is not offered."""
    units = get_frame(prefecture_code, on=on).units
    if key == EMPTY:
        return Partition()
    if key == UNITS:
        return from_groups((unit.name, [unit.code]) for unit in units)
    if key.startswith(_SCHEME):
        return _from_scheme(key.removeprefix(_SCHEME), units)
    if key.startswith(_DRAFT) and key.removeprefix(_DRAFT).isdecimal():
        draft = list_drafts(prefecture_code).filter(pk=int(key.removeprefix(_DRAFT))).first()
        if draft is not None:
            return get_partition(draft.pk)
    raise LookupError(key)


def _from_scheme(key: str, units: Sequence[UnitRow]) -> Partition:
    try:
        membership = get_scheme_membership(key)
    except AreaScheme.DoesNotExist:
        raise LookupError(key) from None
    code_of = {unit.id: unit.code for unit in units}
    members: dict[int, list[str]] = {}
    for unit, area in membership.area_of.items():
        if unit in code_of:
            members.setdefault(area, []).append(code_of[unit])
    return from_groups((area.name, members[area.id]) for area in membership.areas if area.id in members)
