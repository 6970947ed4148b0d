"""The downloads of a view: exactly the figures shown as CSV, XLSX and JSON, and the chart shown as PNG and SVG.

A page makes a `Table` and, where it draws something, a function that gives the picture; both from the very result that
the page shows. It answers `….<extension>` with `file_response` and lists the links with `components/view_files.html`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from zaitaku.lib.pictures import PictureFormat
from zaitaku.lib.tables import Table, csv_bytes, json_bytes, xlsx_bytes

Picture = Callable[[PictureFormat], bytes]

_TABLES: dict[str, tuple[Callable[[Table], bytes], str]] = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (json_bytes, "application/json"),
}
_PICTURES: dict[str, tuple[PictureFormat, str]] = {"png": ("png", "image/png"), "svg": ("svg", "image/svg+xml")}
EXTENSIONS = (*_TABLES, *_PICTURES)


def check_extension(extension: str) -> None:
    """Raise `Http404` with a sentence for an ending that no view has; before any figure is read."""
    if extension not in EXTENSIONS:
        raise Http404("この形式では出力できません。csv・xlsx・json・png・svgのどれかを選んでください。")


def file_response(
    extension: str, *, stem: str, table: Callable[[], Table], picture: Picture | None = None
) -> HttpResponse:
    """The view as a file named `stem.extension` (ASCII). Without `picture` there is nothing to draw: 404 says so."""
    check_extension(extension)
    if extension in _TABLES:
        write, content_type = _TABLES[extension]
        content = write(table())
    elif picture is None:
        raise Http404("この表示には図がありません。値はcsv・xlsx・jsonで入手できます。")
    else:
        file_format, content_type = _PICTURES[extension]
        content = picture(file_format)
    disposition = "inline" if extension == "json" else "attachment"
    headers = {"Content-Disposition": f'{disposition}; filename="{stem}.{extension}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
