"""What the pages on bodies and designations are asked and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from institutions.definitions import notification_symbols
from institutions.definitions.periods import PlanPeriod, plan_periods, working_period
from institutions.models import Body, Designation
from institutions.queries.bodies import ALL, CLOSED, OPEN, SUPPORT, BodyQuery
from institutions.results import DesignationAreas, PlaceName
from zaitaku.lib.prefectures import PREFECTURES, prefecture

_LONGEST_WORDS = 100
_PREFECTURES = [("", "全国"), *((place.code, place.name) for place in PREFECTURES)]
STATES = [(OPEN, "現在ある機関"), (CLOSED, "名簿から消えた機関"), (ALL, "すべて")]
NOTIFICATIONS = [
    ("", "指定しない"),
    (SUPPORT, "在支診・在支病（いずれか）"),
    *((one.symbol, f"{one.symbol} {one.name}"[:40]) for one in notification_symbols().values()),
]
_REQUIRED = {"required": "入力してください。"}


class BodySearchForm(forms.Form):
    """The parameters of 機関台帳 and 資源の検索. What cannot be read is left out, so that there is always a list."""

    words = forms.CharField(
        label="名称・カナ・コード・所在地",
        required=False,
        max_length=_LONGEST_WORDS,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"max_length": "検索の言葉は100文字までです。"},
    )
    prefecture = forms.ChoiceField(label="都道府県", required=False, choices=_PREFECTURES)
    area = forms.TypedChoiceField(label="圏域", required=False, coerce=int, empty_value=None)
    unit = forms.TypedChoiceField(label="市区町村", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="種類", required=False, choices=[("", "すべて"), *Body.Kind.choices])
    notification = forms.ChoiceField(label="届出", required=False, choices=NOTIFICATIONS)
    state = forms.ChoiceField(label="状態", required=False, choices=STATES)
    page = forms.IntegerField(label="ページ", required=False, min_value=1, max_value=100_000)

    def __init__(self, data: Mapping[str, Any], *, areas: DesignationAreas, units: Sequence[PlaceName]) -> None:
        super().__init__(data)
        self._choose("area", [("", "すべて"), *((area.id, area.name) for area in areas.areas)])
        self._choose("unit", [("", "すべて"), *((unit.id, unit.name) for unit in units)])

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def query(self) -> BodyQuery:
        """What is looked for."""
        self.is_valid()
        given = self.cleaned_data
        kind = given.get("kind", "")
        return BodyQuery(
            words=given.get("words", ""),
            prefecture=given.get("prefecture", ""),
            area_id=given.get("area"),
            unit_id=given.get("unit"),
            kinds=(kind,) if kind else (),
            notification=given.get("notification", ""),
            state=given.get("state") or OPEN,
            page=given.get("page") or 1,
        )

    @property
    def complaints(self) -> tuple[str, ...]:
        """What was left out, one sentence a parameter."""
        return tuple(
            f"{self.fields[name].label}の指定を読み取れなかったため、指定なしで表示しています。" for name in self.errors
        )


def read_prefecture(data: Mapping[str, Any]) -> str:
    """The prefecture of the address, or nothing."""
    found = prefecture(str(data.get("prefecture", "")))
    return found.code if found else ""


def read_period(data: Mapping[str, Any], *, today: dt.date, default: PlanPeriod | None = None) -> PlanPeriod:
    """The plan period of the address, else `default` or the one being planned."""
    known = {str(one.start): one for one in plan_periods(today=today)}
    return known.get(str(data.get("period", "")), default or working_period(today=today))


def _date_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "日付を入力してください。",
            "invalid": "日付を読み取れません。2027-04-01のように入力してください。",
        },
    )


class EnterBodyForm(forms.Form):
    """A body no register has."""

    name = forms.CharField(label="名称", max_length=200, error_messages=_REQUIRED)
    kana = forms.CharField(label="フリガナ", max_length=200, required=False)
    kind = forms.ChoiceField(label="種類", choices=Body.Kind.choices, error_messages=_REQUIRED)
    address = forms.CharField(label="所在地", max_length=300, required=False)
    unit = forms.TypedChoiceField(
        label="市区町村",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="地図には、市区町村の代表点に置きます。",
    )
    note = forms.CharField(label="備考", max_length=500, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, units: Sequence[PlaceName]) -> None:
        super().__init__(data)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選択してください"), *((unit.id, unit.name) for unit in units)]


class NewDesignationForm(forms.Form):
    """Entering a body as 候補."""

    body = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="区分", error_messages=_REQUIRED)
    area = forms.TypedChoiceField(label="圏域", coerce=int, empty_value=None, required=False)
    reason = forms.CharField(
        label="候補とした理由", max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, areas: DesignationAreas, with_support: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        kinds = [choice for choice in Designation.Kind.choices if with_support or choice[0] != "support"]
        for name, choices in (
            ("kind", kinds),
            ("area", [("", "未定"), *((area.id, area.name) for area in areas.areas)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class StatusForm(forms.Form):
    """A step on the way from 候補 to 解除, for one designation or several; only states that lie `after` are offered.

    解除 is never chosen beforehand: whoever means it says so.
    """

    status = forms.ChoiceField(
        label="新しい状態",
        error_messages=_REQUIRED
        | {"invalid_choice": "状態は、候補→協議中→位置付け→解除の順に進めます。今の状態より後の状態を選んでください。"},
    )
    on = _date_field("日付", help_text="会議や通知の日など、この状態になった日")
    reason = forms.CharField(
        label="理由",
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="解除には必須です。",
    )

    def __init__(self, *args: Any, after: str = Designation.Status.CANDIDATE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = Designation.Status.choices[Designation.Status.values.index(after) + 1 :]
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "選んでください"), *self.later]
        if len(self.later) > 1:
            field.initial = self.later[0][0]

    def clean(self) -> dict[str, Any]:
        """解除 needs a reason."""
        given = super().clean() or {}
        if given.get("status") == Designation.Status.RELEASED and not str(given.get("reason", "")).strip():
            self.add_error("reason", "解除には理由が必要です。")
        return given


class EditDesignationForm(forms.Form):
    """What may be changed without a step."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    area = forms.TypedChoiceField(label="圏域", coerce=int, empty_value=None, required=False)
    evidence = forms.CharField(
        label="根拠",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="会議名・文書番号・URLなど",
    )
    recheck_on = _date_field("再確認の期限", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, areas: DesignationAreas, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "未定"), *((area.id, area.name) for area in areas.areas)]


class CommentForm(forms.Form):
    """An opinion."""

    text = forms.CharField(
        label="意見",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "意見を入力してください。", "max_length": "意見は2000文字までです。"},
    )


class ProgrammeForm(forms.Form):
    """Which body runs the programme of the municipality beside a hub; none takes it back."""

    version = forms.IntegerField()
    body = forms.IntegerField(required=False)

    def clean_body(self) -> int | None:
        """The body, if there is one with this number."""
        number: int | None = self.cleaned_data["body"]
        if number is not None and not Body.objects.filter(pk=number).exists():
            raise forms.ValidationError("選んだ機関は、台帳にありません。もう一度探してください。")
        return number


class RuleForm(forms.Form):
    """What a prefecture chooses about designations."""

    allows_support = forms.BooleanField(label="連携支援機関を使う", required=False)
