"""What was decided for which reason, and who agreed to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from institutions.models import Designation
from plans.handovers import HandoverRow, HandoverSection
from plans.models import AreaDraft, Plan, VersionDecision
from plans.queries.handover.standing import day_text, moment_text, whose
from plans.queries.meetings import decisions_of
from plans.queries.targets import find_definition
from zaitaku.lib.fiscal_years import format_fiscal_year

_NO_REASON = "（理由は書かれていません）"
_NAMED = 5


def decisions(plan: Plan) -> HandoverSection:
    """Areas, designations, shares, targets, and what meetings decided; each with its reason."""
    return HandoverSection(
        key="decisions",
        title="決めたことと、その理由",
        lead="圏域・位置付け・按分率・数値目標と、協議の場での決定です。",
        columns=("種類", "決めたこと", "理由・根拠", "日付"),
        rows=(*_areas(plan), *_meetings(plan), *_demand(plan), *_targets(plan), *_designations(plan)),
        empty="決めたことはまだ登録されていません。",
    )


def _areas(plan: Plan) -> Iterator[HandoverRow]:
    scheme = plan.scheme
    if scheme is not None:
        by = f"（決定の登録：{scheme.adopted_by}）" if scheme.adopted_by_id else ""
        yield HandoverRow(
            cells=("圏域", f"この計画の圏域は「{scheme.name}」{by}", scheme.note, day_text(scheme.effective_from)),
            url=reverse("plans:draft-list") + f"?prefecture={plan.prefecture.code}",
        )
    found = AreaDraft.objects.filter(prefecture=plan.prefecture, archived_at=None, is_demo=plan.is_demo)
    for draft in found.select_related("updated_by").order_by("-updated_at"):
        stands = "決定した案" if draft.adopted_as_id else "決定していない案"
        yield HandoverRow(
            cells=("圏域の案", f"{draft.name}（{stands}）", draft.note or draft.origin, moment_text(draft.updated_at)),
            url=reverse("plans:draft-detail", args=[draft.pk]),
            people=whose(str(draft.updated_by)),
        )


def _meetings(plan: Plan) -> Iterator[HandoverRow]:
    for one in decisions_of(plan):
        changed = "、".join(change.name for change in one.changes)
        reason = "　".join(text for text in (one.change, f"反映先：{changed}" if changed else "") if text)
        yield HandoverRow(
            cells=(f"協議の場（{one.meeting}）", one.text, reason or _NO_REASON, day_text(one.held_on)), url=one.url
        )


def _demand(plan: Plan) -> Iterator[HandoverRow]:
    for one in plan.demand.select_related("area", "meeting"):
        said = f"{one.area.name}（{format_fiscal_year(one.year)}）在宅への按分率 {one.home_share:.0%}"
        agreed = f"合意：{one.meeting}" if one.meeting else "まだ合意した協議の場がない"
        yield HandoverRow(
            cells=("在宅の整備目標", said, f"{one.basis}　{agreed}".strip(), ""),
            url=reverse("plans:demand", args=[plan.pk]),
            is_urgent=one.meeting is None,
        )


def _targets(plan: Plan) -> Iterator[HandoverRow]:
    for one in plan.targets.filter(removed_at=None).select_related("region"):
        definition = find_definition(one.indicator_code)
        name = definition.name if definition else one.indicator_code
        end = f"{one.end_value:,.1f}".removesuffix(".0")
        said = f"{name}（{one.region.name}）：{one.baseline_text}（{one.baseline_year}）→ {end}（{one.end_year}）"
        yield HandoverRow(
            cells=("数値目標", said, one.reason or _NO_REASON, ""),
            url=reverse("plans:target-detail", args=[plan.pk, one.pk]),
            people=whose(one.responsible),
        )


def _designations(plan: Plan) -> Iterator[HandoverRow]:
    """Bodies of one category that were designated on one day for one reason are one line."""
    found = Designation.objects.filter(prefecture=plan.prefecture, period=plan.period, voided_at=None)
    groups: dict[tuple[str, str, str, object], list[str]] = defaultdict(list)
    for one in found.select_related("body").order_by("decided_on", "kind", "body__name"):
        key = (str(one.get_kind_display()), str(one.get_status_display()), one.reason, one.decided_on)
        groups[key].append(one.body.name)
    page = reverse("institutions:designation-list")
    for (kind, status, reason, day), names in groups.items():
        more = f" ほか{len(names) - _NAMED}" if len(names) > _NAMED else ""
        yield HandoverRow(
            cells=(
                "位置付け",
                f"{kind}：{status} {len(names)}機関（{'、'.join(names[:_NAMED])}{more}）",
                reason or _NO_REASON,
                day_text(day),  # type: ignore[arg-type]  # a day, kept as part of the key
            ),
            url=f"{page}?prefecture={plan.prefecture.code}&period={plan.period}",
        )


def agreements(plan: Plan) -> HandoverSection:
    """Who sat where something was agreed on."""
    rows = []
    for meeting in plan.meetings.filter(removed_at=None).prefetch_related("members", "decisions"):
        there = [one for one in meeting.members.all() if one.attended]
        rows.append(
            HandoverRow(
                cells=(
                    day_text(meeting.held_on),
                    meeting.name,
                    "、".join(f"{one.organisation} {one.name}".strip() for one in there) or "出席者の記録なし",
                    f"{len(meeting.decisions.all())}件",
                ),
                url=reverse("plans:meeting-detail", args=[plan.pk, meeting.pk]),
            )
        )
    for rule in plan.discharge_rules.exclude(agreed_on=None).select_related("area"):
        rows.append(
            HandoverRow(
                cells=(
                    day_text(rule.agreed_on),
                    f"{rule.area.name}の入退院支援ルール",
                    rule.participants or "参加機関の記録なし",
                    f"見直し {day_text(rule.review_on) or '未定'}",
                ),
                url=reverse("plans:discharge-detail", args=[plan.pk, rule.pk]),
                is_urgent=rule.review_on is not None and rule.review_on < timezone.localdate(),
            )
        )
    return HandoverSection(
        key="agreements",
        title="だれが合意したか（協議の場と入退院支援ルール）",
        lead="出席した構成員と、ルールに参加する機関です。",
        columns=("日付", "会議・ルール", "出席・参加", "決定・見直し"),
        rows=tuple(sorted(rows, key=lambda row: row.cells[1])),
        empty="協議の場はまだ登録されていません。",
    )


def approvals(plan: Plan) -> HandoverSection:
    """Who approved or returned which version, and why."""
    found = VersionDecision.objects.filter(version__plan=plan).select_related("by", "version")
    rows = [
        HandoverRow(
            cells=(
                moment_text(one.at),
                f"第{one.version.number}版",
                f"{one.get_outcome_display()}（{one.level}段階目）",
                str(one.by),
                one.reason,
            ),
            url=reverse("plans:version-detail", args=[one.version_id]),
            people=whose(str(one.by)),
        )
        for one in found.defer("version__content").order_by("at")
    ]
    return HandoverSection(
        key="approvals",
        title="だれが承認・差戻しをしたか",
        lead="提出された版ごとの判断です。",
        columns=("日付", "版", "判断", "承認者", "理由"),
        rows=tuple(rows),
        empty="承認・差戻しの記録はまだありません。",
    )
