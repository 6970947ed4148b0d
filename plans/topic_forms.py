"""Forms of 数値目標. They only check; writing is done by `plans.actions.targets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from plans.formulas.progress import KEEP, LOWER, RAISE
from plans.models import Target
from plans.queries.targets import get_target_indicators
from regions.models import Region

if TYPE_CHECKING:
    _TargetModelForm = forms.ModelForm[Target]
else:  # Django's own class takes no parameter when it runs
    _TargetModelForm = forms.ModelForm

_YEAR = "年度を西暦4桁で入力してください（例：2029）。"
_NUMBER = "数値を入力してください（例：12.5）。"


class BaselineForm(forms.Form):
    """Of which figure a target shall be set."""

    indicator = forms.ChoiceField(label="指標", error_messages={"invalid_choice": "一覧から指標を選んでください。"})
    region = forms.ChoiceField(label="地域", error_messages={"invalid_choice": "一覧から地域を選んでください。"})
    measure = forms.ChoiceField(
        label="目標にする値",
        choices=Target.Measure.choices,
        help_text="診療所数・人数そのものを目標にするときは「実数」。地域どうしを比べやすいのは「人口等あたり」です。",
    )

    def __init__(self, *args: Any, regions: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "indicator", get_target_indicators())
        choose(self, "region", [(str(one.pk), one.name) for one in regions])


def choose(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Give a field the choices that are known only now."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def as_typed(value: float | None) -> float | None:
    """A number as an official would type it: 130, not 130.0."""
    return int(value) if value is not None and value.is_integer() else value


class TargetForm(_TargetModelForm):
    """What is decided about a target; the baseline is taken from the stored figure and not typed."""

    class Meta:
        model = Target
        fields = ("direction", "end_value", "end_year", "responsible", "reason")
        widgets = {"reason": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "end_year": "計画期間の最後の年度など。現状値より後の年度。",
            "reason": "なぜこの値か。会議での議論、先行する地域、根拠となる資料など。",
        }
        error_messages = {
            "end_value": {"required": _NUMBER, "invalid": _NUMBER},
            "end_year": {"required": _YEAR, "invalid": _YEAR},
        }

    def __init__(self, *args: Any, baseline: float, baseline_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.baseline, self.baseline_year = baseline, baseline_year
        if "end_value" in self.initial:
            self.initial["end_value"] = as_typed(self.initial["end_value"])

    def clean(self) -> dict[str, Any]:
        """The end lies after the baseline and on the side that the direction says; these words instead of a rule's."""
        cleaned = self.cleaned_data
        direction, end, year = cleaned.get("direction"), cleaned.get("end_value"), cleaned.get("end_year")
        if year is not None and not self.baseline_year < year <= self.baseline_year + 30:
            self.add_error("end_year", f"現状値の年度（{self.baseline_year}）より後の、30年以内の年度にしてください。")
        if end is not None:
            if direction == RAISE and end <= self.baseline:
                self.add_error("end_value", f"「増やす」なら、現状値（{self.baseline:,g}）より大きい値にしてください。")
            if direction == LOWER and end >= self.baseline:
                self.add_error("end_value", f"「減らす」なら、現状値（{self.baseline:,g}）より小さい値にしてください。")
            if end < 0:
                self.add_error("end_value", "0以上の値にしてください。")
            if direction == KEEP and end == 0 and self.baseline != 0:
                self.add_error("end_value", "「維持する」目標には、保ちたい値を入力してください。")
        return cleaned


class MilestonesForm(forms.Form):
    """One value for each year on the way; an empty one means that the year has no milestone."""

    def __init__(self, *args: Any, years: Sequence[int], values: Mapping[int, float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for year in years:
            self.fields[f"milestone_{year}"] = forms.FloatField(
                label=f"{year}年度",
                required=False,
                min_value=0,
                initial=as_typed(values.get(year)),
                error_messages={"invalid": _NUMBER, "min_value": "0以上の値にしてください。"},
            )

    @property
    def milestones(self) -> dict[int, float]:
        """The values by year (after `is_valid`)."""
        found = {int(name.rpartition("_")[2]): value for name, value in self.cleaned_data.items()}
        return {year: value for year, value in found.items() if value is not None}
