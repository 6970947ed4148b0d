"""出力センター: the documents of a plan, asked for, watched and downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans.actions.outputs import KEPT_DAYS, TooManyOutputs, drop_template, keep_template
from plans.models import Plan, PlanOutput, PlanVersion
from plans.output_forms import DRAFT, OutputForm, TemplateForm
from plans.outputs import file_of, filename_of, request_output
from plans.queries.outputs import find_output, find_template, is_public, list_outputs
from plans.queries.plan_access import find_plan
from plans.queries.plans import Rights
from plans.views.plan_access import To, enter, rights_at
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import UNFINISHED

_INSIDE = "文書を作成できるのは、その都道府県の担当者と承認者だけです。公表された版の文書はだれでも入手できます。"


@require_http_methods(["GET", "HEAD", "POST"])
def show_outputs(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The documents there are; officials and approvers ask for more."""
    plan, rights = _enter(request, plan_id)
    versions = list(plan.versions.defer("content").order_by("-number")) if _is_inside(rights) else []
    form = OutputForm(request.POST or None, versions=versions)
    if request.method == "POST":
        if not _is_inside(rights):
            raise PermissionDenied(_INSIDE)
        if form.is_valid() and _start(request, plan, form):
            return redirect("plans:output-list", plan_id=plan.pk)
    return _page(request, plan, rights, form=form)


def _enter(request: HttpRequest, plan_id: int) -> tuple[Plan, Rights]:
    """The plan for those of the prefecture; for everybody else if a version of it is public."""
    try:
        plan = find_plan(plan_id)
    except Plan.DoesNotExist:
        raise Http404("この番号の計画はありません。計画の一覧から選んでください。") from None
    rights = rights_at(request, plan)
    if not rights.reads and not plan.versions.filter(state=PlanVersion.State.PUBLISHED).exists():
        raise PermissionDenied(To.READ.refusal)
    return plan, rights


def _is_inside(rights: Rights) -> bool:
    return rights.edits or rights.approves


def _start(request: HttpRequest, plan: Plan, form: OutputForm) -> bool:
    """Hand the chosen documents to workers; False with the reason in the form if too many wait."""
    assert isinstance(request.user, User)
    chosen = form.cleaned_data["version"]
    version = None if chosen == DRAFT else plan.versions.get(number=int(chosen))
    try:
        for kind in form.cleaned_data["kinds"]:
            request_output(plan, version, PlanOutput.Kind(kind), by=request.user)
    except TooManyOutputs:
        form.add_error(None, "いま文書の作成が込み合っています。数分後にもう一度押してください。")
        return False
    messages.success(request, "文書の作成を始めました。できあがると、この一覧から入手できます。")
    return True


def _page(
    request: HttpRequest, plan: Plan, rights: Rights, *, form: OutputForm, template_form: TemplateForm | None = None
) -> HttpResponse:
    is_inside = _is_inside(rights)
    outputs = list(list_outputs(plan, public_only=not is_inside))
    rows = [{"output": one, "is_there": file_of(one) is not None} for one in outputs]
    context = {
        "plan": plan,
        "rights": rights,
        "is_inside": is_inside,
        "form": form,
        "template_form": template_form or TemplateForm(),
        "template": find_template(plan.prefecture.code) if is_inside else None,
        "rows": rows,
        "is_waiting": any(one.job.status in UNFINISHED for one in outputs),
        "days": KEPT_DAYS,
    }
    failed = form.is_bound or (template_form is not None and template_form.is_bound)
    return render(request, "plans/outputs/list.html", context, status=422 if failed else 200)


@require_safe
def download_output(request: HttpRequest, output_id: int) -> FileResponse:
    """The finished file: of a public version for everybody."""
    try:
        output = find_output(output_id)
    except PlanOutput.DoesNotExist:
        raise Http404("この番号の文書はありません。出力センターからもう一度作成してください。") from None
    if not is_public(output) and not _is_inside(rights_at(request, output.plan)):
        raise PermissionDenied(_INSIDE)
    path = file_of(output)
    if path is None:
        raise Http404("ファイルはまだできていないか、もう削除されました。出力センターからもう一度作成してください。")
    return FileResponse(path.open("rb"), as_attachment=True, filename=filename_of(output))


@require_POST
@login_required
def change_template(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take the prefecture's Word template in, or go back to the plain look."""
    visit = enter(request, plan_id, To.EDIT)
    if "remove" in request.POST:
        drop_template(visit.plan.prefecture)
        messages.success(request, "ひな形を外しました。次に作るWordは標準の体裁になります。")
        return redirect("plans:output-list", plan_id=plan_id)
    form = TemplateForm(request.POST, request.FILES)
    if not form.is_valid():
        versions = list(visit.plan.versions.defer("content").order_by("-number"))
        return _page(request, visit.plan, visit.rights, form=OutputForm(versions=versions), template_form=form)
    file = form.cleaned_data["file"]
    keep_template(visit.plan.prefecture, filename=file.name, content=file.read(), by=visit.user)
    messages.success(request, "ひな形を登録しました。次に作るWordから使います。")
    return redirect("plans:output-list", plan_id=plan_id)
