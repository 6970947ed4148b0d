"""引継書: what a successor needs to know, for the plan or for one person; read by the prefecture's own people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from plans.handovers import Handover, people_in
from plans.queries.handover import get_handover
from plans.views.plan_access import Visit, enter

_OWN = "引継書を見られるのは、その都道府県の担当者と承認者だけです。"
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require_safe
@login_required
def show_handover(request: HttpRequest, plan_id: int) -> HttpResponse:
    """All of it, or what is one person's (`?person=` as the name is shown)."""
    visit = _enter(request, plan_id)
    whole = get_handover(visit.plan, today=timezone.localdate())
    person = request.GET.get("person", "")
    people = people_in(whole.sections)
    handover = whole.of(person) if person in people else whole
    query = f"?{urlencode({'person': handover.person})}" if handover.person else ""
    context = {
        "visit": visit,
        "handover": handover,
        "people": people,
        "unknown": person if person and person not in people else "",
        "own": str(visit.user),
        "files": [
            (kind, reverse("plans:handover-file", args=[plan_id, extension]) + query)
            for extension, kind in (("docx", "Word"), ("pdf", "PDF"))
        ],
    }
    return render(request, "plans/handover.html", context)


@require_safe
@login_required
def handover_file(request: HttpRequest, plan_id: int, extension: str) -> HttpResponse:
    """The same as a document."""
    visit = _enter(request, plan_id)
    if extension not in _TYPES:
        raise Http404("この形式では出力できません。docxかpdfを選んでください。")
    person = request.GET.get("person", "")
    handover = get_handover(visit.plan, today=timezone.localdate(), person=person)
    content = _write(handover, extension=extension, host=request.build_absolute_uri("/").rstrip("/"))
    name = f"handover_{visit.plan.prefecture.code}_{visit.plan.period}_{handover.on:%Y%m%d}.{extension}"
    return HttpResponse(
        content, content_type=_TYPES[extension], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _write(handover: Handover, *, extension: str, host: str) -> bytes:
    # Here: the writers bring libraries along that no other page needs.
    from plans.exports.handover import make_handover_document

    document = make_handover_document(handover, host=host)
    if extension == "pdf":
        from plans.exports.pdf import write_pdf

        return write_pdf(document)
    from plans.exports.word import write_word

    return write_word(document)


def _enter(request: HttpRequest, plan_id: int) -> Visit:
    visit = enter(request, plan_id)
    if not (visit.rights.edits or visit.rights.approves):
        raise PermissionDenied(_OWN)
    return visit
