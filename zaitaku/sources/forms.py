"""The filters of the list of sources."""

from __future__ import annotations

from django import forms

from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.sources.models import SourceFile
from zaitaku.sources.results import SourceQuery


class SourceFilterForm(forms.Form):
    """種類, 都道府県, 最新の版だけ. A value that does not exist is said and left out; the page still opens."""

    kind = forms.ChoiceField(
        label="種類",
        required=False,
        choices=[("", "すべて"), *SourceFile.Kind.choices],
        error_messages={
            "invalid_choice": "「%(value).40s」という資料の種類はありません。すべての種類を表示しています。"
        },
    )
    prefecture = forms.ChoiceField(
        label="都道府県",
        required=False,
        choices=[("", "すべて"), *((place.code, place.name) for place in PREFECTURES)],
        error_messages={
            "invalid_choice": "都道府県コード「%(value).40s」はありません。すべての都道府県を表示しています。"
        },
    )
    newest = forms.BooleanField(label="最新の版だけ", required=False)

    def query(self) -> SourceQuery:
        """The filters that hold."""
        self.is_valid()
        return SourceQuery(**self.cleaned_data)
