"""The form on which a prefecture enters its own surveys."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.definitions.survey_items import survey_items
from indicators.exports.survey_form import survey_form_csv, survey_form_xlsx
from intake.forms import SurveyFormForm
from intake.queries.survey_forms import get_form_regions
from regions.models import Region
from zaitaku.accounts.prefecture_choice import chosen_prefecture

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def choose_form(request: HttpRequest) -> HttpResponse:
    """For which prefecture and theme, with the codebook."""
    place = chosen_prefecture(request)
    form = SurveyFormForm(initial={"prefecture": place.code if place else ""})
    return render(request, "intake/survey_forms.html", {"form": form, "items": survey_items().values()})


@require_safe
def download_form(request: HttpRequest, suffix: str) -> HttpResponse:
    """The form itself as XLSX or CSV."""
    if suffix not in _TYPES:
        raise Http404("様式はExcel（.xlsx）とCSV（.csv）で用意しています。")
    form = SurveyFormForm(request.GET)
    if not form.is_valid():
        return render(request, "intake/survey_forms.html", {"form": form, "items": survey_items().values()}, status=422)
    code, theme = form.cleaned_data["prefecture"], form.cleaned_data["theme"]
    try:
        regions = get_form_regions(code, on=timezone.localdate())
    except Region.DoesNotExist:
        raise Http404("地域のデータがまだ読み込まれていません。管理者に連絡してください。") from None
    make = survey_form_csv if suffix == "csv" else survey_form_xlsx
    response = HttpResponse(make(regions, theme=theme), content_type=_TYPES[suffix])
    response["Content-Disposition"] = f'attachment; filename="zaitaku-survey-{code}.{suffix}"'
    return response
