"""The search of the log."""

from __future__ import annotations

from typing import Any

from django import forms

from zaitaku.audit.models import AuditEntry


def _date(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        error_messages={"invalid": f"「{label}」は2027-04-01のように入力してください。"},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AuditSearchForm(forms.Form):
    """By thing, person, act and time."""

    table = forms.ChoiceField(label="対象", required=False)
    row = forms.CharField(label="対象の番号", required=False, max_length=60)
    person = forms.CharField(label="だれが（氏名）", required=False, max_length=150)
    action = forms.ChoiceField(label="操作", required=False, choices=[("", "すべて"), *AuditEntry.Action.choices])
    since = _date("この日から")
    until = _date("この日まで")

    def __init__(self, *args: Any, tables: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [("", "すべて"), *tables]  # type: ignore[attr-defined]  # a ChoiceField
