"""章の編集: writing, autosave, saving, and the page of a conflict."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from plans.actions.plans import discard_draft, keep_draft, save_chapter
from plans.models import Chapter
from plans.plan_forms import ChapterTextForm, ResolutionForm
from plans.queries.chapters import get_evidence, get_sides, get_writing, newer_by, render_evidenced
from plans.results import Conflict
from plans.views.plan_access import To, Visit, enter_chapter, sent
from zaitaku.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_chapter(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """The editor; sent, it previews (and keeps the text as a draft) or saves."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    if request.method != "POST":
        writing = get_writing(chapter, visit.user)
        form = ChapterTextForm(initial={"text": writing.text, "base": writing.base})
        return _editor(request, chapter, visit, form, text=writing.text)
    form = ChapterTextForm(request.POST)
    if not form.is_valid():
        return _editor(request, chapter, visit, form, text=request.POST.get("text", ""), status=422)
    if request.POST.get("action") == "preview":
        keep_draft(chapter.pk, text=form.cleaned_data["text"], base=form.cleaned_data["base"], by=visit.user)
        return _editor(request, chapter, visit, form, text=form.cleaned_data["text"])
    return _save(request, chapter, visit, form)


def _save(request: HttpRequest, chapter: Chapter, visit: Visit, form: ChapterTextForm) -> HttpResponse:
    saved = save_chapter(chapter.pk, by=visit.user, **form.cleaned_data)
    if isinstance(saved, Conflict):
        return redirect("plans:chapter-conflict", chapter_id=chapter.pk)
    messages.success(request, f"「{chapter.title}」を第{saved.version}版として保存しました。")
    return redirect("plans:chapter-detail", chapter_id=chapter.pk)


def _editor(
    request: HttpRequest, chapter: Chapter, visit: Visit, form: ChapterTextForm, *, text: str, status: int = 200
) -> HttpResponse:
    evidence = get_evidence(chapter, text=text)
    writing = get_writing(chapter, visit.user)
    context = {
        "chapter": chapter,
        "visit": visit,
        "form": form,
        "writing": writing,
        "evidence": evidence,
        "preview": render_evidenced(text, evidence.citations),
    }
    return render(request, "plans/chapter_edit.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Keep what has been typed. Answers in JSON, also to somebody whose session has ended: a script is asking."""
    if not isinstance(request.user, User):
        return JsonResponse({"problem": "session"}, status=401)
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    form = ChapterTextForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"problem": "text", "message": form.errors.as_json()}, status=422)
    base = form.cleaned_data["base"]
    at = keep_draft(chapter.pk, text=form.cleaned_data["text"], base=base, by=visit.user)
    return JsonResponse({"saved_at": f"{timezone.localtime(at):%H:%M}", "newer_by": newer_by(chapter, base=base)})


@require_POST
@login_required
def discard(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Forget one's draft and begin from what is saved."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    discard_draft(chapter.pk, by=visit.user)
    messages.success(request, "下書きを取り消し、保存されている本文を開きました。")
    return redirect("plans:chapter-edit", chapter_id=chapter.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settle_conflict(request: HttpRequest, chapter_id: int) -> HttpResponse:
    """Both versions side by side; one's own is kept as a draft until it is settled."""
    chapter, visit = enter_chapter(request, chapter_id, To.EDIT)
    form = ResolutionForm(sent(request))
    if request.method == "POST" and form.is_valid():
        return _settle(request, chapter, visit, form)
    sides = get_sides(chapter, visit.user)
    if sides is None:
        return redirect("plans:chapter-edit", chapter_id=chapter.pk)
    context = {"chapter": chapter, "visit": visit, "sides": sides, "form": form}
    return render(request, "plans/chapter_conflict.html", context, status=422 if form.is_bound else 200)


def _settle(request: HttpRequest, chapter: Chapter, visit: Visit, form: ResolutionForm) -> HttpResponse:
    choice, base = form.cleaned_data["choice"], form.cleaned_data["base"]
    sides = get_sides(chapter, visit.user)
    if choice == "theirs" or sides is None:
        discard_draft(chapter.pk, by=visit.user)
        messages.success(request, "相手の版のままにしました。自分の下書きは取り消しました。")
        return redirect("plans:chapter-detail", chapter_id=chapter.pk)
    text = sides.mine if choice == "mine" else form.cleaned_data["text"]
    saved = save_chapter(chapter.pk, text=text, base=base, by=visit.user, note="同時の編集をまとめた")
    if isinstance(saved, Conflict):
        messages.warning(request, "その間に、また新しい版が保存されました。もう一度見比べてください。")
        return redirect("plans:chapter-conflict", chapter_id=chapter.pk)
    messages.success(request, f"「{chapter.title}」を第{saved.version}版として保存しました。")
    return redirect("plans:chapter-detail", chapter_id=chapter.pk)
