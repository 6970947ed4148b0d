"""Who gets to the pages of a plan and what they may do there; every view asks here before anything else."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict

from plans.models import Chapter, Plan, PlanComment, PlanVersion
from plans.queries.plan_access import find_plan
from plans.queries.plans import Rights, rights_of
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor

_NO_PLAN = "この番号の計画はありません。計画の一覧から選んでください。"


class To(enum.StrEnum):
    """What somebody has come for: a right of `Rights`. The label is what is said to those without it."""

    READ = "reads"
    EDIT = "edits"
    APPROVE = "approves"
    COMMENT = "comments"

    @property
    def refusal(self) -> str:
        return {
            "reads": "作成中の計画は、その都道府県の担当者・承認者・市町村担当だけが見られます。"
            "公表された計画は「計画」の一覧から読めます。",
            "edits": "計画を変更できるのは、その都道府県の担当者だけです。",
            "approves": "提出された計画を承認・差戻しできるのは、その都道府県の承認者だけです。",
            "comments": "意見を書けるのは、その都道府県の担当者・承認者・市町村担当だけです。",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a plan. The views but for a public version ask for a sign-in before."""

    user: User
    plan: Plan
    rights: Rights


def enter(request: HttpRequest, plan_id: int, to: To = To.READ) -> Visit:
    """The visit to a plan, or `PermissionDenied` with the reason."""
    try:
        plan = find_plan(plan_id)
    except Plan.DoesNotExist:
        raise Http404(_NO_PLAN) from None
    return _visit(request, plan, to)


def enter_prefecture(request: HttpRequest, code: str, to: To) -> User:
    """Somebody about to begin a plan of a prefecture."""
    assert isinstance(request.user, User)
    _require(rights_of(get_actor(request.user), code), to)
    return request.user


def enter_chapter(request: HttpRequest, chapter_id: int, to: To = To.READ) -> tuple[Chapter, Visit]:
    """The chapter and the visit."""
    found = Chapter.objects.select_related("plan__prefecture", "plan__scheme", "owner").filter(pk=chapter_id).first()
    if found is None:
        raise Http404("この番号の章はありません。計画の一覧から選んでください。")
    return found, _visit(request, found.plan, to)


def enter_version(request: HttpRequest, version_id: int, to: To = To.READ) -> tuple[PlanVersion, Visit]:
    """The version and the visit."""
    found = find_version(version_id)
    return found, _visit(request, found.plan, to)


def enter_comment(request: HttpRequest, comment_id: int) -> tuple[PlanComment, Visit]:
    """The comment and the visit of somebody who may comment."""
    found = PlanComment.objects.select_related("plan__prefecture", "plan__scheme").filter(pk=comment_id).first()
    if found is None:
        raise Http404("この番号の意見はありません。")
    return found, _visit(request, found.plan, To.COMMENT)


def find_version(version_id: int) -> PlanVersion:
    """The version with all that its page names."""
    related = PlanVersion.objects.select_related("plan__prefecture", "plan__scheme", "submitted_by")
    found = related.filter(pk=version_id).first()
    if found is None:
        raise Http404("この番号の版はありません。計画の一覧から選んでください。")
    return found


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it empty; None where a page is only opened."""
    return request.POST if request.method == "POST" else None


def rights_at(request: HttpRequest, plan: Plan) -> Rights:
    """What a reader may do, who need not be signed in."""
    return rights_of(get_actor(request.user), plan.prefecture.code)


def _visit(request: HttpRequest, plan: Plan, to: To) -> Visit:
    assert isinstance(request.user, User)
    rights = rights_at(request, plan)
    _require(rights, to)
    return Visit(request.user, plan, rights)


def _require(rights: Rights, to: To) -> None:
    if not rights.reads and to is not To.COMMENT:
        raise PermissionDenied(To.READ.refusal)
    if not getattr(rights, to.value):
        raise PermissionDenied(to.refusal)
