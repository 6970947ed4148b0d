"""The form for the bounds between the types of areas, and the one that saves what was previewed."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict

from django import forms
from django.core.exceptions import ValidationError

from indicators.area_types import Bounds

_MOST_PEOPLE = 20_000_000
_NOT_A_NUMBER = "「{text}」は人数として読めません。700000、70万 のように、1以上の整数を人の単位で入力してください。"
_ORDERS = (
    (
        "middle_from",
        "small_below",
        "人口の少ない地域型の上限（{low:,}人）以上にしてください。種類が重なってしまいます。",
    ),
    ("middle_below", "middle_from", "地方都市型の下限（{low:,}人）より大きくしてください。"),
    ("large_from", "middle_below", "地方都市型の上限（{low:,}人）以上にしてください。種類が重なってしまいます。"),
)


class PeopleField(forms.CharField):
    """A number of people: `700000`, `700,000`, `70万人`, full width or not."""

    def clean(self, value: str | None) -> int | None:
        text = super().clean(value)
        plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").removesuffix("人")
        digits = plain.removesuffix("万")
        if not text:
            return None
        if not (digits.isascii() and digits.isdecimal()):
            raise ValidationError(_NOT_A_NUMBER.format(text=text))
        people = int(digits) * (10_000 if plain.endswith("万") else 1)
        if not 0 < people <= _MOST_PEOPLE:
            raise ValidationError(f"1人から{_MOST_PEOPLE:,}人までの間にしてください。")
        return people


def _people(label: str) -> PeopleField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return PeopleField(label=label, max_length=20, widget=widget)


class BoundsForm(forms.Form):
    """Four bounds in people, ascending without overlap; gaps between the types are allowed."""

    large_from = _people("大都市型：この人口以上")
    middle_below = _people("地方都市型：この人口未満")
    middle_from = _people("地方都市型：この人口以上")
    small_below = _people("人口の少ない地域型：この人口未満")

    def clean(self) -> dict[str, int]:
        """Each bound that is out of order is told at its own field."""
        found: dict[str, int] = super().clean() or {}
        for upper, lower, told in _ORDERS:
            high, low = found.get(upper), found.get(lower)
            if high is None or low is None:
                continue
            if high < low or (high == low and upper == "middle_below"):
                self.add_error(upper, told.format(low=low))
        return found

    @property
    def bounds(self) -> Bounds:
        """What a valid form holds."""
        return Bounds(**{name: self.cleaned_data[name] for name in self.base_fields})


class ChangeForm(BoundsForm):
    """The previewed bounds with the reason for them, and the bounds they replace."""

    reason = forms.CharField(
        label="変更の理由",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="だれでも見られる履歴に残ります。例：第9次計画の策定指針で区切りが示されたため。",
    )
    source = forms.CharField(
        label="根拠とした資料", max_length=200, required=False, help_text="資料の名前とページなど。無ければ空欄。"
    )
    replaced = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they come
        for name in BoundsForm.base_fields:
            self.fields[name].widget = forms.HiddenInput()

    @property
    def bounds(self) -> Bounds:
        """The bounds without what goes with them."""
        return Bounds(**{name: self.cleaned_data[name] for name in BoundsForm.base_fields})


def mark_of(bounds: Bounds) -> str:
    """What a change names as the bounds it replaces."""
    return "-".join(str(value) for value in asdict(bounds).values())


def fill(bounds: Bounds) -> dict[str, str]:
    """Initial text of the fields."""
    return {name: f"{value:,}" for name, value in asdict(bounds).items()}
