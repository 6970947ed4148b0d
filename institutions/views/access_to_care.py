"""アクセス: what care at home reaches whom, by prefecture."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from institutions.access import TABS, AccessResult
from institutions.access_form import AccessForm
from institutions.exports.access import access_map, access_picture, access_table
from institutions.queries.access import get_access
from institutions.views.designations import choose_prefecture
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.pages.files import EXTENSIONS, Picture, check_extension, file_response


@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """The map and tables of one prefecture, or the institutions that were counted."""
    prefecture = chosen_prefecture(request)
    if prefecture is None:
        text = "都道府県を選ぶと、在支診・在支病から16kmまたは8km以内に住む人と、届く機関のない市区町村を表示します。"
        return choose_prefecture(request, "在宅医療へのアクセス", text)
    form = AccessForm(request.GET, prefecture_code=prefecture.code)
    result = get_access(form.query, today=timezone.localdate())
    here = form.query.querystring()
    context = {
        "form": form,
        "query": form.query,
        "result": result,
        "tabs": [
            (label, form.query.change(tab=tab).querystring(), tab == form.query.tab) for tab, label in TABS.items()
        ],
        "map": access_map(result) if result.as_of and not form.query.tab else "",
        "files": {extension: reverse("institutions:access-file", args=[extension]) + here for extension in EXTENSIONS},
    }
    return render(request, "institutions/access.html", context, status=400 if form.complaints else 200)


@require_safe
def access_file(request: HttpRequest, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same address, or its map."""
    check_extension(extension)
    prefecture = chosen_prefecture(request)
    if prefecture is None:
        raise Http404("都道府県を選んでから、ダウンロードしてください。")
    form = AccessForm(request.GET, prefecture_code=prefecture.code)
    if form.complaints:
        return access(request)
    result = get_access(form.query, today=timezone.localdate())
    kind = f"{form.query.tab or 'places'}-{prefecture.code}-{form.query.reach}km"
    return file_response(
        extension, stem=f"zaitaku-access-{kind}", table=lambda: access_table(result), picture=_picture(result)
    )


def _picture(result: AccessResult) -> Picture | None:
    """The map, where the page has one."""
    if result.as_of is None or result.query.tab:
        return None
    return lambda file_format: access_picture(result, file_format=file_format)
