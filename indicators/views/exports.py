"""The figures of one view as CSV, XLSX or JSON, and what it draws as PNG or SVG."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from indicators.definitions.registry import UnknownIndicator
from indicators.exports.indicator import filename, make_table
from indicators.pictures import get_picture, has_picture
from indicators.queries.detail import NoSuchView, get_indicator_result
from indicators.queries.detail_parts import get_detail_parts
from indicators.views.detail import make_form, no_view, unknown_indicator
from zaitaku.lib.pictures import PictureFormat
from zaitaku.pages.files import check_extension, file_response


@require_safe
def indicator_file(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """Exactly the figures, or the picture, of the page with the same parameters."""
    check_extension(extension)
    form = make_form(request, code)
    if not form.is_valid():
        return no_view(request, form.complaints, nearest=form.query, status=400)
    try:
        result = get_indicator_result(form.query)
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    except NoSuchView as error:
        return no_view(request, [error.reason], nearest=error.nearest, status=404)
    parts = get_detail_parts(result)

    def picture(file_format: PictureFormat) -> bytes:
        return get_picture(result, parts, file_format=file_format)

    return file_response(
        extension,
        stem=filename(result),
        table=lambda: make_table(result, parts),
        picture=picture if has_picture(result, parts) else None,
    )
