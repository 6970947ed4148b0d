"""Where the plan is: its state, what is due, what comes next, who owns what, where the files are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from plans.formulas.schedule import EntryKind
from plans.handovers import HandoverRow, HandoverSection
from plans.models import Chapter, Plan, PlanVersion
from plans.queries.evaluations import open_actions
from plans.queries.outputs import find_template, list_outputs
from plans.queries.schedule import due_dates
from zaitaku.lib.fiscal_years import format_fiscal_year

_AHEAD = dt.timedelta(days=366)
# A roadmap names years only; what of it is overdue stands in the evaluation.
_SHOWN = tuple(kind for kind in EntryKind if kind is not EntryKind.STEP)


def day_text(day: dt.date | None) -> str:
    """`2026年11月22日`; empty for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def moment_text(moment: dt.datetime | None) -> str:
    """The day of a moment."""
    return day_text(timezone.localtime(moment).date()) if moment else ""


def whose(name: str) -> frozenset[str]:
    """The person or office a line belongs to; nobody for an empty name."""
    return frozenset({name}) if name else frozenset()


def state(plan: Plan) -> HandoverSection:
    """Versions, and how many chapters stand where."""
    return HandoverSection(
        key="state",
        title="いまの状況",
        lead="提出・承認・公表がどこまで進んだかと、章の状態です。",
        columns=("項目", "内容", "日付"),
        rows=(*_versions(plan), *_chapter_states(plan)),
        empty="まだ何もありません。",
    )


def _versions(plan: Plan) -> Iterator[HandoverRow]:
    found = plan.versions.defer("content").select_related("submitted_by").order_by("-number")
    for place, one in enumerate(found):
        yield HandoverRow(
            cells=(
                f"第{one.number}版",
                f"{one.get_state_display()}（提出：{one.submitted_by}）{one.note}",
                moment_text(one.published_at or one.submitted_at),
            ),
            url=reverse("plans:version-detail", args=[one.pk]),
            people=whose(str(one.submitted_by)),
            is_urgent=one.state == PlanVersion.State.RETURNED and place == 0,
        )


def _chapter_states(plan: Plan) -> Iterator[HandoverRow]:
    for one in plan.chapters.filter(removed_at=None).select_related("owner"):
        owner = str(one.owner) if one.owner else ""
        yield HandoverRow(
            cells=(
                f"章「{one.title}」",
                f"{one.get_status_display()}（担当：{owner or '決まっていない'}）",
                day_text(one.due_on),
            ),
            url=reverse("plans:chapter-detail", args=[one.pk]),
            people=whose(owner),
            is_urgent=one.status == Chapter.Status.RETURNED,
        )


def due(plan: Plan, *, today: dt.date) -> HandoverSection:
    """What is overdue, and what comes within a year."""
    rows = []
    for entry in due_dates(plan, until=today + _AHEAD, kinds=_SHOWN, open_only=True):
        left = (entry.last - today).days
        rows.append(
            HandoverRow(
                cells=(
                    day_text(entry.last),
                    entry.title,
                    entry.kind.label,
                    entry.owner,
                    f"{-left}日過ぎた" if left < 0 else "きょう" if not left else f"あと{left}日",
                ),
                url=entry.url,
                people=whose(entry.owner),
                is_urgent=left < 0,
            )
        )
    return HandoverSection(
        key="due",
        title="期限",
        lead="過ぎたものと、これから1年のあいだに来るものです。済んだものは除いています。",
        columns=("期限", "内容", "種類", "担当", "残り"),
        rows=tuple(rows),
        empty="これから1年の期限は登録されていません。",
    )


def next_actions(plan: Plan) -> HandoverSection:
    """What evaluations said comes next, and nobody has taken up."""
    rows = [
        HandoverRow(
            cells=(one.text, one.subject_name, format_fiscal_year(one.year), one.label, one.responsible),
            url=one.url,
            people=whose(one.responsible),
        )
        for one in open_actions(plan)
    ]
    return HandoverSection(
        key="actions",
        title="評価で決めた「次の取組」のうち、残っているもの",
        lead="毎年の評価に書かれ、その後の評価で「行った」とも「取りやめた」ともされていない取組です。",
        columns=("次の取組", "施策・目標", "評価した年度", "評価", "担当"),
        rows=tuple(rows),
        empty="残っている取組はありません。",
    )


def owners(plan: Plan) -> HandoverSection:
    """Chapters, policies and targets by whom they belong to."""
    rows = [
        HandoverRow(
            cells=(str(one.owner), "章", one.title),
            url=reverse("plans:chapter-detail", args=[one.pk]),
            people=whose(str(one.owner)),
        )
        for one in plan.chapters.filter(removed_at=None, owner__isnull=False).select_related("owner")
    ]
    rows += [
        HandoverRow(
            cells=(one.owner or "決まっていない", "施策", one.title),
            url=reverse("plans:policy-detail", args=[plan.pk, one.pk]),
            people=whose(one.owner),
        )
        for one in plan.policies.filter(removed_at=None)
    ]
    rows += [
        HandoverRow(
            cells=(one.responsible or "決まっていない", "数値目標", f"{one.indicator_code}（{one.region.name}）"),
            url=reverse("plans:target-detail", args=[plan.pk, one.pk]),
            people=whose(one.responsible),
        )
        for one in plan.targets.filter(removed_at=None).select_related("region")
    ]
    return HandoverSection(
        key="owners",
        title="だれが何を担当しているか",
        lead="章は利用者、施策と数値目標は書かれた担当の名称です。",
        columns=("担当", "種類", "名称"),
        rows=tuple(sorted(rows, key=lambda row: row.cells[0])),
        empty="担当はまだ決まっていません。",
    )


def files(plan: Plan) -> HandoverSection:
    """Documents that were made, the template, and what meetings and rules refer to."""
    return HandoverSection(
        key="files",
        title="文書と資料のある場所",
        lead="このシステムで作った文書と、会議・ルールに書かれた資料のアドレスです。",
        columns=("文書・資料", "何の", "日付"),
        rows=(*_outputs(plan), *_template(plan), *_linked(plan)),
        empty="文書はまだ作られていません。出力センターから作れます。",
    )


def _outputs(plan: Plan) -> Iterator[HandoverRow]:
    for one in list_outputs(plan, public_only=False):
        if one.made_at is not None:
            yield HandoverRow(
                cells=(
                    str(one.get_kind_display()),
                    f"第{one.version.number}版" if one.version else "下書き",
                    moment_text(one.made_at),
                ),
                url=reverse("plans:output-list", args=[plan.pk]),
                people=whose(str(one.made_by)),
            )


def _template(plan: Plan) -> Iterator[HandoverRow]:
    found = find_template(plan.prefecture.code)
    if found is not None:
        yield HandoverRow(
            cells=(found.filename, "Wordのひな形", moment_text(found.at)),
            url=reverse("plans:output-list", args=[plan.pk]),
            people=whose(str(found.by)),
        )


def _linked(plan: Plan) -> Iterator[HandoverRow]:
    for meeting in plan.meetings.filter(removed_at=None).exclude(url=""):
        yield HandoverRow(
            cells=(meeting.document or meeting.url, meeting.name, day_text(meeting.held_on)), url=meeting.url
        )
    for rule in plan.discharge_rules.exclude(url="").select_related("area"):
        name = f"{rule.area.name}の入退院支援ルール"
        yield HandoverRow(cells=(rule.document or rule.url, name, day_text(rule.agreed_on)), url=rule.url)
