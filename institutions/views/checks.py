"""候補 and 点検: who might be designated, and what is wrong with what is."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actions.designations import DesignationRefused, NewDesignation, create_designation
from institutions.exports.designations import findings_table, table_response
from institutions.formulas.checks import CHECKS, SEVERITIES, Check, Finding
from institutions.models import Body
from institutions.queries.candidates import list_candidates
from institutions.queries.checks import get_checks, get_newest_run
from institutions.queries.designations import get_designation_areas
from institutions.results import DesignationAreas
from institutions.views.access import PageContext, get_page, may_read_reports, require_editor, sign_in_first
from institutions.views.designations import choose_prefecture
from zaitaku.accounts.queries import get_actor


@require_http_methods(["GET", "HEAD", "POST"])
def candidate_list(request: HttpRequest) -> HttpResponse:
    """Proposals from the notifications; one click makes one a 候補."""
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "候補", "都道府県を選ぶと、届出から考えられる候補を表示します。")
    if not page.may_see_drafts:
        if answer := sign_in_first(request):
            return answer
        raise Http404("候補は、その都道府県の担当者と市町村だけが見られます。")
    areas = get_designation_areas(page.prefecture.code)
    if request.method == "POST":
        return _adopt(request, page, areas)
    area_id = next((area.id for area in areas.areas if str(area.id) == request.GET.get("area")), None)
    if area_id is None and len(areas.areas) > 1 and "area" not in request.GET:
        area_id = areas.areas[0].id
    rows = list_candidates(
        page.prefecture.code,
        page.period.start,
        area_id=area_id,
        with_reports=may_read_reports(get_actor(request.user), page.prefecture.code),
    )
    context = {"page_of": page, "areas": areas, "area_id": area_id, "rows": rows}
    return render(request, "institutions/candidates.html", context)


def _adopt(request: HttpRequest, page: PageContext, areas: DesignationAreas) -> HttpResponse:
    user = require_editor(request, page.prefecture.code)
    text = request.POST.get("body", "")
    known = Body.objects.filter(prefecture__code=page.prefecture.code)
    body = known.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() and len(text) < 19 else None
    if body is None:
        raise Http404("この番号の機関はありません。")
    own = areas.of_unit(body.unit_id)
    new = NewDesignation(
        prefecture_id=body.prefecture_id,
        period=page.period.start,
        kind="active",
        body=body,
        area_id=own.id if own else None,
        reason=request.POST.get("reason", "")[:1000],
        decided_on=timezone.localdate(),
    )
    try:
        create_designation(new, by=user)
    except DesignationRefused as error:
        messages.error(request, f"{body.name}：{error}")
    else:
        messages.success(request, f"「{body.name}」を候補に登録しました。")
    area = f"&area={own.id}" if own else ""
    return redirect(f"{reverse('institutions:candidate-list')}{page.querystring}{area}")


@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """The findings by severity, those of one check or severity, and what is new since the last list."""
    page = get_page(request)
    if page is None:
        return choose_prefecture(request, "位置付けの点検", "都道府県を選ぶと、位置付けの点検の結果を表示します。")
    if not page.may_see_drafts:
        if answer := sign_in_first(request):
            return answer
        raise Http404("点検の結果は、その都道府県の担当者と市町村だけが見られます。")
    findings = get_checks(page.prefecture.code, page.period.start)
    severities = Counter(one.severity for one in findings)
    checks = Counter(one.check for one in findings)
    chosen = _filtered(request, findings)
    context = {
        "page_of": page,
        "groups": _groups(chosen),
        "severities": [(key, label, severities[key]) for key, label in SEVERITIES.items()],
        "checks": [(key, check.title, checks[key]) for key, check in CHECKS.items() if checks[key]],
        "clean": [check.title for key, check in CHECKS.items() if not checks[key]],
        "total": len(findings),
        "shown": len(chosen),
        "chosen": request.GET,
        "run": get_newest_run(page.prefecture.code, page.period.start),
    }
    return render(request, "institutions/checks.html", context)


def _filtered(request: HttpRequest, findings: tuple[Finding, ...]) -> list[Finding]:
    severity, check = request.GET.get("severity", ""), request.GET.get("check", "")
    return [one for one in findings if severity in {"", one.severity} and check in {"", one.check}]


def _groups(findings: list[Finding]) -> list[tuple[Check, list[Finding]]]:
    """Findings under their checks."""
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.check, []).append(one)
    return [(CHECKS[key], found) for key, found in groups.items()]


@require_safe
def check_file(request: HttpRequest, extension: str) -> HttpResponse:
    """The findings as a table."""
    page = get_page(request)
    if page is None or not page.may_see_drafts:
        raise Http404("点検の結果は、その都道府県の担当者と市町村だけが見られます。")
    findings = _filtered(request, get_checks(page.prefecture.code, page.period.start))
    table = findings_table(findings, title=f"{page.prefecture.name} 位置付けの点検")
    return table_response(table, extension=extension, name=f"zaitaku-checks-{page.prefecture.code}")
