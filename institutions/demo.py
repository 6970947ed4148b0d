"""デモ: a few invented bodies and designations of one prefecture, so that every page has something to show.

Their names begin with デモ and their codes with 99, which no prefecture has; the database holds both.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from institutions.actions.bodies import EnteredBody, enter_body
from institutions.actions.designations import (
    Answer,
    NewDesignation,
    answer_requirements,
    change_status,
    create_designation,
    set_catchment,
)
from institutions.definitions.requirements import requirement_set
from institutions.models import Body, Designation
from institutions.queries.designations import get_designation_areas
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.lib.codes import luhn_check_digit

_DAY = dt.date(2026, 9, 1)
_REASON = "デモ：架空の例です"
_ANSWERS = (
    Answer(item=1, answer="met", evidence="デモ：24時間の連絡体制の届出", checked_on=_DAY),
    Answer(item=2, answer="met", evidence="デモ：多職種の会議の記録", checked_on=_DAY),
    Answer(item=3, answer="partly", evidence="デモ：研修の受入れは年1回", checked_on=_DAY),
    Answer(item=4, answer="unmet", evidence="デモ：災害時の計画は作成中", checked_on=_DAY),
)


@transaction.atomic
def make_demo_designations(prefecture: Region, *, period: int, by: User, areas: int = 3) -> list[Designation]:
    """For the first areas of a prefecture: a clinic and a hub that are designated, and a clinic that is 候補.

    Run again, it makes nothing anew.
    """
    if Body.objects.filter(is_demo=True, prefecture=prefecture).exists():
        return list(
            Designation.objects.filter(
                body__is_demo=True, prefecture=prefecture, period=period, voided_at=None
            ).order_by("pk")
        )
    made = []
    for number, area in enumerate(get_designation_areas(prefecture.code).areas[:areas], start=1):
        unit = area.unit_ids[0] if area.unit_ids else None
        clinic = _body("clinic", f"デモ在宅クリニック{number}", number * 10 + 1, unit, prefecture, by)
        hub = _body("medical_association", f"デモ{area.name}医師会", number * 10 + 2, unit, prefecture, by)
        waiting = _body("clinic", f"デモ訪問診療所{number}", number * 10 + 3, unit, prefecture, by)
        active = _designate(clinic, "active", area.id, prefecture, period, by)
        centre = _designate(hub, "hub", area.id, prefecture, period, by)
        set_catchment(centre, area.unit_ids, by=by)
        for one in (active, centre):
            wanted = requirement_set(one.kind, period=period)
            if wanted is not None:
                answer_requirements(one, _ANSWERS, set_key=wanted.key, by=by)
        made += [active, centre, _candidate(waiting, "active", area.id, prefecture, period, by)]
    return made


def _body(kind: str, name: str, serial: int, unit_id: int | None, prefecture: Region, by: User) -> Body:
    start = f"991{serial:06d}"
    entered = EnteredBody(
        kind=kind, name=name, code=start + luhn_check_digit(start), unit_id=unit_id, address="デモ市デモ町1-1"
    )
    return enter_body(entered, prefecture=prefecture, by=by, is_demo=True)


def _candidate(body: Body, kind: str, area_id: int, prefecture: Region, period: int, by: User) -> Designation:
    new = NewDesignation(
        prefecture_id=prefecture.pk,
        period=period,
        kind=kind,
        body=body,
        area_id=area_id,
        reason=_REASON,
        decided_on=_DAY,
        evidence="デモ：在宅医療推進協議会",
        recheck_on=dt.date(period + 1, 3, 31),
    )
    return create_designation(new, by=by)


def _designate(body: Body, kind: str, area_id: int, prefecture: Region, period: int, by: User) -> Designation:
    designation = _candidate(body, kind, area_id, prefecture, period, by)
    change_status(designation, "discussing", on=_DAY, reason=_REASON, by=by)
    change_status(designation, "designated", on=_DAY, reason=_REASON, by=by)
    designation.refresh_from_db()
    return designation
