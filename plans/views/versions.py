"""Handing a plan in, deciding about it, publishing it, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.versions import decide, publish_version, submit_plan, withdraw_version
from plans.models import Plan, PlanVersion
from plans.plan_forms import DecisionForm, SubmissionForm
from plans.plan_pages import data_editions, document_parts
from plans.queries.plans import describe_plan
from plans.queries.reviews import NOW, ShownChange, compare_contents, get_contents, list_decisions
from plans.results import PlanRefusal
from plans.views.plan_access import To, enter, enter_version, find_version, rights_at, sent


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def submit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What has changed since the last version, and handing it in."""
    visit = enter(request, plan_id, To.EDIT)
    form = SubmissionForm(sent(request))
    newest = visit.plan.versions.order_by("-number").first()
    if request.method == "POST" and form.is_valid():
        try:
            version = submit_plan(visit.plan, note=form.cleaned_data["note"], by=visit.user)
        except PlanRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"第{version.number}版を提出しました。承認者の画面に表示されます。")
            return redirect("plans:version-detail", version_id=version.pk)
    before, now = get_contents(visit.plan, [str(newest.number) if newest else "", NOW])
    context = {"visit": visit, "form": form, "newest": newest, "changes": compare_contents(before, now)}
    return render(request, "plans/plan_submit.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def show_difference(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Any two versions, or a version and today."""
    visit = enter(request, plan_id)
    versions = list(visit.plan.versions.defer("content").order_by("-number"))
    before = _wanted(request.GET.get("before"), default=str(versions[0].number) if versions else "")
    after = _wanted(request.GET.get("after"), default=NOW)
    changes = _differences(visit.plan, before, after)
    context = {"visit": visit, "versions": versions, "before": before, "after": after, "changes": changes}
    return render(request, "plans/plan_difference.html", context)


def _wanted(given: str | None, *, default: str) -> str:
    """A version's number as text, `now`, or nothing."""
    if given is None:
        return default
    if given in ("", NOW) or (given.isascii() and given.isdecimal() and len(given) < 5):
        return given
    raise Http404("版の番号は数字か now で指定してください。")


def _differences(plan: Plan, before: str, after: str) -> tuple[ShownChange, ...]:
    try:
        return compare_contents(*get_contents(plan, [before, after]))
    except PlanVersion.DoesNotExist:
        raise Http404("この番号の版はありません。一覧から選んでください。") from None


@require_safe
def show_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version: public once it is published; until then for those of the prefecture."""
    version = find_version(version_id)
    rights = rights_at(request, version.plan)
    is_public = version.state == PlanVersion.State.PUBLISHED
    if not is_public and not rights.reads:
        raise PermissionDenied(To.READ.refusal)
    context = {
        "version": version,
        "rights": rights,
        "is_public": is_public,
        "about": describe_plan(version.plan),
        "parts": document_parts(version.content),
        "editions": data_editions(version.content),
        "decisions": list(list_decisions(version)) if rights.reads else [],
        "is_under_review": version.state in (PlanVersion.State.SUBMITTED, PlanVersion.State.FIRST_APPROVED),
        "form": DecisionForm(),
    }
    return render(request, "plans/version_detail.html", context)


@require_POST
@login_required
def decide_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Approve or return."""
    version, visit = enter_version(request, version_id, To.APPROVE)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("plans:version-detail", version_id=version_id)
    given = form.cleaned_data
    said = "差し戻しました。理由は担当者の画面に表示されます。" if given["outcome"] == "returned" else "承認しました。"
    return _try(request, version, lambda: decide(version, by=visit.user, **given), said)


@require_POST
@login_required
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    """Take back what one handed in."""
    version, visit = enter_version(request, version_id, To.EDIT)
    return _try(
        request,
        version,
        lambda: withdraw_version(version, by=visit.user),
        "取り下げました。直してから、もう一度提出できます。",
    )


@require_POST
@login_required
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Make an approved version public."""
    version, _visit = enter_version(request, version_id, To.EDIT)
    return _try(request, version, lambda: publish_version(version), "公表しました。この版はだれでも読めます。")


def _try(request: HttpRequest, version: PlanVersion, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it and say so, or say why it cannot be done."""
    try:
        act()
    except PlanRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"第{version.number}版を{said}")
    return redirect("plans:version-detail", version_id=version.pk)
