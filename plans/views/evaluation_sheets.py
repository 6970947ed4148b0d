"""The sheet of a year, the mid-term and the final evaluation, confirming them, and the sheets as files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.evaluations import confirm_evaluation, reopen_evaluation, save_plan_evaluation
from plans.actions.rows import RowConflict
from plans.evaluation_forms import ReopenForm, SheetForm, WholeForm, default_year
from plans.evaluation_tables import sheet_table
from plans.formulas.evaluation import POLICY_RULES, TARGET_RULES
from plans.models import EvaluationKind, PlanEvaluation
from plans.queries.evaluation_sheets import get_sheet, get_whole_facts, kind_label
from plans.queries.evaluations import YEARLY, find_plan_evaluation
from plans.results import PlanRefusal
from plans.views.evaluation_access import SheetVisit, require_year, visit_sheet
from plans.views.plan_access import To, enter, sent
from plans.views.topic_access import base_version, field_conflicts, visit_plan
from zaitaku.pages.files import check_extension, file_response

_WHOLE = (EvaluationKind.MID_TERM, EvaluationKind.FINAL)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_year(request: HttpRequest, plan_id: int, year: int) -> HttpResponse:
    """The sheet of a year with its 総括."""
    seen = visit_sheet(request, plan_id, kind=YEARLY, year=year, to_change=request.method == "POST")
    require_year(seen.plan, year)
    sheet = get_sheet(seen.plan, year=year)
    form = SheetForm(sent(request), plan=seen.plan, record=sheet.record)
    context = _context(seen, form, sheet.record) | {
        "sheet": sheet,
        "kind": YEARLY.value,
        "year": year,
        "target_rules": TARGET_RULES,
        "policy_rules": POLICY_RULES,
        "files": {
            one: reverse("plans:evaluation-year-file", args=[plan_id, year, one]) for one in ("csv", "xlsx", "json")
        },
    }
    here = reverse("plans:evaluation-year", args=[plan_id, year])
    return _answer(request, seen, form, context, kind=YEARLY, year=year, template="sheet", here=here)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_whole(request: HttpRequest, plan_id: int, kind: str) -> HttpResponse:
    """The mid-term or the final evaluation."""
    if kind not in _WHOLE:
        raise Http404("評価の種類は、中間評価（mid_term）か最終評価（final）です。")
    seen = visit_sheet(request, plan_id, kind=kind, year=0, to_change=request.method == "POST")
    record = find_plan_evaluation(seen.plan, kind=kind, year=0)
    form = WholeForm(sent(request), plan=seen.plan, kind=kind, record=record)
    is_valid = form.is_bound and form.is_valid()
    year = form.cleaned_data["year"] if is_valid else record.year if record else default_year(seen.plan, kind)
    context = _context(seen, form, record) | {
        "kind": kind,
        "label": kind_label(kind),
        "until": year,
        "year": year,
        "facts": get_whole_facts(seen.plan, until=year),
    }
    here = reverse("plans:evaluation-whole", args=[plan_id, kind])
    return _answer(request, seen, form, context, kind=kind, year=year, template="whole", here=here)


def _context(seen: SheetVisit, form: SheetForm, record: PlanEvaluation | None) -> dict[str, Any]:
    return {
        "visit": seen,
        "form": form,
        "record": record,
        "version": record.version if record else 0,
        "is_confirmed": record is not None and record.confirmed_at is not None,
        "reopen": ReopenForm(),
        "conflicts": None,
    }


def _answer(
    request: HttpRequest,
    seen: SheetVisit,
    form: SheetForm,
    context: dict[str, Any],
    *,
    kind: str,
    year: int,
    template: str,
    here: str,
) -> HttpResponse:
    """Save what was sent and lead back, or show the page with what is wrong."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                base = base_version(request)
                save_plan_evaluation(seen.plan, kind=kind, year=year, base=base, changes=form.changes, by=seen.user)
            except RowConflict as conflict:
                context |= {"conflicts": field_conflicts(form, conflict.current), "version": conflict.version}
                status = 409
            except PlanRefusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "保存しました。")
                return redirect(here)
    return render(request, f"plans/evaluations/{template}.html", context, status=status)


@require_POST
@login_required
def confirm(request: HttpRequest, plan_id: int, kind: str, year: int) -> HttpResponse:
    """An approver confirms an evaluation, or takes the confirmation back (`reopen`) with a reason."""
    visit = enter(request, plan_id, To.APPROVE)
    if kind not in EvaluationKind.values:
        raise Http404("この種類の評価はありません。")
    require_year(visit.plan, year)
    try:
        if "reopen" in request.POST:
            form = ReopenForm(request.POST)
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            reopen_evaluation(visit.plan, kind=kind, year=year, reason=reason)
            messages.success(request, "確定を取り消しました。担当者が直せるようになりました。")
        else:
            confirm_evaluation(visit.plan, kind=kind, year=year, by=visit.user)
            messages.success(request, "評価を確定しました。これより後は、取り消すまで直せません。")
    except PlanRefusal as refusal:
        messages.error(request, str(refusal))
    if kind == YEARLY:
        return redirect("plans:evaluation-year", plan_id=plan_id, year=year)
    return redirect("plans:evaluation-whole", plan_id=plan_id, kind=kind)


@require_safe
@login_required
def download_year(request: HttpRequest, plan_id: int, year: int, extension: str) -> HttpResponse:
    """The sheet of a year as a file."""
    check_extension(extension)
    seen = visit_sheet(request, plan_id, kind=YEARLY, year=year)
    require_year(seen.plan, year)
    sheet = get_sheet(seen.plan, year=year)
    return file_response(extension, stem=f"evaluation-{plan_id}-{year}", table=lambda: sheet_table(seen.plan, [sheet]))


@require_safe
@login_required
def download_all(request: HttpRequest, plan_id: int, extension: str) -> HttpResponse:
    """All years of a plan as one file."""
    check_extension(extension)
    seen = visit_plan(request, plan_id)
    sheets = [get_sheet(seen.plan, year=year) for year in seen.plan.years]
    return file_response(extension, stem=f"evaluation-{plan_id}", table=lambda: sheet_table(seen.plan, sheets))
