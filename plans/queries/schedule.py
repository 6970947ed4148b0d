"""年間スケジュール: dated entries gathered from where they live, seen through whoever reads them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.urls import reverse

from institutions.models import BodyReport, Designation, ReportRound
from plans.formulas.schedule import EVERYONE, OWN_OFFICE, Audience, Entry, EntryKind, fiscal_year_days, in_order
from plans.models import Chapter, EvaluationKind, Plan, PlanEvaluation, RoadmapStep
from plans.queries.meetings import invited_codes
from zaitaku.accounts.permissions import Actor, sees_whole_schedule
from zaitaku.audit.models import AuditEntry
from zaitaku.lib.fiscal_years import fiscal_year, format_fiscal_year

_SHARED_WITH_TOWNS = frozenset({Audience.PREFECTURE, Audience.MUNICIPALITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose schedule it is; `codes` are the municipalities they act for."""

    audience: Audience
    codes: frozenset[str] = frozenset()


OWN_PEOPLE = Reader(audience=Audience.PREFECTURE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """How often the rows of an entry have changed, and when last."""

    changes: int
    at: dt.datetime


def reader_of(actor: Actor, prefecture_code: str) -> Reader:
    """The schedule that somebody who may see the plan reads."""
    if sees_whole_schedule(actor, prefecture_code):
        return OWN_PEOPLE
    return Reader(audience=Audience.MUNICIPALITY, codes=actor.codes)


def due_dates(
    plan: Plan,
    *,
    reader: Reader = OWN_PEOPLE,
    since: dt.date | None = None,
    until: dt.date | None = None,
    kinds: Collection[EntryKind] = (),
    open_only: bool = False,
) -> tuple[Entry, ...]:
    """Every dated entry about a plan, by the day it is due (at most nine queries; fewer for fewer `kinds`).

    `since` and `until` keep entries that touch those days; `open_only` leaves out what is done and meetings.
    """
    entries = (entry for kind in (kinds or EntryKind) for entry in _SOURCES[kind](plan))
    return in_order(
        entry
        for entry in entries
        if entry.is_for(reader.audience, reader.codes)
        and (since is None or entry.last >= since)
        and (until is None or entry.first <= until)
        and not (open_only and (entry.is_done or entry.kind is EntryKind.MEETING))
    )


def find_entry(plan: Plan, kind: EntryKind, record: int, *, reader: Reader) -> Entry | None:
    """One entry of the schedule; None if it is not there for this reader."""
    found = due_dates(plan, reader=reader, kinds=[kind])
    return next((entry for entry in found if entry.record == record), None)


def get_stamps(entries: Iterable[Entry], plan: Plan) -> dict[str, Stamp]:
    """When each entry was changed last, and how often, as the audit log has it (one query); by the entry's key."""
    entries = list(entries)
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for table, row in entry.rows:
            wanted[table].add(str(row))
    rows = Q(pk__in=[])
    for table, ids in wanted.items():
        rows |= Q(table=table, row__in=ids)
    found = AuditEntry.objects.filter(rows).order_by().values_list("table", "row")
    noted = {
        (table, row): Stamp(updates, at)
        for table, row, updates, at in found.annotate(updates=Count("pk", filter=Q(action="UPDATE")), at=Max("at"))
    }
    return {entry.key: _sum(entry, noted, Stamp(0, plan.created_at)) for entry in entries}


def _sum(entry: Entry, noted: Mapping[tuple[str, str], Stamp], start: Stamp) -> Stamp:
    known = [noted.get((table, str(row)), start) for table, row in entry.rows] or [start]
    return Stamp(sum(one.changes for one in known), max(one.at for one in known))


def get_years(plan: Plan, *, today: dt.date) -> range:
    """The fiscal years a schedule is offered for: from two years before the plan, or now, to its evaluation."""
    current = fiscal_year(today)
    return range(min(plan.period - 2, current), max(plan.years[-1] + 2, current + 1))


def _meetings(plan: Plan) -> Iterator[Entry]:
    for one in plan.meetings.filter(removed_at=None).prefetch_related("invitations__municipality"):
        invited = invited_codes(one)
        yield Entry(
            kind=EntryKind.MEETING,
            record=one.pk,
            title=one.name,
            first=one.held_on,
            last=one.held_on,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            rows=(("plans_meeting", one.pk),),
            url=reverse("plans:meeting-detail", args=[plan.pk, one.pk]),
            place=one.place,
            owner=one.body,
            note=one.agenda,
            audiences=EVERYONE if invited is None else _SHARED_WITH_TOWNS,
            invited=invited,
        )


def _chapters(plan: Plan) -> Iterator[Entry]:
    for one in plan.chapters.filter(removed_at=None, due_on__isnull=False).select_related("owner"):
        assert one.due_on is not None
        yield Entry(
            kind=EntryKind.CHAPTER,
            record=one.pk,
            title=f"章「{one.title}」の期限",
            first=one.due_on,
            last=one.due_on,
            rows=(("plans_chapter", one.pk),),
            url=reverse("plans:chapter-detail", args=[one.pk]),
            owner=str(one.owner) if one.owner else "",
            is_done=one.status == Chapter.Status.APPROVED,
        )


def _steps(plan: Plan) -> Iterator[Entry]:
    """A step of a roadmap names a fiscal year only: it is due by the year's last day."""
    found = RoadmapStep.objects.filter(policy__plan=plan, policy__removed_at=None).select_related("policy")
    for one in found.order_by("pk"):
        _, last = fiscal_year_days(one.year)
        yield Entry(
            kind=EntryKind.STEP,
            record=one.pk,
            title=f"{one.text}（{one.policy.title}）",
            first=last,
            last=last,
            rows=(("plans_roadmapstep", one.pk), ("plans_policy", one.policy_id)),
            url=reverse("plans:policy-detail", args=[plan.pk, one.policy_id]),
            owner=one.policy.owner,
            note=f"{format_fiscal_year(one.year)}のうちに。日は年度の末日を示しています。",
            audiences=EVERYONE,
            is_done=one.is_done,
        )


def _designations(plan: Plan) -> Iterator[Entry]:
    found = Designation.objects.filter(
        prefecture=plan.prefecture, period=plan.period, voided_at=None, recheck_on__isnull=False
    )
    for one in found.exclude(status=Designation.Status.RELEASED).select_related("body"):
        assert one.recheck_on is not None
        yield Entry(
            kind=EntryKind.DESIGNATION,
            record=one.pk,
            title=f"{one.body.name}（{one.get_kind_display()}）の再確認",
            first=one.recheck_on,
            last=one.recheck_on,
            rows=(("institutions_designation", one.pk),),
            url=reverse("institutions:designation-detail", args=[one.pk]),
        )


def _reports(plan: Plan) -> Iterator[Entry]:
    found = ReportRound.objects.filter(prefecture=plan.prefecture, period=plan.period)
    open_reports = Count("reports", filter=~Q(reports__state=BodyReport.State.CONFIRMED))
    for one in found.annotate(left=open_reports).order_by("pk"):
        yield Entry(
            kind=EntryKind.REPORT,
            record=one.pk,
            title=f"{format_fiscal_year(one.year)}の活動報告の締切",
            first=one.due_on,
            last=one.due_on,
            rows=(("institutions_reportround", one.pk),),
            url=f"{reverse('institutions:report-list')}?prefecture={plan.prefecture.code}&year={one.year}",
            audiences=EVERYONE,
            is_done=one.closed_at is not None or getattr(one, "left", 0) == 0,
        )


def _evaluations(plan: Plan) -> Iterator[Entry]:
    """Each year of the plan is evaluated within the fiscal year after it; done when an approver has confirmed it."""
    found = PlanEvaluation.objects.filter(plan=plan, kind=EvaluationKind.YEARLY)
    stored = {one.year: one for one in found}
    for year in plan.years:
        first, last = fiscal_year_days(year + 1)
        one = stored.get(year)
        yield Entry(
            kind=EntryKind.EVALUATION,
            record=year,
            title=f"{format_fiscal_year(year)}の計画の評価",
            first=first,
            last=last,
            rows=(("plans_planevaluation", one.pk),) if one else (),
            url=reverse("plans:evaluation-year", args=[plan.pk, year]),
            note="評価する年度の翌年度のうちに行います。期限を決めたら「その他の予定」に加えてください。",
            audiences=_SHARED_WITH_TOWNS,
            is_done=one is not None and one.confirmed_at is not None,
        )


def _rules(plan: Plan) -> Iterator[Entry]:
    for one in plan.discharge_rules.filter(review_on__isnull=False).select_related("area"):
        assert one.review_on is not None
        yield Entry(
            kind=EntryKind.RULE,
            record=one.pk,
            title=f"{one.area.name}の入退院支援ルールの見直し",
            first=one.review_on,
            last=one.review_on,
            rows=(("plans_dischargerule", one.pk),),
            url=reverse("plans:discharge-detail", args=[plan.pk, one.pk]),
            audiences=EVERYONE,
        )


def _own(plan: Plan) -> Iterator[Entry]:
    for one in plan.schedule.all():
        shared = {Audience.MUNICIPALITY: one.for_municipalities, Audience.ASSOCIATION: one.for_associations}
        yield Entry(
            kind=EntryKind.OWN,
            record=one.pk,
            title=one.title,
            first=one.starts_on,
            last=one.ends_on or one.starts_on,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            rows=(("plans_scheduleitem", one.pk),),
            url=reverse("plans:schedule-item", args=[plan.pk, one.pk]),
            place=one.place,
            owner=one.owner,
            note=one.note,
            audiences=OWN_OFFICE | {audience for audience, is_shared in shared.items() if is_shared},
            is_done=one.done_on is not None,
        )


_SOURCES: Mapping[EntryKind, Callable[[Plan], Iterator[Entry]]] = {
    EntryKind.MEETING: _meetings,
    EntryKind.CHAPTER: _chapters,
    EntryKind.STEP: _steps,
    EntryKind.DESIGNATION: _designations,
    EntryKind.REPORT: _reports,
    EntryKind.EVALUATION: _evaluations,
    EntryKind.RULE: _rules,
    EntryKind.OWN: _own,
}
