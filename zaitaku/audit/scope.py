"""Which lines of the log belong to a prefecture: those of rows from which foreign keys lead to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.db.models import CharField, ForeignKey, Model, Q
from django.db.models.functions import Cast

from zaitaku.accounts.permissions import ADMINISTRATOR, APPROVER, PREFECTURE, Actor
from zaitaku.audit.models import AuditEntry

# Apps whose tables are a prefecture's own decisions; accounts are for administrators alone.
_OWN = ("plans", "institutions")
_REGION = "regions.Region"


def may_read_audit(actor: Actor) -> bool:
    """Administrators all of it, a prefecture's officials and approvers what is about their prefecture."""
    return actor.role == ADMINISTRATOR or (actor.role in {PREFECTURE, APPROVER} and bool(actor.codes))


def visible_to(actor: Actor, *, table: str = "") -> Q:
    """The lines somebody may read, of one table or of all."""
    if actor.role == ADMINISTRATOR:
        return Q(table=table) if table else Q()
    found = Q(pk__in=[])
    if may_read_audit(actor):
        for model, path in prefecture_paths():
            if table in ("", model._meta.db_table):
                for condition in _lines_of(model, path, actor.codes):
                    found |= condition
    return found


@cache
def prefecture_paths() -> tuple[tuple[type[Model], str], ...]:
    """Each model of a prefecture's decisions with the shortest way to the prefecture (`plan__prefecture`)."""
    models = [model for app in _OWN for model in apps.get_app_config(app).get_models()]
    return tuple((model, path) for model in models if (path := _path(model)))


def _path(model: type[Model]) -> str:
    waiting = deque([(model, "")])
    seen = {model}
    while waiting:
        here, path = waiting.popleft()
        for field in here._meta.concrete_fields:
            related = field.related_model if isinstance(field, ForeignKey) else None
            if not isinstance(related, type):
                continue
            if field.name == "prefecture" and related._meta.label == _REGION:
                return f"{path}{field.name}"
            if related._meta.app_label in _OWN and related not in seen:
                seen.add(related)
                waiting.append((related, f"{path}{field.name}__"))
    return ""


def _lines_of(model: type[Model], path: str, codes: frozenset[str]) -> Iterator[Q]:
    table = model._meta.db_table
    rows = model._default_manager.filter(**{f"{path}__code__in": codes})
    yield Q(table=table, row__in=rows.annotate(as_text=Cast("pk", CharField())).values("as_text"))
    # A deleted row leads nowhere any more; its line still holds the first step.
    step, _, rest = path.partition("__")
    related = model._meta.get_field(step).related_model
    if not isinstance(related, type) or (rest and model._meta.app_label != "plans"):
        return
    parents = related._default_manager.filter(**({f"{rest}__code__in": codes} if rest else {"code__in": codes}))
    keys = list(parents.values_list("pk", flat=True))
    yield Q(table=table, action=AuditEntry.Action.DELETE, **{f"before__{step}_id__in": keys})
