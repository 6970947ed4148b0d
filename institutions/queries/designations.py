"""Reading designations: rows for lists and checks, counts for the national view, areas, history."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from institutions.definitions.requirements import requirement_set
from institutions.models import Body, Catchment, Designation, DesignationRule, RequirementAnswer
from institutions.results import (
    DESIGNATED,
    MEDICAL_KINDS,
    RELEASED,
    AreaUnits,
    DesignationAreas,
    DesignationRow,
    PlaceName,
    PrefectureCount,
)
from regions.models import AreaMembership, AreaScheme, Region

_RELATED = ("body__unit", "area", "programme_body", "prefecture")


def get_designations(
    prefecture_code: str, period: int, *, statuses: Collection[str] = (), include_demo: bool = True
) -> tuple[DesignationRow, ...]:
    """The designations of a prefecture and period by area, category and name; without `statuses` all but 解除.

    Three queries, however many there are.
    """
    rows = Designation.objects.filter(prefecture__code=prefecture_code, period=period, voided_at=None)
    rows = rows.filter(status__in=statuses) if statuses else rows.exclude(status=RELEASED)
    if not include_demo:
        rows = rows.filter(body__is_demo=False)
    return to_rows(rows.select_related(*_RELATED).order_by("area__code", "kind", "body__search_text", "pk"))


def get_designation(designation_id: int) -> DesignationRow | None:
    """One designation, a released one too; None if there is none or its list was taken back."""
    found = to_rows(Designation.objects.filter(pk=designation_id, voided_at=None).select_related(*_RELATED))
    return found[0] if found else None


def get_designations_of_body(body_ids: Collection[int]) -> tuple[DesignationRow, ...]:
    """Every designation of a body, the newest period first."""
    rows = Designation.objects.filter(body__in=body_ids, voided_at=None)
    return to_rows(rows.select_related(*_RELATED).order_by("-period", "kind", "pk"))


def to_rows(designations: Iterable[Designation]) -> tuple[DesignationRow, ...]:
    """Designations (with their related rows selected) as frozen rows with catchment and answers."""
    found = list(designations)
    ids = [one.pk for one in found]
    units: dict[int, list[PlaceName]] = defaultdict(list)
    catchment = Catchment.objects.filter(designation__in=ids).order_by("unit__code")
    for pk, unit, code, name in catchment.values_list("designation_id", "unit_id", "unit__code", "unit__name"):
        units[pk].append(PlaceName(id=unit, code=code, name=name))
    answers: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    given = RequirementAnswer.objects.filter(designation__in=ids)
    for pk, key, answer in given.values_list("designation_id", "set_key", "answer"):
        answers[pk, key][answer] += 1
    return tuple(_row(one, tuple(units[one.pk]), answers) for one in found)


def _row(
    one: Designation, units: tuple[PlaceName, ...], answers: dict[tuple[int, str], Counter[str]]
) -> DesignationRow:
    body, wanted = one.body, requirement_set(one.kind, period=one.period)
    return DesignationRow(
        id=one.pk,
        prefecture_code=one.prefecture.code,
        period=one.period,
        kind=one.kind,
        kind_label=one.get_kind_display(),
        status=one.status,
        status_label=one.get_status_display(),
        body_id=body.pk,
        body_name=body.name,
        body_kana=body.kana,
        body_kind=body.kind,
        body_kind_label=body.get_kind_display(),
        code=body.code,
        address=body.address,
        unit=_place(body.unit),
        latitude=body.latitude,
        longitude=body.longitude,
        position=body.position,
        is_demo=body.is_demo,
        listed_to=body.listed_to,
        institution_id=body.institution_id,
        area=_place(one.area),
        reason=one.reason,
        evidence=one.evidence,
        decided_on=one.decided_on,
        designated_on=one.designated_on,
        recheck_on=one.recheck_on,
        programme=_place(one.programme_body),
        version=one.version,
        catchment=units,
        answers=dict(answers.get((one.pk, wanted.key), {})) if wanted else {},
        items=len(wanted.items) if wanted else 0,
    )


def _place(found: Any) -> PlaceName | None:
    return PlaceName(id=found.pk, code=found.code, name=found.name) if found else None


def count_by_prefecture(*, period: int, include_demo: bool = False) -> dict[str, PrefectureCount]:
    """Designated bodies (status 位置付け) of both categories by prefecture code; a prefecture without any is absent."""
    rows = Designation.objects.filter(period=period, status=DESIGNATED, voided_at=None)
    if not include_demo:
        rows = rows.filter(body__is_demo=False)
    active = Q(kind=Designation.Kind.ACTIVE)
    counts = rows.values_list("prefecture__code").annotate(
        active=Count("body", filter=active, distinct=True),
        hubs=Count("body", filter=Q(kind=Designation.Kind.HUB), distinct=True),
        other=Count("body", filter=active & ~Q(body__kind__in=MEDICAL_KINDS), distinct=True),
    )
    return {
        code: PrefectureCount(prefecture_code=code, active=active, hubs=hubs, active_not_medical=other)
        for code, active, hubs, other in counts.order_by("prefecture__code")
    }


def get_designation_areas(prefecture_code: str) -> DesignationAreas:
    """The areas designations of a prefecture are made in, with their base units."""
    kinds = AreaScheme.Kind
    own = AreaScheme.objects.filter(kind=kinds.HOME_CARE_AREA, areas__parent__code=prefecture_code)
    national = AreaScheme.objects.filter(kind=kinds.SECONDARY_MEDICAL_AREA)
    today = timezone.localdate()
    in_force = Q(effective_to__isnull=True) | Q(effective_to__gt=today)
    scheme = (
        own.filter(in_force).order_by("-effective_from", "-pk").first()
        or national.filter(in_force).order_by("-effective_from").first()
    )
    if scheme is None:
        return DesignationAreas(scheme_key="", scheme_name="", is_home_care=False, areas=())
    members: dict[int, list[int]] = defaultdict(list)
    of_prefecture = AreaMembership.objects.filter(scheme=scheme, area__parent__code=prefecture_code)
    for area, unit in of_prefecture.order_by("unit__code").values_list("area_id", "unit_id"):
        members[area].append(unit)
    areas = Region.objects.filter(scheme=scheme, parent__code=prefecture_code).order_by("code")
    return DesignationAreas(
        scheme_key=scheme.key,
        scheme_name=scheme.name,
        is_home_care=scheme.kind == kinds.HOME_CARE_AREA,
        areas=tuple(
            AreaUnits(id=area.pk, code=area.code, name=area.name, unit_ids=tuple(members[area.pk])) for area in areas
        ),
    )


def allows_support(prefecture_code: str) -> bool:
    """Whether a prefecture uses the third category."""
    return DesignationRule.objects.filter(prefecture__code=prefecture_code, allows_support=True).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of the history: who did what, when and why; `changes` are field, before, after in words."""

    action: str
    by: str
    at: dt.datetime
    reason: str
    changes: tuple[tuple[str, str, str], ...]


_WORDS = {
    "status": "状態",
    "reason": "理由",
    "decided_on": "状態の日",
    "designated_on": "位置付けた日",
    "evidence": "根拠",
    "recheck_on": "再確認の期限",
    "units": "担当する市区町村",
    "area_id": "圏域",
    "programme_body_id": "推進事業の実施主体",
}


def get_history(designation_id: int) -> tuple[HistoryLine, ...]:
    """Every change of a designation, the newest first."""
    designation = Designation.objects.get(pk=designation_id)
    changes = designation.changes.select_related("by").order_by("-pk")
    return tuple(
        HistoryLine(
            action=change.get_action_display(),
            by=str(change.by),
            at=change.at,
            reason=change.reason,
            changes=tuple(_differences(change.before, change.after)),
        )
        for change in changes
    )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    for name, value in after.items():
        if before.get(name) != value and name != "reason":
            label = _WORDS.get(name, f"要件{name}" if name.isdecimal() else name)
            yield label, _said(name, before.get(name)), _said(name, value)


def _said(name: str, value: Any) -> str:
    if isinstance(value, dict):
        answer = dict(RequirementAnswer.Answer.choices).get(value.get("answer", ""), "")
        return f"{answer} {value.get('evidence', '')}".strip()
    if name == "status":
        return str(dict(Designation.Status.choices).get(value, ""))
    if name == "area_id" and value:
        return str(Region.objects.filter(pk=value).values_list("name", flat=True).first() or "")
    if name == "programme_body_id" and value:
        return str(Body.objects.filter(pk=value).values_list("name", flat=True).first() or "")
    if isinstance(value, list):
        return f"{len(value)}市区町村"
    return "" if value is None else str(value)
