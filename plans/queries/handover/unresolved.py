"""What is not settled: findings of all checks, and comments nobody has dealt with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import F
from django.urls import reverse

from institutions.formulas.checks import ERROR, NOTE, SEVERITIES
from institutions.queries.checks import get_checks
from plans.formulas.findings import Finding, Weight
from plans.formulas.side_by_side import facts_of
from plans.handovers import HandoverRow, HandoverSection
from plans.models import ChapterDraft, Mention, Plan
from plans.queries.comments import get_threads
from plans.queries.comparison import check_targets
from plans.queries.content import get_content
from plans.queries.demand import get_demand_table
from plans.queries.discharge_rules import list_rules
from plans.queries.handover.standing import moment_text, whose
from plans.queries.logic import get_logic_model
from plans.queries.targets import find_gaps, list_targets

_SERIOUS = (Weight.ERROR, Weight.WARNING)
_NAMED = 5


def unresolved(plan: Plan, *, today: dt.date) -> HandoverSection:
    """Findings that ask for something; those that only inform are left to their own pages."""
    rows = [
        *_of_bodies(plan, today),
        *_found("ロジックモデル", get_logic_model(plan).findings, reverse("plans:logic-model", args=[plan.pk])),
        *_of_targets(plan),
        *_found("在宅の整備目標", get_demand_table(plan).findings, reverse("plans:demand", args=[plan.pk])),
        *_found(
            "入退院支援ルール",
            list_rules(plan, today=today).findings,
            reverse("plans:discharge-list", args=[plan.pk]),
        ),
        *_drafts(plan),
    ]
    return HandoverSection(
        key="unresolved",
        title="まだ解決していない確認",
        lead="機関の位置付け・ロジックモデル・数値目標の妥当性・整備目標・入退院支援ルールの点検と、保存されていない下書きです。",
        columns=("どこの点検か", "重さ", "内容"),
        rows=tuple(sorted(rows, key=lambda row: not row.is_urgent)),
        empty="解決していない確認はありません。",
    )


def _of_bodies(plan: Plan, today: dt.date) -> Iterator[HandoverRow]:
    """One line a check: its findings may be hundreds, and stand on a page of their own."""
    page = reverse("institutions:check-list")
    url = f"{page}?prefecture={plan.prefecture.code}&period={plan.period}"
    groups: dict[tuple[str, str], list[str]] = {}
    for one in get_checks(plan.prefecture.code, plan.period, today=today):
        if one.severity != NOTE:
            groups.setdefault((one.severity, one.title), []).append(one.subject)
    for (severity, title), subjects in groups.items():
        more = f" ほか{len(subjects) - _NAMED}" if len(subjects) > _NAMED else ""
        yield HandoverRow(
            cells=(
                "機関の位置付け",
                SEVERITIES[severity],
                f"{title}：{len(subjects)}件（{'、'.join(subjects[:_NAMED])}{more}）",
            ),
            url=url,
            is_urgent=severity == ERROR,
        )


def _found(where: str, findings: Iterable[Finding], url: str) -> Iterator[HandoverRow]:
    for one in findings:
        if one.weight in _SERIOUS:
            yield HandoverRow(cells=(where, one.weight.label, one.text), url=url, is_urgent=one.weight is Weight.ERROR)


def _of_targets(plan: Plan) -> Iterator[HandoverRow]:
    page = reverse("plans:target-list", args=[plan.pk])
    yield from _found("数値目標", find_gaps(list_targets(plan)), page)
    for fact, findings in check_targets(facts_of(get_content(plan)).targets):
        url = reverse("plans:target-detail", args=[plan.pk, fact.record])
        yield from _found(f"数値目標 {fact.indicator}（{fact.region}）", findings, url)


def _drafts(plan: Plan) -> Iterator[HandoverRow]:
    """What somebody typed and never saved; where the chapter has moved on since, it will meet a conflict."""
    found = ChapterDraft.objects.filter(chapter__plan=plan, chapter__removed_at=None)
    for one in found.select_related("chapter", "user").annotate(newest=F("chapter__version")):
        is_behind = getattr(one, "newest", one.base) != one.base
        said = "、その後に章が直されたため、保存すると両方を見比べることになります" if is_behind else ""
        yield HandoverRow(
            cells=(
                "保存していない下書き",
                "注意",
                f"章「{one.chapter.title}」に、{one.user}の下書き（{moment_text(one.saved_at)}）があります{said}。",
            ),
            url=reverse("plans:chapter-edit", args=[one.chapter_id]),
            people=whose(str(one.user)),
            is_urgent=is_behind,
        )


def comments(plan: Plan) -> HandoverSection:
    """Comments that are open, with whom they name; a chapter's are its owner's too."""
    owners = {one.title: str(one.owner) for one in plan.chapters.filter(owner__isnull=False).select_related("owner")}
    named: dict[int, set[str]] = {}
    for mention in Mention.objects.filter(comment__plan=plan).select_related("user"):
        named.setdefault(mention.comment_id, set()).add(str(mention.user))
    rows = []
    for thread in get_threads(plan):
        one = thread.first
        if one.resolved_at is None:
            people = named.get(one.pk, set()) | ({owners[thread.about]} if thread.about in owners else set())
            speaker = f"{one.by}（{one.municipality.name}）" if one.municipality else str(one.by)
            answered = f"返信{len(thread.replies)}件" if thread.replies else "返信なし"
            rows.append(
                HandoverRow(
                    cells=(moment_text(one.at), speaker, thread.about or "計画全体", one.text, answered),
                    url=reverse("plans:comment-list", args=[plan.pk]),
                    people=frozenset(people),
                    is_urgent=not thread.replies,
                )
            )
    return HandoverSection(
        key="comments",
        title="対応していない意見",
        lead="「対応済」になっていない意見です。返信のないものに印を付けています。",
        columns=("日付", "記入者", "対象", "意見", "返信"),
        rows=tuple(rows),
        empty="対応していない意見はありません。",
    )
