"""Forms of what belongs to a plan in rows. They only check; writing is done by `plans.actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from indicators.definitions.registry import all_definitions
from plans.formulas.progress import KEEP, LOWER, RAISE
from plans.models import LogicEdge, LogicNode, Plan, Policy, Target
from plans.queries.targets import get_target_indicators
from regions.models import Region

if TYPE_CHECKING:
    _TargetModelForm = forms.ModelForm[Target]
    _NodeModelForm = forms.ModelForm[LogicNode]
    _PolicyModelForm = forms.ModelForm[Policy]
else:  # Django's own class takes no parameter when it runs
    _TargetModelForm = _NodeModelForm = _PolicyModelForm = forms.ModelForm

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
        _choose(self, "indicator", get_target_indicators())
        _choose(self, "region", [(str(one.pk), one.name) for one in regions])


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


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
                initial=values.get(year),
                error_messages={"invalid": _NUMBER, "min_value": "0以上の値にしてください。"},
            )

    @property
    def milestones(self) -> dict[int, float]:
        """The values by year (after `is_valid`)."""
        found = {int(name.rpartition("_")[2]): value for name, value in self.cleaned_data.items()}
        return {year: value for year, value in found.items() if value is not None}


class NodeForm(_NodeModelForm):
    """A box of the logic model; the policies are those of the plan."""

    indicator_code = forms.ChoiceField(label="指標", required=False, help_text="この項目の動きをみる指標。")

    class Meta:
        model = LogicNode
        fields = ("kind", "title", "policy", "indicator_code")
        error_messages = {
            "title": {"required": "内容を入力してください。", "max_length": "160文字までです。"}
        }
        help_texts = {"policy": "段階が「施策」「活動」のときに選べます。"}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policies = self.fields["policy"]
        assert isinstance(policies, forms.ModelChoiceField)
        policies.queryset = plan.policies.filter(removed_at=None)
        policies.empty_label = "（なし）"
        listed = [(one.code, f"{one.code} {one.shown_name}") for one in all_definitions()]
        kept = self.instance.indicator_code
        unknown = [(kept, f"{kept}（カタログにない指標）")] if kept and kept not in dict(listed) else []
        _choose(self, "indicator_code", [("", "（なし）"), *unknown, *listed])

    def clean(self) -> dict[str, Any]:
        """Only what is done has a policy; what is to come of it has none."""
        if self.cleaned_data.get("policy") and self.cleaned_data.get("kind") not in ("policy", "activity"):
            self.add_error("policy", "アウトカムに施策は結び付けられません。つながり（矢印）で表してください。")
        return self.cleaned_data


class EdgeForm(forms.Form):
    """An arrow: from, to, and why."""

    source = forms.ModelChoiceField(LogicNode.objects.none(), label="から", empty_label="選んでください")
    target = forms.ModelChoiceField(LogicNode.objects.none(), label="へ", empty_label="選んでください")
    reason = forms.CharField(label="つながる理由", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.CharField(
        label="根拠",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="研究、調査、統計、先行事例など。",
    )

    def __init__(self, *args: Any, plan: Plan, edge: LogicEdge | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = plan.logic_nodes.all()
            field.error_messages["required"] = field.error_messages["invalid_choice"] = "一覧から選んでください。"
        if edge is not None:
            del self.fields["source"], self.fields["target"]
