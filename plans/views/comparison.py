"""計画の比較: the public plans of the 47 prefectures side by side. Open to everybody, since it reads what is public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from plans.comparison_form import OVERVIEW_SORTS, TARGET_SORTS, PlanComparisonForm
from plans.comparisons import JUDGED, PlanComparisonQuery, Tab
from plans.exports.comparison import make_comparison_table, pair_lines
from plans.queries.comparison import get_comparison
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.pages.files import check_extension, file_response

_HEADS = {
    "areas": "在宅医療圏",
    "active": "積極的医療機関",
    "hub": "連携の拠点",
    "indicators": "指標",
    "policies": "施策",
    "targets": "数値目標",
    "held": "指針の項目",
    "baseline": "現状値（年度）",
    "end": "目標値（年度）",
    "change": "変化率",
    "progress": "最新値（年度）と判定",
}


@require_safe
def compare_plans(request: HttpRequest) -> HttpResponse:
    """One part of the comparison; what is wrong in the address is named above the nearest view that is right."""
    form = PlanComparisonForm(request.GET, today=timezone.localdate())
    result = get_comparison(form.query)
    query, own = result.query, chosen_prefecture(request)
    context: dict[str, Any] = {
        "form": form,
        "query": query,
        "result": result,
        "tabs": [(one.label, _tab(query, one), one is query.tab) for one in Tab],
        "heads": _heads(query),
        "own_code": own.code if own else "",
        "judged": JUDGED,
        "demo_switch": query.change(with_demo=not query.with_demo, one="", other="").querystring(),
        "files": {
            extension: reverse("plans:plan-comparison-file", args=[extension]) + query.querystring()
            for extension in ("csv", "xlsx", "json")
        },
    }
    if query.tab is Tab.GUIDELINE:
        public = [row for row in result.rows if row.facts]
        context["matrix"] = [(item, [row.answers[item.key] for row in public]) for item in result.guideline.items]
    if query.tab is Tab.PAIR:
        context["lines"] = pair_lines(result)
        context |= {"one": result.row(query.one), "other": result.row(query.other)}
    return render(request, "plans/comparison/page.html", context, status=400 if form.complaints else 200)


@require_safe
def comparison_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Exactly what the page with the same address shows."""
    check_extension(extension)
    form = PlanComparisonForm(request.GET, today=timezone.localdate())
    if form.complaints:
        return compare_plans(request)
    result = get_comparison(form.query)
    stem = f"zaitaku-plans-{form.query.period}-{form.query.tab.value}"
    return file_response(extension, stem=stem, table=lambda: make_comparison_table(result))


def _tab(query: PlanComparisonQuery, tab: Tab) -> str:
    """The address of another part with the same period and plans."""
    return query.change(tab=tab, indicator="", one="", other="", sort="", is_ascending=False).querystring()


def _heads(query: PlanComparisonQuery) -> list[tuple[str, str, str]]:
    """Each column that sorts: its label, the address, its `aria-sort`."""
    keys = {Tab.OVERVIEW: OVERVIEW_SORTS, Tab.TARGETS: TARGET_SORTS}.get(query.tab, ())
    found = []
    for key in keys:
        is_current = query.sort == key
        turned = query.change(sort=key, is_ascending=is_current and not query.is_ascending)
        now = ("ascending" if query.is_ascending else "descending") if is_current else "none"
        found.append((_HEADS[key], turned.querystring(), now))
    return found
