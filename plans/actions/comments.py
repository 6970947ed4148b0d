"""Writing comments on a plan, and saying that one is dealt with or seen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from plans.models import Chapter, Mention, Plan, PlanComment
from plans.queries.comments import find_named, list_mentionable
from regions.models import Region
from zaitaku.accounts.models import User


@transaction.atomic
def add_comment(
    plan: Plan,
    *,
    text: str,
    by: User,
    chapter: Chapter | None = None,
    parent: PlanComment | None = None,
    municipality: Region | None = None,
) -> PlanComment:
    """A comment on the plan, on a chapter or below another comment; those named by @利用者名 are told."""
    thread = parent.parent or parent if parent else None
    comment = PlanComment.objects.create(
        plan=plan,
        section=thread.section if thread else "chapters" if chapter else "",
        record=thread.record if thread else chapter.pk if chapter else None,
        parent=thread,
        municipality=municipality,
        text=text,
        by=by,
    )
    named = find_named(text, list(list_mentionable(plan.prefecture.code)))
    _mention(comment, (person for person in named if person.pk != by.pk))
    return comment


def _mention(comment: PlanComment, people: Iterable[User]) -> None:
    Mention.objects.bulk_create(Mention(comment=comment, user=person) for person in people)


def resolve_comment(comment: PlanComment, *, by: User, is_resolved: bool) -> None:
    """Say that a comment is dealt with, or that it is not after all."""
    comment.resolved_by = by if is_resolved else None
    comment.resolved_at = timezone.now() if is_resolved else None
    comment.save(update_fields=["resolved_by", "resolved_at"])


def see_mentions(user: User, *, plan: Plan) -> int:
    """The reader has seen where they were named in a plan; how many places."""
    return Mention.objects.filter(user=user, comment__plan=plan, seen_at=None).update(seen_at=timezone.now())
