"""Comments on a plan and its chapters: threads, answers, resolving, and the reader's mentions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from plans.actions.comments import add_comment, resolve_comment, see_mentions
from plans.models import Chapter, PlanComment
from plans.plan_forms import CommentForm
from plans.queries.comments import get_threads, list_mentionable, list_own_municipalities
from plans.views.plan_access import To, Visit, enter, enter_chapter, enter_comment, sent


def comment_context(visit: Visit, chapter: Chapter | None = None) -> dict[str, Any]:
    """The threads and the form for a further comment, as each page with comments shows them."""
    return {
        "threads": get_threads(visit.plan, chapter=chapter),
        "comment_form": _form(visit),
        "mentionable": list(list_mentionable(visit.plan.prefecture.code)),
    }


def _form(visit: Visit, data: Any = None) -> CommentForm:
    own = list(list_own_municipalities(visit.user, visit.plan.prefecture.code))
    return CommentForm(data, municipalities=own)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_comments(request: HttpRequest, plan_id: int) -> HttpResponse:
    """All comments on a plan, and a new one on the whole."""
    visit = enter(request, plan_id, To.COMMENT)
    form = _form(visit, sent(request))
    if request.method == "POST" and form.is_valid():
        add_comment(visit.plan, text=form.cleaned_data["text"], by=visit.user, municipality=form.speaks_for)
        messages.success(request, "意見を書き込みました。")
        return redirect("plans:comment-list", plan_id=plan_id)
    context = {"visit": visit, **comment_context(visit), "comment_form": form}
    return render(request, "plans/comment_list.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def comment_on_chapter(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """A new comment on a chapter."""
    chapter, visit = enter_chapter(request, chapter_id, To.COMMENT)
    form = _form(visit, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        add_comment(visit.plan, text=given["text"], by=visit.user, chapter=chapter, municipality=form.speaks_for)
        messages.success(request, "意見を書き込みました。")
    else:
        messages.error(request, _problem(form))
    return redirect(reverse("plans:chapter-detail", args=[chapter.pk]) + "#comments")


@require_POST
@login_required
def reply(request: HttpRequest, comment_id: int) -> HttpResponse:
    """An answer below a comment."""
    comment, visit = enter_comment(request, comment_id)
    form = _form(visit, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        add_comment(visit.plan, text=given["text"], by=visit.user, parent=comment, municipality=form.speaks_for)
        messages.success(request, "返信を書き込みました。")
    else:
        messages.error(request, _problem(form))
    return redirect(_where(comment))


@require_POST
@login_required
def resolve(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Mark a comment as dealt with or not; officials of the prefecture and whoever wrote it may."""
    comment, visit = enter_comment(request, comment_id)
    if not visit.rights.edits and comment.by_id != visit.user.pk:
        raise PermissionDenied("意見を対応済にできるのは、都道府県の担当者と、その意見を書いた人です。")
    resolve_comment(comment, by=visit.user, is_resolved=request.POST.get("is_resolved") == "1")
    return redirect(_where(comment))


@require_POST
@login_required
def see_all(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The reader has seen where they were named."""
    visit = enter(request, plan_id, To.COMMENT)
    see_mentions(visit.user, plan=visit.plan)
    return redirect("plans:plan-detail", plan_id=plan_id)


def _where(comment: PlanComment) -> str:
    if comment.section == "chapters":
        return reverse("plans:chapter-detail", args=[comment.record]) + f"#comment-{comment.pk}"
    return reverse("plans:comment-list", args=[comment.plan_id]) + f"#comment-{comment.pk}"


def _problem(form: CommentForm) -> str:
    return "書き込めませんでした。" + "".join(str(error) for errors in form.errors.values() for error in errors)
