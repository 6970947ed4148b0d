"""The form of an 活動報告, made from its format, and the forms of the officials who ask for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from institutions.definitions.reports import ReportFormat, ReportItem
from institutions.formulas.reports import Answer, Answers, check_answers
from zaitaku.lib.fiscal_years import format_fiscal_year

COMMENT, REPORTER = "comment", "reporter"
_COUNT = re.compile(r"\d{1,9}")
_YES_NO = (("1", "あり"), ("0", "なし"))
REQUIRED = "必須です。ないときは0を入力してください。"
NOT_A_COUNT = "0以上の整数で入力してください（小数・マイナス・文字は使えません）。"


def read_count(text: str) -> int | None:
    """A whole number in any width, with separators; None for an empty text. Raises `ValueError` for anything else."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not plain:
        return None
    if not _COUNT.fullmatch(plain):
        raise ValueError(text)
    return int(plain)


class _CountField(forms.CharField):
    """A whole number as people type it; empty stays "not answered"."""

    def to_python(self, value: Any) -> Any:
        """The number, or None."""
        try:
            return read_count(super().to_python(value) or "")
        except ValueError:
            raise ValidationError(NOT_A_COUNT) from None


class ReportForm(forms.Form):
    """One field an item, then 補足 and 報告者. What must be answered is checked against the whole format."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        wanted: ReportFormat,
        last_year: Answers | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), use_required_attribute=False)
        self.wanted, self._last_year = wanted, last_year or {}
        for item in wanted.items:
            self.fields[item.key] = _field(item, self._last_year.get(item.key))
        self.fields[COMMENT] = forms.CharField(
            label="補足",
            required=False,
            max_length=2_000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="前年度から大きく変わった理由、数え方の違いなど。患者の氏名など個人が分かることは書かないでください。",
        )
        self.fields[REPORTER] = forms.CharField(
            label="報告者（部署・氏名）",
            max_length=100,
            help_text="内容の問い合わせ先です。公表しません。",
            error_messages={"required": "報告者を入力してください。"},
        )

    def clean(self) -> dict[str, Any]:
        """Tie every complaint about an answer to its field."""
        cleaned = super().clean() or {}
        comment = cleaned.get(COMMENT, "").strip()
        for complaint in check_answers(self.wanted, self.answers, last_year=self._last_year):
            if complaint.key not in self.errors and not (complaint.is_question and comment):
                self.add_error(complaint.key, complaint.text)
        return cleaned

    @property
    def answers(self) -> dict[str, Answer]:
        """What was answered, without what was left empty."""
        found: dict[str, Answer] = {}
        for item in self.wanted.items:
            answer = self.cleaned_data.get(item.key)
            if answer not in (None, ""):
                found[item.key] = int(answer) if item.kind == "yes_no" else answer
        return found

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        for name, items in self.wanted.sections.items():
            yield name, [self[item.key] for item in items]

    def closing(self) -> list[forms.BoundField]:
        """補足 and 報告者."""
        return [self[COMMENT], self[REPORTER]]

    def typed(self) -> dict[str, str]:
        """Everything as it was typed, for the draft."""
        return {name: str(self.data.get(name, ""))[:2_000] for name in self.fields}


def _field(item: ReportItem, before: Answer) -> forms.Field:
    label = f"{item.label}（{item.unit}）" if item.unit else item.label
    text = item.help + (f" 前年度：{item.said(before)}" if before is not None else "")
    if item.kind == "count":
        widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 10})
        field: forms.Field = _CountField(label=label, help_text=text, widget=widget, required=False)
    else:
        choices = [("", "選んでください"), *(_YES_NO if item.kind == "yes_no" else item.choices)]
        field = forms.ChoiceField(label=label, help_text=text, choices=choices, required=False)
        field.error_messages["invalid_choice"] = "選択肢から選んでください。"
    field.required = item.is_core
    field.error_messages["required"] = REQUIRED if item.kind == "count" else "必須です。選んでください。"
    return field


def typed_from(answers: Answers) -> dict[str, str]:
    """Answers as they stand in the form."""
    return {key: str(answer) for key, answer in answers.items() if answer is not None}


class OpenRoundForm(forms.Form):
    """Ask for the reports of a year."""

    year = forms.TypedChoiceField(label="報告の対象の年度", coerce=int)
    period = forms.TypedChoiceField(label="対象の機関を位置付けた計画期間", coerce=int)
    due_on = forms.DateField(
        label="締切",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "締切を入力してください。",
            "invalid": "日付を読み取れません。2027-06-30のように入力してください。",
        },
    )

    def __init__(self, *args: Any, years: list[int], periods: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year, period = self.fields["year"], self.fields["period"]
        assert isinstance(year, forms.ChoiceField)
        assert isinstance(period, forms.ChoiceField)
        year.choices = [(one, format_fiscal_year(one)) for one in years]
        period.choices = periods
