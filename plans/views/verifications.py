"""位置付けの検証: designated bodies with the core indicators of a year, and what is decided about each."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from plans.actions.evaluations import save_verification
from plans.actions.rows import RowConflict
from plans.evaluation_forms import VerificationForm
from plans.evaluation_tables import verification_table
from plans.models import Plan
from plans.queries.evaluations import YEARLY, find_plan_evaluation
from plans.queries.verifications import Verifications, find_row, get_verifications
from plans.results import PlanRefusal
from plans.views.evaluation_access import visit_year
from plans.views.plan_access import rights_at, sent
from plans.views.topic_access import base_version, field_conflicts
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.pages.files import check_extension, file_response


def _find(request: HttpRequest, plan: Plan, year: int) -> Verifications:
    """What single bodies reported is for the officials of the prefecture and who approves there."""
    rights = rights_at(request, plan)
    return get_verifications(plan, year=year, sees_reports=rights.edits or rights.approves)


@require_safe
@login_required
def show_verifications(request: HttpRequest, plan_id: int, year: int) -> HttpResponse:
    """All designated bodies by area and category."""
    seen = visit_year(request, plan_id, year)
    files = {
        one: reverse("plans:evaluation-designations-file", args=[plan_id, year, one]) for one in ("csv", "xlsx", "json")
    }
    context = {
        "visit": seen,
        "found": _find(request, seen.plan, year),
        "year": year,
        "year_label": format_fiscal_year(year),
        "files": files,
    }
    return render(request, "plans/evaluations/designations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def verify(request: HttpRequest, plan_id: int, year: int, designation_id: int) -> HttpResponse:
    """One body: facts, and keep, support or replace."""
    seen = visit_year(request, plan_id, year, to_change=request.method == "POST")
    row = find_row(_find(request, seen.plan, year), designation_id)
    if row is None:
        raise Http404("この計画期間に、この番号で位置付けられている機関はありません。")
    current = row.current
    names = ("outcome", "reason", "next_action")
    form = VerificationForm(sent(request), initial={name: getattr(current, name) for name in names} if current else {})
    sheet = find_plan_evaluation(seen.plan, kind=YEARLY, year=year)
    context = {"visit": seen, "row": row, "form": form, "year": year, "year_label": format_fiscal_year(year)}
    context |= {"version": current.version if current else 0, "conflicts": None}
    context["is_confirmed"] = sheet is not None and sheet.confirmed_at is not None
    if form.is_bound and form.is_valid():
        facts = [fact.as_plain() for fact in row.facts]
        base = base_version(request)
        try:
            save_verification(
                seen.plan, designation_id, year=year, base=base, changes=form.cleaned_data, facts=facts, by=seen.user
            )
        except RowConflict as conflict:
            context |= {"conflicts": field_conflicts(form, conflict.current), "version": conflict.version}
            return render(request, "plans/evaluations/designation.html", context, status=409)
        except PlanRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"「{row.designation.body_name}」の検証の結果を保存しました。")
            return redirect("plans:evaluation-designations", plan_id=plan_id, year=year)
    return render(request, "plans/evaluations/designation.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def download(request: HttpRequest, plan_id: int, year: int, extension: str) -> HttpResponse:
    """The bodies of a year as a file."""
    check_extension(extension)
    seen = visit_year(request, plan_id, year)
    found = _find(request, seen.plan, year)
    stem = f"verification-{plan_id}-{year}"
    return file_response(extension, stem=stem, table=lambda: verification_table(seen.plan, found))
