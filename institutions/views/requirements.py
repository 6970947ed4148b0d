"""要件: the checklist of one designation, and the gaps of an area as a matrix."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actions.designations import Answer, answer_requirements
from institutions.definitions.requirements import Item, RequirementSet, requirement_set
from institutions.models import Designation, RequirementAnswer
from institutions.queries.designations import get_designation_areas
from institutions.queries.requirements import get_answers, get_gaps
from institutions.views.access import find_designation, get_page, require_editor, sign_in_first
from institutions.views.designations import choose_prefecture
from zaitaku.accounts.permissions import may_edit, may_see_drafts

CHOICES = RequirementAnswer.Answer
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item of the form as it stands or was typed."""

    item: Item
    answer: str
    evidence: str
    checked_on: str
    error: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def designation_checklist(request: HttpRequest, designation_id: int) -> HttpResponse:
    """Every item on one page; saving is one form, and nothing typed is lost where something is wrong."""
    designation, actor = find_designation(request, designation_id)
    wanted = requirement_set(designation.kind, period=designation.period)
    if wanted is None or not may_see_drafts(actor, designation.prefecture.code):
        raise Http404("この位置付けには、要件の確認表がありません。")
    lines = _stored(designation, wanted)
    if request.method == "POST":
        user = require_editor(request, designation.prefecture.code)
        lines = [_typed(request, item) for item in wanted.items]
        if not any(line.error for line in lines):
            count = answer_requirements(designation, map(_answer, lines), set_key=wanted.key, by=user)
            messages.success(request, f"{count}項目の判定を保存しました。" if count else "変わった項目はありません。")
            return redirect("institutions:designation-checklist", designation_id)
    context = {
        "designation": designation,
        "set": wanted,
        "lines": lines,
        "choices": CHOICES.choices,
        "may_edit": may_edit(actor, designation.prefecture.code),
        "has_errors": any(line.error for line in lines),
    }
    return render(request, "institutions/checklist.html", context, status=422 if context["has_errors"] else 200)


def _stored(designation: Designation, wanted: RequirementSet) -> list[Line]:
    answers = get_answers(designation.pk, set_key=wanted.key)
    return [
        Line(
            item=item,
            answer=str(held.answer) if (held := answers.get(item.number)) else CHOICES.UNVERIFIED,
            evidence=held.evidence if held else "",
            checked_on=held.checked_on.isoformat() if held and held.checked_on else "",
        )
        for item in wanted.items
    ]


def _typed(request: HttpRequest, item: Item) -> Line:
    """What was typed for an item; a day left out is today."""
    answer = request.POST.get(f"answer-{item.number}", "")
    day = request.POST.get(f"day-{item.number}", "").strip()
    evidence = request.POST.get(f"evidence-{item.number}", "").strip()
    error = ""
    if answer not in CHOICES.values:
        error = "判定を選んでください。"
    elif len(evidence) > _LONGEST:
        error = f"根拠は{_LONGEST}文字までです。"
    elif day and _day(day) is None:
        error = "確認日を読み取れません。2027-04-01のように入力してください。"
    if answer == CHOICES.UNVERIFIED:
        day = ""
    elif not day:
        day = timezone.localdate().isoformat()
    return Line(item=item, answer=answer, evidence=evidence, checked_on=day, error=error)


def _answer(line: Line) -> Answer:
    day = _day(line.checked_on)
    return Answer(item=line.item.number, answer=line.answer, evidence=line.evidence, checked_on=day)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
def designation_gaps(request: HttpRequest) -> HttpResponse:
    """Items by bodies of each area."""
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "要件の充足状況", "都道府県を選ぶと、要件と機関の表を表示します。")
    if not page.may_see_drafts:
        if answer := sign_in_first(request):
            return answer
        raise Http404("要件の充足状況は、その都道府県の担当者と市町村だけが見られます。")
    kind = "hub" if request.GET.get("kind") == "hub" else "active"
    areas = get_designation_areas(page.prefecture.code)
    context = {
        "page_of": page,
        "kind": kind,
        "set": requirement_set(kind, period=page.period.start),
        "gaps": get_gaps(page.prefecture.code, page.period.start, kind=kind, areas=areas),
    }
    return render(request, "institutions/gaps.html", context)
