"""県・圏域プロファイル: one place on one page, its files and its pictures."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from indicators.charts.profile_pictures import outlook_figure, spine_figure
from indicators.exports.profile import filename_stem, make_table
from indicators.picture_captions import make_caption
from indicators.profile_form import ProfileForm
from indicators.profile_pages import get_profile_key, get_profile_page
from indicators.profiles import ProfileQuery, ProfileResult
from indicators.queries.profile import NoSuchProfile, get_profile
from indicators.views.answers import answer
from zaitaku.accounts.prefecture_choice import chosen_prefecture
from zaitaku.lib.pictures import PictureFormat, draw_picture
from zaitaku.lib.prefectures import BLOCKS
from zaitaku.pages.files import check_extension, file_response

# Title, what the drawing shows, and how it is made.
_CHARTS = {
    "spine": (
        "指標の位置",
        "うすい帯：{peers}（値のある地域）の最小～最大、濃い帯：25～75％、白い線：中央値、縦線：比較相手、ひし形：この地域"
        "（塗りつぶしは偶然では説明しにくい差）、横線：95％区間。目盛りは行ごとに違います。",
        spine_figure,
    ),
    "outlook": ("人口と訪問診療需要の見通し", "2025年（需要は最初の年）を100とした値", outlook_figure),
}


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The profile of the place in the address; without a prefecture the list to choose one from."""
    form = make_form(request)
    query = form.query if form.is_valid() else None
    if form.errors:
        return _no_profile(request, form.complaints, nearest=None, status=400)
    if query is None:
        return render(request, "indicators/profile_choose.html", {"blocks": BLOCKS})
    key = get_profile_key(query)
    try:
        return answer(
            request,
            key=key,
            make=lambda: render(request, "indicators/profile.html", {"page": get_profile_page(query, key=key)}),
            parameters=ProfileForm.base_fields,
        )
    except NoSuchProfile as error:
        return _no_profile(request, [error.reason], nearest=error.nearest, status=404)


@require_safe
def profile_file(request: HttpRequest, chart: str, extension: str) -> HttpResponse:
    """Exactly the figures of the page with the same parameters (`figures`), or one of its charts as a picture."""
    check_extension(extension)
    if chart != "figures" and chart not in _CHARTS:
        raise Http404("この図はありません。プロファイルの画面から選んでください。")
    form = make_form(request)
    query = form.query if form.is_valid() else None
    if query is None:
        return _no_profile(request, form.complaints or ["都道府県を選んでください。"], nearest=None, status=400)
    try:
        result = get_profile(query)
    except NoSuchProfile as error:
        return _no_profile(request, [error.reason], nearest=error.nearest, status=404)
    stem = filename_stem(result) + ("" if chart == "figures" else f"_{chart}")
    picture = None if chart == "figures" else lambda form: _draw(result, chart, form)
    return file_response(extension, stem=stem, table=lambda: make_table(result), picture=picture)


def make_form(request: HttpRequest) -> ProfileForm:
    """The form of the address, with the visitor's own prefecture where the address names none."""
    own = None if request.GET.get("prefecture") else chosen_prefecture(request)
    return ProfileForm(request.GET.dict(), own_prefecture=own.code if own else "")


def _draw(result: ProfileResult, chart: str, file_format: PictureFormat) -> bytes:
    title, shown, make = _CHARTS[chart]
    filters = shown.format(peers=result.peers_label)
    caption = make_caption(f"{result.name}の{title}", filters=filters, sources=result.sources)
    return draw_picture(make(result), caption=caption, file_format=file_format)


def _no_profile(
    request: HttpRequest, complaints: Sequence[str], *, nearest: ProfileQuery | None, status: int
) -> HttpResponse:
    """What is wrong with the address, and the nearest profile there is."""
    url = reverse("indicators:profile") + (nearest.querystring() if nearest else "")
    return render(request, "indicators/profile_none.html", {"complaints": complaints, "nearest": url}, status=status)
