"""The form of 在宅の整備目標. It only checks; writing is done by `plans.actions.demand`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from plans.models import DemandAgreement, Meeting, Plan
from plans.queries.demand import get_demand_areas
from regions.models import Region

_NUMBER = {"required": "数値を入力してください。", "invalid": "数値を入力してください（例：12.5）。"}
_NUMBER["min_value"] = "0以上の値にしてください。"
_PERCENT = {"max_value": "100以下にしてください。"}
_CHOOSE = {"required": "選んでください。", "invalid_choice": "一覧から選んでください。"}


if TYPE_CHECKING:
    _RegionChoice = forms.ModelChoiceField[Region]
else:  # Django's own class takes no parameter when it runs
    _RegionChoice = forms.ModelChoiceField


class _AreaField(_RegionChoice):
    """Areas by their name alone; the prefecture is known."""

    def label_from_instance(self, obj: Region) -> str:
        return str(obj.name)


class AgreementForm(forms.Form):
    """One area in one year; the share is typed in per cent."""

    area = _AreaField(Region.objects.none(), label="圏域", empty_label="選んでください", error_messages=_CHOOSE)
    year = forms.TypedChoiceField(label="年度", coerce=int, error_messages=_CHOOSE)
    natural_increase = forms.FloatField(label="高齢化による自然増（人/日）", min_value=0, error_messages=_NUMBER)
    transferred = forms.FloatField(
        label="追加的需要（人/日）",
        min_value=0,
        error_messages=_NUMBER,
        help_text="療養病床などからの移行分。",
    )
    share_percent = forms.FloatField(
        label="在宅への按分率（％）",
        min_value=0,
        max_value=100,
        error_messages={**_NUMBER, **_PERCENT},
        help_text="残りは介護サービスが受け持ちます。介護保険事業計画と合わせてください。",
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label="合意した協議の場",
        required=False,
        empty_label="（まだ合意していない）",
        error_messages=_CHOOSE,
    )
    basis = forms.CharField(label="算定の根拠", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, plan: Plan, agreement: DemandAgreement | None = None, **kwargs: Any) -> None:
        if agreement is not None:
            names = ("natural_increase", "transferred", "meeting", "basis")
            kwargs["initial"] = {name: getattr(agreement, name) for name in names}
            kwargs["initial"]["share_percent"] = round(agreement.home_share * 100, 6)
        super().__init__(*args, **kwargs)
        area, year, meeting = self.fields["area"], self.fields["year"], self.fields["meeting"]
        assert isinstance(area, forms.ModelChoiceField)
        assert isinstance(year, forms.TypedChoiceField)
        assert isinstance(meeting, forms.ModelChoiceField)
        area.queryset = Region.objects.filter(pk__in=[one.pk for one in get_demand_areas(plan)]).order_by("code")
        year.choices = [(one, f"{one}年度") for one in plan.years]
        meeting.queryset = plan.meetings.filter(removed_at=None)
        if agreement is not None:
            del self.fields["area"], self.fields["year"]

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the row (after `is_valid`)."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "share_percent"}
        return {**found, "home_share": self.cleaned_data["share_percent"] / 100}
