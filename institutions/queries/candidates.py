"""Institutions that might be designated, proposed from what they notified."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from institutions.definitions import notification_symbols
from institutions.formulas.candidates import Proposal, propose
from institutions.models import Body, Designation
from institutions.parsers.beds import total_beds
from institutions.queries.bodies import current_notifications
from institutions.queries.designations import get_designation_areas
from institutions.queries.reported_scale import ReportedScale, get_reported_scales


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """One proposed institution; `status` is that of its open designation as `active` in the period, if it has one.

    `reported` is its scale by the newest confirmed 活動報告, in words; "" without one.
    """

    body_id: int
    name: str
    code: str
    kind_label: str
    unit_name: str
    area_id: int | None
    area_name: str
    symbols: tuple[str, ...]
    proposal: Proposal
    reported: str
    status: str
    designation_id: int | None


def list_candidates(
    prefecture_code: str, period: int, *, area_id: int | None = None, with_reports: bool = False
) -> tuple[CandidateRow, ...]:
    """The proposed institutions of a prefecture (or one area), by area, what speaks most for them first.

    `with_reports` for those who may read 活動報告.
    """
    symbols = notification_symbols()
    asked_for = [one.symbol for one in symbols.values() if one.family.startswith("shien_") or one.symbol == "在後病"]
    bodies = (
        Body.objects.without_duplicates()
        .filter(prefecture__code=prefecture_code, institution__notifications__symbol__in=asked_for)
        .filter(institution__notifications__listed_to=None)
        .distinct()
        .select_related("institution", "unit")
    )
    areas = get_designation_areas(prefecture_code)
    found = list(bodies)
    held = current_notifications([body.institution_id for body in found if body.institution_id])
    standing = _standing(prefecture_code, period)
    today = timezone.localdate()
    scales = get_reported_scales(today=today, prefecture_code=prefecture_code) if with_reports else {}
    rows = [
        row
        for body in found
        if (proposal := _proposal(body, held)) is not None
        and (row := _row(body, held, proposal, areas.of_unit(body.unit_id), standing, scales.get(body.pk)))
        and (area_id is None or row.area_id == area_id)
    ]
    order = {area.id: i for i, area in enumerate(areas.areas)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.area_id or 0, 999), -row.proposal.weight, row.name)))


def _proposal(body: Body, held: dict[int, list[str]]) -> Proposal | None:
    assert body.institution is not None  # found through its notifications
    return propose(
        held.get(body.institution.pk, []),
        notification_symbols(),
        kind=body.kind,
        beds=total_beds(body.institution.beds),
        is_closed=body.listed_to is not None,
    )


def _standing(prefecture_code: str, period: int) -> dict[int, tuple[int, str]]:
    rows = Designation.objects.filter(
        prefecture__code=prefecture_code, period=period, kind=Designation.Kind.ACTIVE, voided_at=None
    ).exclude(status=Designation.Status.RELEASED)
    labels = dict(Designation.Status.choices)
    return {body: (pk, str(labels[status])) for body, pk, status in rows.values_list("body_id", "pk", "status")}


def _row(
    body: Body,
    held: dict[int, list[str]],
    proposal: Proposal,
    area: object,
    standing: dict[int, tuple[int, str]],
    scale: ReportedScale | None,
) -> CandidateRow:
    pk, status = standing.get(body.pk, (None, ""))
    return CandidateRow(
        body_id=body.pk,
        name=body.name,
        code=body.code,
        kind_label=body.get_kind_display(),
        unit_name=body.unit.name if body.unit else "",
        area_id=getattr(area, "id", None),
        area_name=getattr(area, "name", ""),
        symbols=tuple(held.get(body.institution_id or 0, [])),
        proposal=proposal,
        reported=scale.words if scale else "",
        status=status,
        designation_id=pk,
    )
