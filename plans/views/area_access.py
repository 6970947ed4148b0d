"""Who gets to the drafts of areas: officials of the prefecture change them, its approvers and municipalities read."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from plans.models import AreaDraft
from plans.queries.area_drafts import find_prefecture, may_change_areas, may_read_areas
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor

NOT_YOURS = (
    "圏域案は、その都道府県の担当者・承認者・市町村担当だけが見られます。決定された圏域は指標の画面で公開されています。"
)
READ_ONLY = "圏域案を変更できるのは、その都道府県の担当者だけです。"


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person at a prefecture's drafts."""

    user: User
    prefecture: Region
    may_change: bool


def visit(
    request: HttpRequest, prefecture_code: str, *, to_change: bool = False, prefecture: Region | None = None
) -> Visit:
    """The visit, or `PermissionDenied` with the reason. The view asks for a sign-in before."""
    assert isinstance(request.user, User)
    actor = get_actor(request.user)
    if not may_read_areas(actor, prefecture_code):
        raise PermissionDenied(NOT_YOURS)
    may_change = may_change_areas(actor, prefecture_code)
    if to_change and not may_change:
        raise PermissionDenied(READ_ONLY)
    try:
        return Visit(request.user, prefecture or find_prefecture(prefecture_code), may_change)
    except Region.DoesNotExist:
        raise Http404("地域のデータがまだ読み込まれていません。管理者に連絡してください。") from None


def find_draft(request: HttpRequest, draft_id: int, *, to_change: bool = False) -> tuple[AreaDraft, Visit]:
    """The draft and the visit. A draft of a prefecture that is not one's own is refused like its list."""
    draft = _drafts().filter(pk=draft_id, archived_at=None).first()
    if draft is None:
        raise Http404("この番号の圏域案はありません。一覧から選んでください。")
    return draft, visit(request, draft.prefecture.code, to_change=to_change, prefecture=draft.prefecture)


def find_again(draft_id: int) -> AreaDraft:
    """The draft as it is now, after somebody was let in to it."""
    return _drafts().get(pk=draft_id)


def _drafts() -> QuerySet[AreaDraft]:
    return AreaDraft.objects.select_related("prefecture", "current_step", "adopted_as")
