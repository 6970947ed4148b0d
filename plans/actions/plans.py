"""Beginning a plan, and its chapters: writing with autosave and conflicts, and the list of chapters itself."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plans.models import Chapter, ChapterDraft, ChapterRevision, Plan
from plans.results import Conflict, PlanRefusal, Saved
from regions.models import AreaScheme, Region
from zaitaku.accounts.models import User

_TEMPLATE = Path(__file__).resolve().parent.parent / "definitions" / "chapters.toml"


@cache
def chapter_template() -> tuple[Mapping[str, str], ...]:
    """The chapters a new plan begins with: key, title and guidance of each, in order."""
    return tuple(tomllib.loads(_TEMPLATE.read_text(encoding="utf-8"))["chapters"])


@transaction.atomic
def create_plan(
    prefecture: Region,
    *,
    period: int,
    title: str,
    by: User,
    scheme: AreaScheme | None = None,
    model: Plan | None = None,
    is_demo: bool = False,
) -> Plan:
    """A new plan with the chapters of the template, or with titles and texts of an earlier plan of the prefecture.

    Raises `PlanRefusal` if the prefecture has a plan for the period already.
    """
    if Plan.objects.filter(prefecture=prefecture, period=period).exists():
        raise PlanRefusal(f"{prefecture.name}の{period}年度からの計画は、すでにあります。一覧から開いてください。")
    plan = Plan.objects.create(
        prefecture=prefecture, period=period, title=title, scheme=scheme, is_demo=is_demo, created_by=by
    )
    for position, chapter in enumerate(_first_chapters(model), start=1):
        _begin(Chapter(plan=plan, position=position, **chapter), by=by)
    return plan


def _first_chapters(model: Plan | None) -> Sequence[Mapping[str, str]]:
    if model is None:
        return chapter_template()
    return [
        {"key": chapter.key, "title": chapter.title, "guidance": chapter.guidance, "text": chapter.text}
        for chapter in model.chapters.filter(removed_at__isnull=True)
    ]


def _begin(chapter: Chapter, *, by: User) -> None:
    """The first state of a chapter, with its revision 0."""
    chapter.save()
    ChapterRevision.objects.create(chapter=chapter, number=0, title=chapter.title, text=chapter.text, by=by)


@transaction.atomic
def save_chapter(chapter_id: int, *, text: str, base: int, by: User, note: str = "") -> Saved | Conflict:
    """Save what was written from version `base`; if somebody was faster, nothing is overwritten and both are returned.

    Saving what already stands there, or what one began with, changes nothing; a version that only gave the chapter
    another title is in nobody's way. One's own draft is done with after saving and kept at a conflict.
    """
    chapter = Chapter.objects.select_for_update().get(pk=chapter_id)
    begun_from = chapter.text if chapter.version == base else _text_of(chapter, number=base)
    if text not in (chapter.text, begun_from):
        if begun_from != chapter.text:
            keep_draft(chapter_id, text=text, base=base, by=by)
            return _conflict(chapter, base=base, base_text=begun_from, mine=text)
        _add_revision(chapter, by=by, note=note, text=text)
        if chapter.status != Chapter.Status.EDITING:
            chapter.status = Chapter.Status.EDITING
            chapter.save(update_fields=["status"])
    ChapterDraft.objects.filter(chapter=chapter, user=by).delete()
    return Saved(version=chapter.version)


def _text_of(chapter: Chapter, *, number: int) -> str:
    revision = chapter.revisions.filter(number=number).first()
    return revision.text if revision else ""


def _conflict(chapter: Chapter, *, base: int, base_text: str, mine: str) -> Conflict:
    newest = chapter.revisions.select_related("by").order_by("-number")[0]
    return Conflict(
        base=base,
        base_text=base_text,
        theirs=chapter.text,
        theirs_version=chapter.version,
        theirs_by=str(newest.by),
        mine=mine,
    )


def _add_revision(chapter: Chapter, *, by: User, note: str, text: str | None = None, title: str | None = None) -> None:
    chapter.text = chapter.text if text is None else text
    chapter.title = chapter.title if title is None else title
    chapter.version += 1
    chapter.save(update_fields=["text", "title", "version"])
    ChapterRevision.objects.create(
        chapter=chapter, number=chapter.version, title=chapter.title, text=chapter.text, note=note[:200], by=by
    )


def keep_draft(chapter_id: int, *, text: str, base: int, by: User) -> dt.datetime:
    """Autosave: what a person has typed so far, for this person alone. The time it was kept."""
    draft, _ = ChapterDraft.objects.update_or_create(
        chapter_id=chapter_id, user=by, defaults={"text": text, "base": base}
    )
    return draft.saved_at


def discard_draft(chapter_id: int, *, by: User) -> None:
    """Forget what one has typed and not saved."""
    ChapterDraft.objects.filter(chapter_id=chapter_id, user=by).delete()


@transaction.atomic
def restore_revision(chapter_id: int, *, number: int, by: User) -> None:
    """Bring an earlier text back, as a new version."""
    chapter = Chapter.objects.select_for_update().get(pk=chapter_id)
    earlier = chapter.revisions.get(number=number)
    _add_revision(chapter, by=by, note=f"第{number}版に戻した", text=earlier.text, title=earlier.title)


@transaction.atomic
def rename_chapter(chapter_id: int, *, title: str, by: User) -> None:
    """Give a chapter another title, as a new version."""
    chapter = Chapter.objects.select_for_update().get(pk=chapter_id)
    if chapter.title != title:
        _add_revision(chapter, by=by, note="章の名称の変更", title=title)


@transaction.atomic
def add_chapter(plan: Plan, *, title: str, by: User) -> Chapter:
    """A chapter of the prefecture's own at the end."""
    Plan.objects.select_for_update().get(pk=plan.pk)
    # A plan that began with the chapters of an earlier one may hold some of these keys already.
    taken = set(plan.chapters.values_list("key", flat=True))
    key = next(key for number in range(1, len(taken) + 2) if (key := f"own-{number}") not in taken)
    last = plan.chapters.aggregate(last=Max("position"))["last"] or 0
    chapter = Chapter(plan=plan, key=key, position=last + 1, title=title)
    _begin(chapter, by=by)
    return chapter


@transaction.atomic
def move_chapter(chapter: Chapter, *, up: bool) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    others = list(chapter.plan.chapters.select_for_update().filter(removed_at__isnull=True).order_by("position", "id"))
    at = others.index(chapter)
    to = at - 1 if up else at + 1
    if 0 <= to < len(others):
        others[at], others[to] = others[to], others[at]
        for position, one in enumerate(others, start=1):
            Chapter.objects.filter(pk=one.pk).exclude(position=position).update(position=position)


def remove_chapter(chapter: Chapter) -> None:
    """Take a chapter out of the table of contents; its text stays and can be brought back."""
    Chapter.objects.filter(pk=chapter.pk, removed_at__isnull=True).update(removed_at=timezone.now())


def bring_chapter_back(chapter: Chapter) -> None:
    """Undo `remove_chapter`."""
    Chapter.objects.filter(pk=chapter.pk).update(removed_at=None)


def set_chapter_state(chapter: Chapter, *, status: str, owner: User | None, due_on: dt.date | None) -> None:
    """Who writes the chapter until when, and how far it is."""
    Chapter.objects.filter(pk=chapter.pk).update(status=status, owner=owner, due_on=due_on)


def set_areas(plan: Plan, *, scheme: AreaScheme | None) -> None:
    """The 在宅医療圏 the plan is written on."""
    Plan.objects.filter(pk=plan.pk).update(scheme=scheme)


def change_plan(plan: Plan, *, title: str, scheme: AreaScheme | None, approval_levels: int) -> None:
    """What the plan is called, its areas, and how many people approve a version (1 or 2)."""
    Plan.objects.filter(pk=plan.pk).update(title=title, scheme=scheme, approval_levels=approval_levels)
