"""Forms of the logic model. They only check; writing is done by `plans.actions.logic`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from indicators.definitions.registry import all_definitions
from plans.models import LogicEdge, LogicNode, Plan
from plans.topic_forms import choose

if TYPE_CHECKING:
    _NodeModelForm = forms.ModelForm[LogicNode]
else:  # Django's own class takes no parameter when it runs
    _NodeModelForm = forms.ModelForm


class NodeForm(_NodeModelForm):
    """A box of the logic model; the policies are those of the plan."""

    indicator_code = forms.ChoiceField(label="指標", required=False, help_text="この項目の動きをみる指標。")

    class Meta:
        model = LogicNode
        fields = ("kind", "title", "policy", "indicator_code")
        error_messages = {"title": {"required": "内容を入力してください。", "max_length": "160文字までです。"}}
        help_texts = {"policy": "段階が「施策」「活動」のときに選べます。"}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "kind", [("", "選んでください"), *LogicNode.Kind.choices])
        policies = self.fields["policy"]
        assert isinstance(policies, forms.ModelChoiceField)
        policies.queryset = plan.policies.filter(removed_at=None)
        policies.empty_label = "（なし）"
        listed = [(one.code, f"{one.code} {one.shown_name}") for one in all_definitions()]
        kept = self.instance.indicator_code
        unknown = [(kept, f"{kept}（カタログにない指標）")] if kept and kept not in dict(listed) else []
        choose(self, "indicator_code", [("", "（なし）"), *unknown, *listed])

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
