"""What tables, columns and values of the log are called on the pages, taken from the models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from zaitaku.accounts.models import User

_TABLES = {"otp_totp_totpdevice": "認証アプリ"}
_COLUMNS = {
    "confirmed": "確認済み", "id": "番号", "created_at": "作成日時", "first_name": "名", "last_name": "姓",
    "user_id": "利用者", "name": "名称", "step": "間隔（秒）", "digits": "桁数", "t0": "起点",
    "tolerance": "許すずれ（回）",
}  # fmt: skip
# Models whose rows are named instead of numbered.
_NAMED = ("accounts.User", "regions.Region")
Names = Mapping[tuple[str, int], str]


@cache
def model_of(table: str) -> type[Model] | None:
    """The model of a table; None for a table of a former version."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def table_label(table: str) -> str:
    """「計画」 for `plans_plan`; the table itself where no model has it."""
    model = model_of(table)
    return _TABLES.get(table) or (str(model._meta.verbose_name) if model else table)


@cache
def _fields(table: str) -> dict[str, Field[Any, Any]]:
    model = model_of(table)
    return {field.column or field.name: field for field in model._meta.concrete_fields} if model else {}


def column_label(table: str, column: str) -> str:
    """「名称」 for `title` of `plans_plan`; the column itself where no field has it."""
    field = _fields(table).get(column)
    own = str(field.verbose_name) if field else column
    # Models of other packages, and fields without a name of their own, speak English.
    return _COLUMNS.get(column, own) if own.isascii() else own


def shown(table: str, column: str, value: object, *, names: Names) -> str:
    """A stored value as a reader knows it. Nothing, empty, no and zero are four different words."""
    if value is None:
        return "（なし）"
    if value == "":
        return "（空欄）"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    field = _fields(table).get(column)
    if isinstance(field, ForeignKey):
        related = field.related_model
        label = related._meta.label if isinstance(related, type) else ""
        named = names.get((label, value)) if isinstance(value, int) else None
        return f"{named}（番号{value}）" if named else f"番号{value}"
    if isinstance(field, DateTimeField) and (at := parse_datetime(str(value))):
        return f"{timezone.localtime(at):%Y年%-m月%-d日 %H:%M:%S}"
    choices = {str(key): str(text) for key, text in field.flatchoices} if field is not None else {}
    return choices.get(str(value), str(value))


def names_of(changes: Iterable[tuple[str, Mapping[str, object]]]) -> Names:
    """Names of the people and places that rows (`table`, columns) point at, in two queries."""
    wanted: dict[str, set[int]] = {label: set() for label in _NAMED}
    for table, columns in changes:
        fields = _fields(table)
        for column, value in columns.items():
            field = fields.get(column)
            related = field.related_model if isinstance(field, ForeignKey) else None
            if isinstance(related, type) and related._meta.label in wanted and isinstance(value, int):
                wanted[related._meta.label].add(value)
    people = User.objects.in_bulk(wanted["accounts.User"])
    places = apps.get_model("regions.Region")._default_manager.filter(pk__in=wanted["regions.Region"])
    found = {("accounts.User", key): str(person) for key, person in people.items()}
    return found | {("regions.Region", key): name for key, name in places.values_list("pk", "name")}
