"""Days, hours and web addresses in forms, with words for those who type what is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

DAY_ERRORS = {"required": "日付を入力してください。", "invalid": "日付を年-月-日で入力してください（例：2027-06-01）。"}
HOUR_ERRORS = {"invalid": "時刻を24時間で入力してください（例：13:30）。"}
ADDRESS_ERRORS = {"invalid": "https:// から始まるアドレスを入力してください。"}


def day_input() -> forms.DateInput:
    """A day, chosen or typed."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def hour_input() -> forms.TimeInput:
    """An hour of a day, chosen or typed."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def check_hours(form: forms.BaseForm, cleaned: Mapping[str, Any], *, is_one_day: bool = True) -> None:
    """An end needs a beginning before it; these words instead of a rule's."""
    start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
    if end is not None and start is None:
        form.add_error("starts_at", "終了時刻を書くときは、開始時刻も入力してください。")
    elif start is not None and end is not None and is_one_day and end <= start:
        form.add_error("ends_at", "終了時刻は、開始時刻より後にしてください。")


class AddressField(forms.URLField):
    """A web address; one without a scheme is taken for https."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", **kwargs)
