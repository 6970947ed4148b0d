"""位置付け: what a prefecture chooses, and the body of the municipal programme found by searching."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from institutions.actions import designations as actions
from institutions.forms import ProgrammeForm, RuleForm
from institutions.models import Body, Designation
from institutions.queries.bodies import PAGE_SIZE, BodyQuery, search_bodies
from institutions.queries.designations import allows_support, get_designation
from institutions.views.access import find_designation, find_prefecture, get_page, require_editor, sign_in_first
from institutions.views.designations import choose_prefecture


@require_http_methods(["GET", "HEAD", "POST"])
def designation_settings(request: HttpRequest) -> HttpResponse:
    """Whether the prefecture uses the third category."""
    if answer := sign_in_first(request):
        return answer
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "位置付けの設定", "都道府県を選ぶと、設定を確かめられます。")
    code = page.prefecture.code
    require_editor(request, code)
    form = RuleForm(request.POST or None, initial={"allows_support": allows_support(code)})
    if request.method == "POST":
        form = RuleForm(request.POST)
        if form.is_valid():
            try:
                actions.set_rule(find_prefecture(code), allows_support=form.cleaned_data["allows_support"])
            except actions.DesignationRefused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "設定を保存しました。")
                return redirect(f"{request.path}{page.querystring}")
    context = {"form": form, "page_of": page}
    return render(request, "institutions/settings.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def designation_programme(request: HttpRequest, designation_id: int) -> HttpResponse:
    """Choose the body that runs 在宅医療・介護連携推進事業 beside a hub, found by its name."""
    if answer := sign_in_first(request):
        return answer
    designation, _ = find_designation(request, designation_id)
    user = require_editor(request, designation.prefecture.code)
    if request.method == "POST":
        form = ProgrammeForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            values = {"programme_body_id": given["body"]}
            try:
                actions.edit_designation(designation, values, version=given["version"], by=user)
            except actions.DesignationRefused as error:
                messages.error(request, str(error))
                return redirect(request.get_full_path())
            messages.success(request, "在宅医療・介護連携推進事業の実施主体を保存しました。")
            return redirect("institutions:designation-detail", designation_id)
        messages.error(request, "選んだ機関を読み取れません。もう一度探してください。何も変えていません。")
        return redirect(request.get_full_path())
    return render(request, "institutions/programme.html", _programme(request, designation))


def _programme(request: HttpRequest, designation: Designation) -> dict[str, object]:
    """The bodies found; without words the municipalities, which mostly run the programme themselves."""
    words, page = request.GET.get("words", "")[:100], request.GET.get("page", "")
    query = BodyQuery(
        words=words,
        prefecture=designation.prefecture.code,
        kinds=() if words else (Body.Kind.MUNICIPALITY,),
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
    )
    result = search_bodies(query)
    return {
        "row": get_designation(designation.pk),
        "words": words,
        "result": result,
        "page": Paginator(range(result.total), PAGE_SIZE).page(result.number),
    }
