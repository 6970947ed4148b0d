"""GET parameters of 県・圏域プロファイル → a frozen query; what is wrong gets a sentence and the nearest profile."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms

from indicators.profiles import DEFAULT_SCHEME, ProfileQuery
from zaitaku.lib.prefectures import prefecture

_LONGEST = 40


class ProfileForm(forms.Form):
    """The place. Without a prefecture it is the visitor's own; with two places in it, the area counts."""

    prefecture = forms.CharField(required=False, label="都道府県")
    scheme = forms.CharField(required=False, label="圏域の区分")
    area = forms.CharField(required=False, label="圏域")
    municipality = forms.CharField(required=False, label="市区町村")

    def __init__(self, data: Mapping[str, str], *, own_prefecture: str = "") -> None:
        super().__init__(data)
        self._own = own_prefecture

    def clean_prefecture(self) -> str:
        code = str(self.cleaned_data["prefecture"])
        if code and prefecture(code) is None:
            raise forms.ValidationError(f"都道府県コード「{code[:_LONGEST]}」はありません。01から47までの2桁です。")
        return code or self._own

    @property
    def query(self) -> ProfileQuery | None:
        """The profile asked for; None while no prefecture is chosen."""
        cleaned = getattr(self, "cleaned_data", {})
        code = cleaned.get("prefecture", "")
        if not code:
            return None
        area = cleaned.get("area", "")
        return ProfileQuery(
            prefecture=code,
            scheme=cleaned.get("scheme") or DEFAULT_SCHEME,
            area=area,
            municipality="" if area else cleaned.get("municipality", ""),
        )

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is wrong, one sentence a parameter."""
        return tuple(str(message) for messages in self.errors.values() for message in messages)
