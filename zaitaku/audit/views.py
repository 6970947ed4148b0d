"""監査記録: the search, one line with its permalink, and the history of one thing. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zaitaku.accounts.permissions import ADMINISTRATOR, Actor
from zaitaku.accounts.queries import get_actor
from zaitaku.audit.forms import AuditSearchForm
from zaitaku.audit.models import AuditEntry
from zaitaku.audit.queries import find_entries, get_lines, get_watched_tables
from zaitaku.audit.scope import may_read_audit, prefecture_paths
from zaitaku.audit.words import table_label
from zaitaku.lib.tables import Column, Table, csv_bytes

_View = Callable[..., HttpResponse]
_LINES = 30
_MOST_IN_A_FILE = 20_000
_LARGEST_ID = 2**63 - 1


def for_readers(view: _View) -> _View:
    """The view gets the `actor`, who may read at least a part of the log."""

    @wraps(view)
    @require_safe
    @login_required
    @never_cache
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        actor = get_actor(request.user)
        if not may_read_audit(actor):
            raise PermissionDenied("監査記録を見られるのは、管理者と、その都道府県の担当者・承認者だけです。")
        return view(request, actor=actor, **parts)

    return answer


@for_readers
def entry_list(request: HttpRequest, *, actor: Actor) -> HttpResponse:
    """Search; `?format=csv` is the same as a file."""
    form = AuditSearchForm(request.GET, tables=_tables(actor))
    entries = find_entries(actor, **form.cleaned_data) if form.is_valid() else AuditEntry.objects.none()
    if request.GET.get("format") == "csv":
        return _csv(entries)
    page = Paginator(entries, _LINES).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": get_lines(page.object_list), "sees_all": _sees_all(actor)}
    return render(request, "audit/list.html", context, status=400 if form.errors else 200)


@for_readers
def entry_detail(request: HttpRequest, *, actor: Actor, entry_id: int) -> HttpResponse:
    """One line, at an address that stays."""
    entry = find_entries(actor).filter(pk=min(entry_id, _LARGEST_ID)).first()
    if entry is None:
        raise Http404("この番号の監査記録はないか、担当地域の外のものです。")
    return render(request, "audit/detail.html", {"line": get_lines([entry])[0], "sees_all": _sees_all(actor)})


@for_readers
def row_history(request: HttpRequest, *, actor: Actor, table: str, row: str) -> HttpResponse:
    """Everything that happened to one thing."""
    entries = find_entries(actor, table=table, row=row)
    if request.GET.get("format") == "csv":
        return _csv(entries)
    page = Paginator(entries, _LINES).get_page(request.GET.get("page"))
    context = {"label": table_label(table), "row": row, "page": page, "lines": get_lines(page.object_list)}
    return render(request, "audit/history.html", {**context, "table": table, "sees_all": _sees_all(actor)})


def _sees_all(actor: Actor) -> bool:
    return actor.role == ADMINISTRATOR


def _tables(actor: Actor) -> list[tuple[str, str]]:
    """What the search offers: only tables in which the actor may find something."""
    own = {model._meta.db_table for model, _path in prefecture_paths()}
    return [(table, label) for table, label in get_watched_tables() if _sees_all(actor) or table in own]


_COLUMNS = (
    ("番号", "id"), ("日時", "at"), ("利用者", "actor"), ("接続元", "address"), ("理由", "reason"),
    ("データベースの役割", "database_role"), ("対象", "label"), ("表", "table"), ("対象の番号", "row"),
    ("操作", "action"), ("項目", "field"), ("項目（列名）", "column"), ("変更前", "before"), ("変更後", "after"),
)  # fmt: skip


def _csv(entries: QuerySet[AuditEntry]) -> HttpResponse:
    """One row a changed field, in long form."""
    rows = [
        (
            str(line.entry.pk),
            timezone.localtime(line.entry.at).isoformat(timespec="seconds"),
            line.entry.actor_name,
            line.entry.address,
            line.entry.reason,
            line.entry.database_role,
            line.table_label,
            line.entry.table,
            line.entry.row,
            line.entry.get_action_display(),
            change.label,
            change.column,
            change.before,
            change.after,
        )
        for line in get_lines(entries[:_MOST_IN_A_FILE])
        for change in line.changes
    ]
    columns = tuple(Column(name=name, key=key) for name, key in _COLUMNS)
    content = csv_bytes(Table(title="監査記録", columns=columns, rows=rows))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
