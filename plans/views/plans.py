"""計画: the list, a new plan, its workspace and its settings."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from plans.actions.plans import change_plan, create_plan
from plans.models import Plan
from plans.plan_forms import NewChapterForm, NewPlanForm, PlanForm
from plans.plan_pages import section_links
from plans.queries.area_drafts import find_prefecture
from plans.queries.comments import list_unseen
from plans.queries.plans import describe_plan, get_workspace, list_plans, list_published, list_schemes, rights_of
from plans.results import PlanRefusal
from plans.views.plan_access import To, enter, enter_prefecture, sent
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.accounts.prefecture_choice import chosen_prefecture, own_prefecture
from zaitaku.accounts.queries import get_actor
from zaitaku.lib.prefectures import Prefecture


def _own(request: HttpRequest) -> Prefecture | None:
    """The prefecture in view if its plans are the reader's, else the reader's own."""
    return next((one for one in (chosen_prefecture(request), own_prefecture(request)) if _reads(request, one)), None)


def _reads(request: HttpRequest, place: Prefecture | None) -> bool:
    return place is not None and rights_of(get_actor(request.user), place.code).reads


@require_safe
def show_plans(request: HttpRequest) -> HttpResponse:
    """The plans of one's own prefecture, and the published ones of all."""
    place = _own(request)
    rights = rights_of(get_actor(request.user), place.code) if place else None
    plans = list(list_plans(place.code)) if place else []
    context = {"place": place, "rights": rights, "plans": plans, "published": list(list_published())}
    return render(request, "plans/plan_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def begin_plan(request: HttpRequest) -> HttpResponse:
    """The form of a new plan, and beginning it."""
    place = chosen_prefecture(request)
    if place is None:
        raise Http404("都道府県を選んでから開いてください。")
    user = enter_prefecture(request, place.code, To.EDIT)
    # Shown first: the period that is being prepared, with an obvious title.
    initial = {"period": 2027, "title": f"{place.name}在宅医療計画", "approval_levels": 1}
    form = NewPlanForm(sent(request), initial=initial, schemes=list_schemes(place.code), plans=list_plans(place.code))
    if request.method == "POST" and form.is_valid() and (plan := _create(form, place, user)):
        messages.success(request, "計画をつくりました。章ごとに担当者と期限を決めてください。")
        return redirect("plans:plan-detail", plan_id=plan.pk)
    return render(request, "plans/plan_new.html", {"form": form, "place": place}, status=422 if form.is_bound else 200)


def _create(form: NewPlanForm, place: Prefecture, user: User) -> Plan | None:
    given = form.cleaned_data
    try:
        plan = create_plan(
            find_prefecture(place.code),
            period=given["period"],
            title=given["title"],
            scheme=given["scheme"],
            model=given["model"],
            by=user,
        )
    except PlanRefusal as refusal:
        form.add_error("period", str(refusal))
        return None
    except Region.DoesNotExist:
        raise Http404("地域のデータがまだ読み込まれていません。管理者に連絡してください。") from None
    change_plan(plan, title=plan.title, scheme=plan.scheme, approval_levels=given["approval_levels"])
    return plan


@require_safe
@login_required
def show_plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """計画ワークスペース."""
    visit = enter(request, plan_id)
    workspace = get_workspace(visit.plan, rights=visit.rights, today=timezone.localdate())
    context = {
        "visit": visit,
        "workspace": workspace,
        "about": describe_plan(visit.plan),
        "sections": section_links(workspace.sections, visit.plan),
        "mentions": list(list_unseen(visit.user, plan=visit.plan)),
        "new_chapter": NewChapterForm(),
    }
    return render(request, "plans/plan_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_settings(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Title, areas, approval."""
    visit = enter(request, plan_id, To.EDIT)
    plan = visit.plan
    initial = {"title": plan.title, "scheme": plan.scheme, "approval_levels": plan.approval_levels}
    form = PlanForm(sent(request), initial=initial, schemes=list_schemes(plan.prefecture.code))
    if request.method == "POST" and form.is_valid():
        change_plan(plan, **form.cleaned_data)
        messages.success(request, "計画の設定を保存しました。")
        return redirect("plans:plan-detail", plan_id=plan.pk)
    context = {"form": form, "visit": visit}
    return render(request, "plans/plan_settings.html", context, status=422 if form.is_bound else 200)
