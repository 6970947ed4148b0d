"""公開ページ: who is designated, and where care at home is to be had, without signing in."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from institutions.definitions.periods import current_period
from institutions.exports.designations import bodies_table, public_table, table_response
from institutions.formulas.folding import fold_for_search, search_words
from institutions.queries.bodies import MOST_ON_MAP, PAGE_SIZE, find_bodies, search_bodies, to_body_rows
from institutions.queries.designations import allows_support, get_designation_areas, get_designations
from institutions.results import DESIGNATED, DesignationRow
from institutions.views.access import PageContext, get_page
from institutions.views.bodies import make_search
from institutions.views.designations import KINDS, choose_prefecture, draw, group_by_area


@require_safe
def designated_public(request: HttpRequest) -> HttpResponse:
    """The designated bodies of a prefecture by area."""
    page = get_page(request, period=current_period(today=timezone.localdate()))
    if page is None:
        return choose_prefecture(
            request,
            "在宅医療の位置付け医療機関・拠点",
            "都道府県を選ぶと、医療計画に位置付けられた医療機関と拠点を表示します。",
        )
    areas = get_designation_areas(page.prefecture.code)
    rows = _found(request, page)
    context = {
        "page_of": page,
        "areas": areas,
        "groups": group_by_area(rows, areas),
        "total": len(rows),
        "kinds": KINDS if allows_support(page.prefecture.code) else KINDS[:-1],
        "chosen": request.GET,
        "has_demo": any(row.is_demo for row in rows),
        "map": draw(rows, page, areas) if rows and request.GET.get("tab") == "map" else "",
    }
    return render(request, "institutions/designated_public.html", context)


def _found(request: HttpRequest, page: PageContext) -> tuple[DesignationRow, ...]:
    """What the words, the category and the area leave."""
    words = search_words(request.GET.get("words", "")[:100])
    kind, area = request.GET.get("kind", ""), request.GET.get("area", "")
    rows = get_designations(page.prefecture.code, page.period.start, statuses=(DESIGNATED,))
    return tuple(
        row
        for row in rows
        if kind in {"", row.kind}
        and (not area or (row.area is not None and str(row.area.id) == area))
        and all(word in _text(row) for word in words)
    )


def _text(row: DesignationRow) -> str:
    """What a designated body is found by."""
    served = "".join(unit.name for unit in row.catchment)
    return fold_for_search(f"{row.body_name}{row.body_kana}{row.address}{row.code}{served}")


@require_safe
def designated_public_file(request: HttpRequest, extension: str) -> HttpResponse:
    """The same list as CSV or XLSX."""
    page = get_page(request, period=current_period(today=timezone.localdate()))
    if page is None:
        raise Http404("都道府県を選んでください。")
    title = f"{page.prefecture.name} 在宅医療の位置付け医療機関・拠点"
    table = public_table(_found(request, page), title=title, period=page.period)
    return table_response(table, extension=extension, name=f"zaitaku-designated-{page.prefecture.code}")


@require_safe
def resource_search(request: HttpRequest) -> HttpResponse:
    """在宅医療・介護資源の検索: bodies that give care, by place, kind and name."""
    form = make_search(request)
    result = search_bodies(form.query)
    page = Paginator(range(result.total), PAGE_SIZE).page(result.number)
    context = {"form": form, "query": form.query, "result": result, "page": page}
    return render(request, "institutions/resources.html", context)


@require_safe
def resource_file(request: HttpRequest, extension: str) -> HttpResponse:
    """What was found as a table, the first 2,000."""
    query = make_search(request).query
    if not query.prefecture:
        raise Http404("都道府県を選んでから、ダウンロードしてください。")
    rows = to_body_rows(find_bodies(query).order_by("unit_id", "name", "pk")[:MOST_ON_MAP])
    table = bodies_table(rows, title="在宅医療・介護の資源")
    return table_response(table, extension=extension, name=f"zaitaku-resources-{query.prefecture}")
