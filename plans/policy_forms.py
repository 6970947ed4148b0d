"""Forms of policies. They only check; writing is done by `plans.actions.policies`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from plans.actions.policies import Step
from plans.models import Plan, Policy, Scene, Theme
from plans.topic_forms import choose
from zaitaku.lib.fiscal_years import parse_year

if TYPE_CHECKING:
    _PolicyModelForm = forms.ModelForm[Policy]
else:  # Django's own class takes no parameter when it runs
    _PolicyModelForm = forms.ModelForm

_DONE = "済"
_LONGEST_STEP = 200
_YEAR = "年度を西暦4桁で入力してください（例：2027）。"


class PolicyFilter(forms.Form):
    """Which policies are listed."""

    scene = forms.ChoiceField(label="場面", required=False, choices=[("", "すべて"), *Scene.choices])
    theme = forms.ChoiceField(
        label="テーマ", required=False, choices=[("", "すべて"), *(one for one in Theme.choices if one[0])]
    )


class PolicyForm(_PolicyModelForm):
    """A policy with its roadmap, one step a line: 「2027 研修を始める」; 「済」 at the end says that it is done."""

    roadmap = forms.CharField(
        label="ロードマップ",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="1行に1つ、年度・空白・内容の順（例：2027 研修を始める）。済んだものは行の終わりに「 済」。",
    )

    class Meta:
        model = Policy
        fields = (
            "title",
            "scene",
            "theme",
            "text",
            "owner",
            "budget",
            "uses_fund",
            "starts",
            "ends",
            "status",
            "evidence",
        )
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "evidence": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"budget": "計画期間の合計。決まっていなければ空欄。", "owner": "課・係など。"}
        error_messages = {
            "title": {"required": "施策の名称を入力してください。", "max_length": "160文字までです。"},
            "scene": {"required": "場面を選んでください。"},
            "starts": {"required": _YEAR, "invalid": _YEAR},
            "ends": {"required": _YEAR, "invalid": _YEAR},
            "budget": {"invalid": "千円単位の整数で入力してください（例：12000）。"},
        }

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        policy = kwargs.get("instance")
        kwargs["initial"] = {"starts": plan.years[0], "ends": plan.years[-1]}
        if policy is not None:
            kwargs["initial"] = {"roadmap": "\n".join(_line(one) for one in policy.steps.all())}
        super().__init__(*args, **kwargs)
        choose(self, "scene", [("", "選んでください"), *Scene.choices])

    def clean_roadmap(self) -> list[Step]:
        """The lines as steps; a line that cannot be read is named with its number."""
        return [_step(number, line) for number, line in enumerate(self._lines(), start=1) if line.strip()]

    def _lines(self) -> list[str]:
        return str(self.cleaned_data["roadmap"]).splitlines()

    def clean(self) -> dict[str, Any]:
        """The years in order; these words instead of a rule's."""
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if starts is not None and ends is not None and ends < starts:
            self.add_error("ends", "終了年度は、開始年度と同じか、後の年度にしてください。")
        return self.cleaned_data

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the policy itself (after `is_valid`)."""
        return {name: value for name, value in self.cleaned_data.items() if name != "roadmap"}

    @property
    def steps(self) -> list[Step]:
        """The roadmap (after `is_valid`)."""
        found: list[Step] = self.cleaned_data["roadmap"]
        return found


def _line(step: Any) -> str:
    return f"{step.year} {step.text}{f' {_DONE}' if step.is_done else ''}"


def _step(number: int, line: str) -> Step:
    first, _, text = line.strip().replace("\u3000", " ").partition(" ")
    year = parse_year(first.removesuffix("年度"))
    is_done = text.endswith(f" {_DONE}")
    text = text.removesuffix(f" {_DONE}").strip()
    if year is None or not text:
        raise forms.ValidationError(f"{number}行目「{line[:30]}」は、年度・空白・内容の順に書いてください。")
    if len(text) > _LONGEST_STEP:
        raise forms.ValidationError(f"{number}行目の内容は{_LONGEST_STEP}文字までです。")
    return Step(year=year, text=text, is_done=is_done)
