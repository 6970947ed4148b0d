"""The form of 入退院支援ルール. It only checks; writing is done by `plans.actions.discharge_rules`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from plans.day_fields import ADDRESS_ERRORS, DAY_ERRORS, AddressField, day_input
from plans.models import DischargeRule
from plans.region_fields import TownsField
from regions.models import Region

if TYPE_CHECKING:
    _RuleModelForm = forms.ModelForm[DischargeRule]
else:  # Django's own class takes no parameter when it runs
    _RuleModelForm = forms.ModelForm

_NUMBER = {"invalid": "0以上の整数で入力してください（例：12）。", "min_value": "0以上の整数で入力してください。"}
_PARTS = (("hospitals", "参加病院数"), ("care_managers", "参加居宅介護支援事業所数"))


class RuleForm(_RuleModelForm):
    """The rule of an area that is chosen already."""

    towns = TownsField(label="参加する市町村")

    class Meta:
        model = DischargeRule
        fields = (
            "name",
            "agreed_on",
            "review_on",
            "hospitals",
            "hospitals_of",
            "care_managers",
            "care_managers_of",
            "participants",
            "document",
            "url",
            "contact",
            "note",
        )
        field_classes = {"url": AddressField}
        widgets = {
            "agreed_on": day_input(),
            "review_on": day_input(),
            "participants": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "name": "例：○○圏域 入退院連携ルール",
            "agreed_on": "まだ協議しているときは空欄。",
            "hospitals": "わからないときは空欄（0とは区別します）。",
            "participants": "ほかに参加する団体など（例：地域包括支援センター）。",
            "document": "ルールを定めた文書の名称・番号。",
            "contact": "事務局の課・電話番号など。公表した計画にも載ります。",
        }
        error_messages = {
            "agreed_on": DAY_ERRORS,
            "review_on": DAY_ERRORS,
            "url": ADDRESS_ERRORS,
            **dict.fromkeys(("hospitals", "hospitals_of", "care_managers", "care_managers_of"), _NUMBER),
        }

    def __init__(self, *args: Any, municipalities: Sequence[Region], **kwargs: Any) -> None:
        rule: DischargeRule | None = kwargs.get("instance")
        if rule is not None and rule.pk is not None:
            kwargs["initial"] = {"towns": [one.municipality_id for one in rule.municipalities.all()]}
        super().__init__(*args, **kwargs)
        field = self.fields["towns"]
        assert isinstance(field, TownsField)
        field.offer(municipalities)

    def clean(self) -> dict[str, Any]:
        """Parts within their wholes, the review after the agreement; these words instead of a rule's."""
        cleaned = self.cleaned_data
        for name, label in _PARTS:
            part, whole = cleaned.get(name), cleaned.get(f"{name}_of")
            if part is not None and whole is not None and part > whole:
                self.add_error(name, f"{label}は、圏域の数（{whole}）以下にしてください。")
        agreed, review = cleaned.get("agreed_on"), cleaned.get("review_on")
        if agreed is not None and review is not None and review <= agreed:
            self.add_error("review_on", "見直し予定日は、合意日より後にしてください。")
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the rule itself (after `is_valid`)."""
        return {name: value for name, value in self.cleaned_data.items() if name != "towns"}

    @property
    def municipalities(self) -> list[Region]:
        """Those that take part (after `is_valid`)."""
        return list(self.cleaned_data["towns"])
