"""One chapter: reading it, its outline entry, and its history."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.plans import (
    add_chapter,
    bring_chapter_back,
    move_chapter,
    remove_chapter,
    rename_chapter,
    restore_revision,
    set_chapter_state,
)
from plans.formulas.text_difference import compare_texts
from plans.models import Chapter, ChapterRevision
from plans.plan_forms import ChapterSettingsForm, NewChapterForm
from plans.queries.chapters import list_revisions, render_chapter
from plans.queries.cited import cited_in
from plans.queries.meetings import decisions_of
from plans.queries.plans import list_officials
from plans.views.comments import comment_context
from plans.views.plan_access import To, enter, enter_chapter, sent
from zaitaku.accounts.queries import get_actor


@require_safe
@login_required
def show_chapter(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """A chapter as it stands, with the comments on it."""
    chapter, visit = enter_chapter(request, chapter_id)
    text = render_chapter(chapter.text, cited_in(chapter.text, visit.plan.prefecture.code), below=1)
    context = {"chapter": chapter, "visit": visit, "text": text, **comment_context(visit, chapter)}
    actor = get_actor(request.user)
    context["decided"] = decisions_of(visit.plan, actor=actor, section="chapters", record=chapter_id)
    return render(request, "plans/chapter_detail.html", context)


@require_POST
@login_required
def create_chapter(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A further chapter at the end."""
    visit = enter(request, plan_id, To.EDIT)
    form = NewChapterForm(request.POST)
    if form.is_valid():
        chapter = add_chapter(visit.plan, title=form.cleaned_data["title"], by=visit.user)
        messages.success(request, f"章「{chapter.title}」を目次の最後に加えました。")
    else:
        messages.error(request, f"章を加えられませんでした。{form.errors['title'][0]}")
    return redirect(reverse("plans:plan-detail", args=[plan_id]) + "#outline")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_chapter(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Title, status, owner and due date."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    initial = {"title": chapter.title, "status": chapter.status, "owner": chapter.owner, "due_on": chapter.due_on}
    officials = list_officials(visit.plan.prefecture.code)
    form = ChapterSettingsForm(sent(request), initial=initial, officials=officials)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        rename_chapter(chapter.pk, title=given["title"], by=visit.user)
        set_chapter_state(chapter, status=given["status"], owner=given["owner"], due_on=given["due_on"])
        messages.success(request, f"章「{given['title']}」の設定を保存しました。")
        return redirect(reverse("plans:plan-detail", args=[visit.plan.pk]) + "#outline")
    context = {"form": form, "chapter": chapter, "visit": visit}
    return render(request, "plans/chapter_settings.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def arrange_chapter(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Up, down, out of the table of contents, or back into it."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    action = request.POST.get("action")
    if action in ("up", "down"):
        move_chapter(chapter, up=action == "up")
    elif action == "remove":
        remove_chapter(chapter)
        messages.success(request, f"「{chapter.title}」を目次から外しました。本文は残っていて、いつでも戻せます。")
    elif action == "bring_back":
        bring_chapter_back(chapter)
        messages.success(request, f"「{chapter.title}」を目次に戻しました。")
    else:
        return HttpResponseBadRequest("この操作はありません。", content_type="text/plain; charset=utf-8")
    return redirect(reverse("plans:plan-detail", args=[visit.plan.pk]) + "#outline")


@require_safe
@login_required
def show_history(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """The saved states of a chapter and what differs between two of them."""
    chapter, visit = enter_chapter(request, chapter_id)
    revisions = list(list_revisions(chapter))
    after = _chosen(request.GET.get("after"), chapter, default=chapter.version)
    before = _chosen(request.GET.get("before"), chapter, default=max(0, after.number - 1))
    context = {
        "chapter": chapter,
        "visit": visit,
        "revisions": revisions,
        "before": before,
        "after": after,
        "lines": compare_texts(before.text, after.text),
    }
    return render(request, "plans/chapter_history.html", context)


def _chosen(number: str | None, chapter: Chapter, *, default: int) -> ChapterRevision:
    wanted = default if number is None else _number(number)
    found = chapter.revisions.select_related("by").filter(number=wanted).first()
    if found is None:
        raise Http404("この番号の版はありません。履歴から選んでください。")
    return found


def _number(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    raise Http404("版の番号は数字で指定してください。")


@require_POST
@login_required
def restore(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Bring an earlier state back as a new version."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    earlier = _chosen(request.POST.get("number", ""), chapter, default=0)
    restore_revision(chapter.pk, number=earlier.number, by=visit.user)
    messages.success(request, f"第{earlier.number}版の本文に戻しました。それまでの版も履歴に残っています。")
    return redirect("plans:chapter-detail", chapter_id=chapter.pk)
