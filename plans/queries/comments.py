"""Comments on a plan as threads, who can be named in them, and who was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from plans.models import Chapter, Mention, Plan, PlanComment
from regions.models import Region
from zaitaku.accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A comment with its answers, oldest first. `about`: the chapter, or empty for the whole plan."""

    first: PlanComment
    replies: tuple[PlanComment, ...]
    about: str


def get_threads(plan: Plan, *, chapter: Chapter | None = None) -> tuple[Thread, ...]:
    """The comments on a chapter, or all of the plan; those still open come first (two queries)."""
    comments = plan.comments.select_related("by", "municipality", "resolved_by").order_by("at", "pk")
    if chapter is not None:
        comments = comments.filter(section="chapters", record=chapter.pk)
    titles = dict(plan.chapters.values_list("pk", "title"))
    replies: dict[int, list[PlanComment]] = {}
    firsts = []
    for comment in comments:
        if comment.parent_id is None:
            firsts.append(comment)
        else:
            replies.setdefault(comment.parent_id, []).append(comment)
    threads = [
        Thread(
            first=one,
            replies=tuple(replies.get(one.pk, ())),
            about=titles.get(one.record or 0, "") if one.section == "chapters" else "",
        )
        for one in firsts
    ]
    return tuple(sorted(threads, key=lambda thread: thread.first.resolved_at is not None))


def list_mentionable(prefecture_code: str) -> QuerySet[User]:
    """Everyone who may read the plan and can therefore be named in a comment."""
    roles = (User.Role.PREFECTURE, User.Role.APPROVER, User.Role.MUNICIPALITY)
    scoped = Q(scopes__code__startswith=prefecture_code)
    return User.objects.filter(scoped, role__in=roles, is_active=True).distinct().order_by("username")


def find_named(text: str, people: Sequence[User]) -> tuple[User, ...]:
    """Those whose user name stands in the text after an @; of two names that begin alike the longer one counts."""
    found = {}
    for person in sorted(people, key=lambda one: -len(one.username)):
        if f"@{person.username}" in text:
            found[person.pk] = person
            text = text.replace(f"@{person.username}", " ")
    return tuple(found.values())


def list_unseen(user: User, *, plan: Plan | None = None) -> QuerySet[Mention]:
    """Where somebody was named and has not said so far to have seen it, newest first."""
    found = Mention.objects.filter(user=user, seen_at=None).select_related("comment__by", "comment__plan")
    return (found if plan is None else found.filter(comment__plan=plan)).order_by("-comment__at")


def list_own_municipalities(user: User, prefecture_code: str) -> QuerySet[Region]:
    """The municipalities somebody speaks for in a prefecture; none for an official of the prefecture itself."""
    codes = [
        code for code in user.scopes.values_list("code", flat=True) if len(code) == 5 and code[:2] == prefecture_code
    ]
    return Region.objects.filter(code__in=codes, valid_to=None, kind__in=("municipality", "ward")).order_by("code")
