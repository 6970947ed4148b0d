"""Plans for their pages: who may do what, the list, and the workspace of one plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from institutions.models import Designation
from plans.formulas.period import period_text
from plans.models import (
    Chapter,
    DemandAgreement,
    DischargeRule,
    LogicNode,
    Meeting,
    Plan,
    PlanEvaluation,
    PlanVersion,
    Policy,
    ScheduleItem,
    Target,
)
from regions.models import AreaScheme
from zaitaku.accounts.models import User
from zaitaku.accounts.permissions import Actor, may_approve, may_comment, may_edit, may_see_drafts

State = PlanVersion.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What somebody may do with the plans of one prefecture."""

    reads: bool
    edits: bool
    approves: bool
    comments: bool


def rights_of(actor: Actor, prefecture_code: str) -> Rights:
    """Roles and scopes applied to one prefecture. Nobody outside it, administrators included, has any."""
    return Rights(
        reads=may_see_drafts(actor, prefecture_code),
        edits=may_edit(actor, prefecture_code),
        approves=may_approve(actor, prefecture_code),
        comments=may_comment(actor, prefecture_code),
    )


def list_plans(prefecture_code: str) -> QuerySet[Plan]:
    """The plans of a prefecture, the newest period first, with numbers of chapters and versions."""
    plans = Plan.objects.filter(prefecture__code=prefecture_code).select_related("prefecture", "scheme")
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
    return plans.annotate(
        version_number=Subquery(newest.values("number")[:1]), version_state=Subquery(newest.values("state")[:1])
    ).order_by("-period")


def list_published() -> QuerySet[PlanVersion]:
    """The newest public version of every plan, by prefecture; without its content."""
    newest = PlanVersion.objects.filter(plan=OuterRef("plan"), state=State.PUBLISHED).order_by("-number")
    found = PlanVersion.objects.filter(state=State.PUBLISHED, pk=Subquery(newest.values("pk")[:1]))
    return found.defer("content").select_related("plan__prefecture").order_by("plan__prefecture__code", "-plan__period")


def list_schemes(prefecture_code: str) -> QuerySet[AreaScheme]:
    """The areas a plan may be written on: those the prefecture adopted, and the national ones."""
    kinds = (AreaScheme.Kind.HOME_CARE_AREA, AreaScheme.Kind.SECONDARY_MEDICAL_AREA, AreaScheme.Kind.VISION_AREA)
    own = AreaScheme.objects.filter(prefecture__code=prefecture_code)
    national = AreaScheme.objects.filter(prefecture=None, kind__in=kinds)
    return (own | national).order_by("kind", "-effective_from", "pk")


def list_officials(prefecture_code: str) -> QuerySet[User]:
    """Who may write the chapters of a prefecture's plan."""
    role = User.Role.PREFECTURE
    return User.objects.filter(role=role, is_active=True, scopes__code=prefecture_code).order_by("username")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterRow:
    """A chapter in the outline. `open_comments`: those nobody has dealt with."""

    id: int
    title: str
    status: str
    status_label: str
    owner: str
    due_on: dt.date | None
    is_late: bool
    letters: int
    open_comments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """A part of the plan beside its chapters: how many records it has, and the name of its page's address."""

    label: str
    count: int
    noun: str
    url_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A plan as its people see it; `versions` newest first."""

    chapters: tuple[ChapterRow, ...]
    removed: tuple[ChapterRow, ...]
    sections: tuple[SectionRow, ...]
    versions: tuple[PlanVersion, ...]
    next_steps: tuple[str, ...]
    can_submit: bool


def get_workspace(plan: Plan, *, rights: Rights, today: dt.date) -> Workspace:
    """Outline, other parts, versions, and what comes next for this reader (three queries)."""
    rows: dict[bool, list[ChapterRow]] = {True: [], False: []}
    for chapter in _chapters(plan):
        rows[chapter.removed_at is not None].append(_row(chapter, today=today))
    versions = tuple(plan.versions.defer("content").select_related("submitted_by").order_by("-number"))
    newest = versions[0] if versions else None
    return Workspace(
        chapters=tuple(rows[False]),
        removed=tuple(rows[True]),
        sections=_sections(plan),
        versions=versions,
        next_steps=tuple(_next_steps(newest, rows[False], rights)),
        can_submit=rights.edits and (newest is None or newest.state not in (State.SUBMITTED, State.FIRST_APPROVED)),
    )


def _chapters(plan: Plan) -> QuerySet[Chapter]:
    comments = plan.comments.filter(section="chapters", record=OuterRef("pk"), resolved_at=None, parent=None)
    counted = comments.order_by().values("record").annotate(number=Count("pk")).values("number")
    return plan.chapters.select_related("owner").annotate(
        open_comments=Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
    )


def _row(chapter: Chapter, *, today: dt.date) -> ChapterRow:
    is_done = chapter.status == Chapter.Status.APPROVED
    return ChapterRow(
        id=chapter.pk,
        title=chapter.title,
        status=chapter.status,
        status_label=chapter.get_status_display(),
        owner=str(chapter.owner) if chapter.owner else "",
        due_on=chapter.due_on,
        is_late=chapter.due_on is not None and chapter.due_on < today and not is_done,
        letters=len("".join(chapter.text.split())),
        open_comments=getattr(chapter, "open_comments", 0),
    )


# What it is called, how many of what, and the addresses it may have; the first that is installed is the link.
_PARTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "designations": ("位置付け", "件", ("institutions:designation-list",)),
    "targets": ("数値目標", "件", ("plans:target-list",)),
    "demand": ("在宅の整備目標", "件", ("plans:demand-list", "plans:demand")),
    "policies": ("施策とロードマップ", "件", ("plans:policy-list",)),
    "logic": ("ロジックモデル", "項目", ("plans:logic-model", "plans:logic")),
    "schedule": ("年間スケジュール", "件", ("plans:schedule-list", "plans:schedule")),
    "meetings": ("協議の場", "回", ("plans:meeting-list",)),
    "rules": ("入退院支援ルール", "圏域", ("plans:discharge-list", "plans:discharge-rules")),
    "evaluations": ("評価（PDCA）", "件確定", ("plans:evaluation",)),
}


def _sections(plan: Plan) -> tuple[SectionRow, ...]:
    """Numbers of all parts by one query."""
    removable = {"removed_at": None}
    own = {
        "targets": Target.objects.filter(plan=OuterRef("pk"), **removable),
        "demand": DemandAgreement.objects.filter(plan=OuterRef("pk")),
        "policies": Policy.objects.filter(plan=OuterRef("pk"), **removable),
        "logic": LogicNode.objects.filter(plan=OuterRef("pk")),
        "schedule": ScheduleItem.objects.filter(plan=OuterRef("pk")),
        "meetings": Meeting.objects.filter(plan=OuterRef("pk"), **removable),
        "rules": DischargeRule.objects.filter(plan=OuterRef("pk")),
        "evaluations": PlanEvaluation.objects.filter(plan=OuterRef("pk")).exclude(confirmed_at=None),
        "designations": Designation.objects.filter(
            prefecture=OuterRef("prefecture"),
            period=OuterRef("period"),
            status=Designation.Status.DESIGNATED,
            voided_at=None,
        ),
    }
    counts = [_count(found) for found in own.values()]
    numbers = dict(zip(own, Plan.objects.filter(pk=plan.pk).values_list(*counts).get(), strict=True))
    return tuple(
        SectionRow(label=label, count=numbers[key], noun=noun, url_names=names)
        for key, (label, noun, names) in _PARTS.items()
    )


def _count(found: QuerySet[Any]) -> Coalesce:
    everything = found.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(everything, output_field=IntegerField()), Value(0))


def _next_steps(newest: PlanVersion | None, chapters: list[ChapterRow], rights: Rights) -> list[str]:
    """What the reader does next, in the order of urgency."""
    said = []
    state = newest.state if newest else ""
    number = newest.number if newest else 0
    if rights.approves and state in (State.SUBMITTED, State.FIRST_APPROVED):
        said.append(
            f"第{number}版が提出されています。変わったところを確かめ、承認するか、理由を書いて差し戻してください。"
        )
    if rights.edits:
        said += _steps_of_officials(state, number, chapters)
    if rights.comments and not rights.edits and not rights.approves:
        said.append("担当する市区町村にかかわる章を読み、意見を書いてください。意見は県の担当者に届きます。")
    if rights.approves and not said:
        said.append("確認を待っている版はありません。提出されるとここに表示されます。")
    return said


def _steps_of_officials(state: str, number: int, chapters: list[ChapterRow]) -> list[str]:
    said = []
    empty = [row.title for row in chapters if not row.letters]
    late = [row.title for row in chapters if row.is_late]
    if state == State.RETURNED:
        said.append(f"第{number}版は差し戻されました。理由を読んで直し、もう一度提出してください。")
    if state == State.APPROVED:
        said.append(f"第{number}版は承認されました。内容を確かめて公表できます。")
    if late:
        said.append(f"期限を過ぎた章があります：{'、'.join(late)}。")
    if empty:
        said.append(f"まだ書かれていない章が{len(empty)}あります：{'、'.join(empty)}。")
    elif state in ("", State.RETURNED, State.WITHDRAWN):
        said.append("すべての章に本文があります。「提出」から、変わったところを確かめて提出できます。")
    if state in (State.SUBMITTED, State.FIRST_APPROVED):
        said.append(f"第{number}版は承認者が確認中です。編集は続けられますが、提出した版は変わりません。")
    return said


def describe_plan(plan: Plan) -> str:
    """Prefecture and period in one line."""
    return f"{plan.prefecture.name}　{period_text(plan.period)}"


def get_plan_status() -> dict[str, str]:
    """How far each prefecture's newest plan is, in words, by prefecture code; nothing of its content (one query).

    The demo plan is nobody's: no list of prefectures holds it.
    """
    newest = PlanVersion.objects.filter(plan=OuterRef("pk")).exclude(state=State.WITHDRAWN).order_by("-number")
    plans = Plan.objects.filter(is_demo=False).order_by("prefecture__code", "period")
    found = {}
    for code, period, state in plans.values_list("prefecture__code", "period", Subquery(newest.values("state")[:1])):
        words = State(state).label if state else "作成中"
        found[code] = f"{period}年度から：{words}"
    return found
