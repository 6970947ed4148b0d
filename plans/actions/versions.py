"""Handing a plan in, deciding about it and publishing it. A version's content never changes (docs/decisions/0060)."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plans.formulas.content import digest
from plans.models import Chapter, Plan, PlanVersion, VersionDecision
from plans.queries.content import get_content
from plans.results import PlanRefusal
from zaitaku.accounts.models import User

State = PlanVersion.State
UNDER_REVIEW = (State.SUBMITTED, State.FIRST_APPROVED)


@transaction.atomic
def submit_plan(plan: Plan, *, note: str, by: User) -> PlanVersion:
    """Hand the plan in as it stands. Raises `PlanRefusal` while a version is under review or nothing has changed."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.versions.filter(state__in=UNDER_REVIEW).exists():
        raise PlanRefusal("提出した版が確認中です。承認または差戻しを待つか、提出を取り下げてください。")
    content = get_content(plan)
    found = digest(content)
    newest = plan.versions.order_by("-number").first()
    if newest is not None and newest.digest == found and newest.state != State.WITHDRAWN:
        raise PlanRefusal(f"第{newest.number}版から変わったところがありません。直してから提出してください。")
    number = (plan.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    plan.chapters.filter(removed_at__isnull=True).update(status=Chapter.Status.IN_REVIEW)
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        note=note,
        content=content,
        digest=found,
        submitted_by=by,
        submitted_at=timezone.now(),
    )


@transaction.atomic
def withdraw_version(version: PlanVersion, *, by: User) -> None:
    """Take back what was handed in and nobody has decided about. Only who submitted it may."""
    locked = _locked(version)
    if locked.state != State.SUBMITTED:
        raise PlanRefusal(f"第{locked.number}版は「{locked.get_state_display()}」のため、取り下げられません。")
    if locked.submitted_by_id != by.pk:
        raise PlanRefusal(f"取り下げられるのは、提出した{locked.submitted_by}だけです。")
    _move(locked, State.WITHDRAWN, chapters=Chapter.Status.EDITING)


@transaction.atomic
def decide(version: PlanVersion, *, outcome: str, reason: str, by: User) -> PlanVersion:
    """Approve or return at the level that is due. Nobody decides about what they handed in, nor twice.

    Raises `PlanRefusal`; returning needs a reason.
    """
    locked = _locked(version)
    _refuse_decision(locked, outcome=outcome, reason=reason, by=by)
    level = 1 if locked.state == State.SUBMITTED else 2
    VersionDecision.objects.create(
        version=locked, level=level, outcome=outcome, reason=reason, by=by, at=timezone.now()
    )
    if outcome == VersionDecision.Outcome.RETURNED:
        _move(locked, State.RETURNED, chapters=Chapter.Status.RETURNED)
    elif level < locked.plan.approval_levels:
        _move(locked, State.FIRST_APPROVED)
    else:
        _move(locked, State.APPROVED, chapters=Chapter.Status.APPROVED)
    return locked


def _refuse_decision(version: PlanVersion, *, outcome: str, reason: str, by: User) -> None:
    if version.state not in UNDER_REVIEW:
        raise PlanRefusal(f"第{version.number}版は「{version.get_state_display()}」のため、判断はもう必要ありません。")
    if version.submitted_by_id == by.pk:
        raise PlanRefusal("自分が提出した版は承認できません。ほかの承認者に依頼してください。")
    if version.decisions.filter(by=by).exists():
        raise PlanRefusal("一次承認をした人は、二次承認をできません。ほかの承認者に依頼してください。")
    if outcome == VersionDecision.Outcome.RETURNED and not reason.strip():
        raise PlanRefusal("差し戻すときは、どこをどう直すかを理由に書いてください。")


@transaction.atomic
def publish_version(version: PlanVersion) -> None:
    """Make an approved version public; an earlier public one stays readable under its number."""
    locked = _locked(version)
    if locked.state != State.APPROVED:
        raise PlanRefusal(
            f"公表できるのは承認された版です。第{locked.number}版は「{locked.get_state_display()}」です。"
        )
    locked.published_at = timezone.now()
    locked.state = State.PUBLISHED
    locked.save(update_fields=["published_at", "state"])


def _locked(version: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.select_for_update(of=("self",)).select_related("plan").get(pk=version.pk)


def _move(version: PlanVersion, state: str, *, chapters: str | None = None) -> None:
    version.state = state
    version.save(update_fields=["state"])
    if chapters is not None:
        version.plan.chapters.filter(removed_at__isnull=True).update(status=chapters)
