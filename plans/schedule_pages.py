"""What pages and feeds of the 年間スケジュール share: a calendar as an answer. No HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from plans.exports.calendar import CalendarHead, write_calendar
from plans.formulas.schedule import Entry
from plans.models import Plan
from plans.queries.schedule import get_stamps

_TYPE = "text/calendar; charset=utf-8"


def calendar_response(
    request: HttpRequest, plan: Plan, entries: Sequence[Entry], *, filename: str, has_pages: bool = True
) -> HttpResponse:
    """The entries as a calendar; nothing is sent again that the asker has. `has_pages`: they may open the site."""
    head = CalendarHead(
        name=f"{plan.title} 年間スケジュール{'（デモ）' if plan.is_demo else ''}",
        # Two installations never have a plan of the same prefecture made in the same microsecond.
        origin=f"{plan.prefecture.code}/{plan.period}/{plan.created_at.isoformat()}",
        site=request.build_absolute_uri("/").rstrip("/") if has_pages else "",
    )
    content = write_calendar(entries, head, stamps=get_stamps(entries, plan))
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    headers = {"ETag": tag, "Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=_TYPE, headers=headers)
