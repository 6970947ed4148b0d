"""Forms of the 年間スケジュール. They only check; writing is done by `plans.actions.schedule`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from plans.day_fields import DAY_ERRORS, HOUR_ERRORS, check_hours, day_input, hour_input
from plans.formulas.schedule import Audience, EntryKind
from plans.models import CalendarLink, ScheduleItem
from plans.topic_forms import choose
from regions.models import Region
from zaitaku.lib.fiscal_years import format_fiscal_year

if TYPE_CHECKING:
    _ItemModelForm = forms.ModelForm[ScheduleItem]
    _RegionChoice = forms.ModelChoiceField[Region]
else:  # Django's own classes take no parameter when they run
    _ItemModelForm = forms.ModelForm
    _RegionChoice = forms.ModelChoiceField

LIST, YEAR = "list", "year"


class ScheduleFilter(forms.Form):
    """Which entries are shown, and how; anything unknown in the address counts as not chosen."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(
        label="種類", required=False, choices=[("", "すべて"), *((one.value, one.label) for one in EntryKind)]
    )
    audience = forms.ChoiceField(
        label="だれ向けか", required=False, choices=[("", "すべて"), *((one.value, one.label) for one in Audience)]
    )
    view = forms.ChoiceField(label="見方", required=False, choices=[(LIST, "月ごとの一覧"), (YEAR, "1年のカレンダー")])

    def __init__(self, *args: Any, years: Sequence[int], current: int, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        choose(self, "year", [(str(one), format_fiscal_year(one)) for one in years])
        self.initial = {"year": current, "view": LIST}
        if not whole:
            del self.fields["audience"]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, the defaults elsewhere."""
        self.full_clean()
        found = self.cleaned_data if self.is_bound else {}
        return {
            "year": found.get("year") or self.current,
            "kind": EntryKind(found["kind"]) if found.get("kind") else None,
            "audience": Audience(found["audience"]) if found.get("audience") else None,
            "view": found.get("view") or LIST,
        }


class ItemForm(_ItemModelForm):
    """An entry of the plan's own."""

    class Meta:
        model = ScheduleItem
        fields = (
            "title",
            "starts_on",
            "ends_on",
            "starts_at",
            "ends_at",
            "place",
            "owner",
            "for_municipalities",
            "for_associations",
            "done_on",
            "note",
        )
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "done_on": day_input(),
            "starts_at": hour_input(),
            "ends_at": hour_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": "例：市町村への意見照会、パブリックコメント、県議会への報告",
            "ends_on": "1日だけのときは空欄。",
            "starts_at": "終日のときは空欄。",
            "owner": "課・係など。",
        }
        error_messages = {
            "title": {"required": "内容を入力してください。", "max_length": "160文字までです。"},
            "starts_on": DAY_ERRORS,
            "ends_on": DAY_ERRORS,
            "done_on": DAY_ERRORS,
            "starts_at": HOUR_ERRORS,
            "ends_at": HOUR_ERRORS,
        }

    def clean(self) -> dict[str, Any]:
        """Days and hours in order."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first is not None and last is not None and last < first:
            self.add_error("ends_on", "終わりの日は、始まりの日と同じか、後の日にしてください。")
        check_hours(self, self.cleaned_data, is_one_day=last is None or last == first)
        return self.cleaned_data


class _TownField(_RegionChoice):
    def label_from_instance(self, obj: Region) -> str:
        return str(obj.name)


class CalendarLinkForm(forms.Form):
    """A secret address of the schedule for one office."""

    label = forms.CharField(
        label="渡す相手",
        max_length=120,
        help_text="例：○○市医師会 事務局。あとで取り消すときの目印です。",
        error_messages={"required": "渡す相手を入力してください。", "max_length": "120文字までです。"},
    )
    audience = forms.ChoiceField(
        label="だれ向けの予定か",
        choices=CalendarLink.Audience.choices,
        initial=CalendarLink.Audience.ASSOCIATION,
        error_messages={"required": "選んでください。", "invalid_choice": "一覧から選んでください。"},
    )
    municipality = _TownField(
        Region.objects.none(),
        label="市町村",
        required=False,
        empty_label="選ばない",
        help_text="「市町村」のとき。選ぶと、その市町村が招かれた会議も載ります。",
        error_messages={"invalid_choice": "一覧から選んでください。"},
    )

    def __init__(self, *args: Any, municipalities: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Region.objects.filter(pk__in=[one.pk for one in municipalities]).order_by("code")

    def clean(self) -> dict[str, Any]:
        """A municipality is named for municipalities only."""
        is_town = self.cleaned_data.get("audience") == CalendarLink.Audience.MUNICIPALITY
        if self.cleaned_data.get("municipality") is not None and not is_town:
            self.add_error("municipality", "市町村を選べるのは、「市町村」向けのときだけです。")
        return self.cleaned_data
