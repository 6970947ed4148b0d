"""The form files are handed in with, and the choice of a survey form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from indicators.exports.survey_form import survey_themes
from zaitaku.lib.prefectures import PREFECTURES


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files. Empty ones are taken too: checking says what is wrong with them, as with any other."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file, cleaned."""
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in files or [None]]


class UploadForm(forms.Form):
    """The files."""

    file = FilesField(
        label="ファイル",
        allow_empty_file=True,
        max_length=200,
        widget=_SeveralFiles(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "missing": "ファイルを選んでください。",
            "max_length": "ファイル名が長すぎます（%(length)d文字、上限%(max)d文字）。短くしてください。",
            "invalid": "ファイルが届きませんでした。もう一度選んでください。",
        },
    )

    def chosen(self) -> list[UploadedFile[bytes]]:
        """The files of a valid form."""
        files: list[UploadedFile[bytes]] = self.cleaned_data["file"]
        return files


class SurveyFormForm(forms.Form):
    """For which prefecture and theme the survey form is made."""

    prefecture = forms.ChoiceField(
        label="都道府県",
        choices=[(place.code, place.name) for place in PREFECTURES],
        error_messages={
            "required": "都道府県を選んでください。",
            "invalid_choice": "都道府県コード「%(value).40s」はありません。一覧から選んでください。",
        },
    )
    theme = forms.ChoiceField(
        label="分野",
        required=False,
        choices=[("", "すべての分野"), *((theme, theme) for theme in survey_themes())],
        error_messages={"invalid_choice": "「%(value).40s」という分野はありません。一覧から選んでください。"},
    )
