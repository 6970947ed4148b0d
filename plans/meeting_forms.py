"""Forms of 協議の場. They only check; writing is done by `plans.actions.meetings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from plans.actions.meetings import Changed, Person
from plans.day_fields import ADDRESS_ERRORS, DAY_ERRORS, HOUR_ERRORS, AddressField, check_hours, day_input, hour_input
from plans.models import Meeting, MeetingDecision
from plans.queries.decided import ThingGroup
from plans.region_fields import TownsField
from plans.topic_forms import choose
from regions.models import Region

if TYPE_CHECKING:
    _MeetingModelForm = forms.ModelForm[Meeting]
else:  # Django's own class takes no parameter when it runs
    _MeetingModelForm = forms.ModelForm

_ABSENT = "欠席"
_LONGEST = 120
_OWN_FIELDS = {"people", "towns"}


class MeetingFilter(forms.Form):
    """Which meetings are listed."""

    q = forms.CharField(label="ことば", required=False, max_length=100)
    body = forms.ChoiceField(label="会議体", required=False)

    def __init__(self, *args: Any, bodies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "body", [("", "すべて"), *((one, one) for one in bodies)])


class MeetingForm(_MeetingModelForm):
    """A meeting with its members, one a line: 「函館市医師会／会長／欠席」."""

    people = forms.CharField(
        label="構成員",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="1行に1人、所属／役職（／欠席）の順（例：函館市医師会／会長）。個人の住所や電話番号は書かないでください。",
    )
    towns = TownsField(label="招いた市町村")

    class Meta:
        model = Meeting
        fields = (
            "name",
            "body",
            "held_on",
            "starts_at",
            "ends_at",
            "place",
            "agenda",
            "minutes",
            "document",
            "url",
            "readers",
        )
        field_classes = {"url": AddressField}
        widgets = {
            "held_on": day_input(),
            "starts_at": hour_input(),
            "ends_at": hour_input(),
            "agenda": forms.Textarea(attrs={"rows": 3}),
            "minutes": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts = {
            "name": "例：令和9年度 第1回 在宅医療推進協議会",
            "body": "例：在宅医療推進協議会、圏域別の調整会議。同じ名称にすると、一覧でまとめて見られます。",
            "place": "例：県庁第1会議室、オンライン",
            "agenda": "1行に1つ。",
            "minutes": "見出し（#）・箇条書き（-）・表が使えます。決まったことは、保存した後に「決定」として加えます。",
            "document": "資料・議事録のファイル名や文書番号。",
            "readers": "「招いた市町村だけ」の会議は、計画の版と文書には入りません。",
        }
        error_messages = {
            "name": {"required": "会議の名称を入力してください。", "max_length": "120文字までです。"},
            "held_on": DAY_ERRORS,
            "starts_at": HOUR_ERRORS,
            "ends_at": HOUR_ERRORS,
            "url": ADDRESS_ERRORS,
        }

    def __init__(self, *args: Any, municipalities: Sequence[Region], **kwargs: Any) -> None:
        meeting: Meeting | None = kwargs.get("instance")
        if meeting is not None:
            kwargs["initial"] = {
                "people": "\n".join(_line(one) for one in meeting.members.all()),
                "towns": [one.municipality_id for one in meeting.invitations.all()],
            }
        super().__init__(*args, **kwargs)
        self.offer(municipalities)

    def offer(self, municipalities: Sequence[Region]) -> None:
        """The municipalities that can be invited."""
        field = self.fields["towns"]
        assert isinstance(field, TownsField)
        field.offer(municipalities)

    def clean_people(self) -> list[Person]:
        """The lines as members; a line without an organisation, or too long, is named with its number."""
        lines = str(self.cleaned_data["people"]).splitlines()
        return [_person(number, line) for number, line in enumerate(lines, start=1) if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Hours in order; who is invited is said where only they may read."""
        check_hours(self, self.cleaned_data)
        if self.cleaned_data.get("readers") == Meeting.Readers.INVITED and not self.cleaned_data.get("towns"):
            self.add_error("towns", "「招いた市町村だけ」のときは、招いた市町村を選んでください。")
        return self.cleaned_data

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the meeting itself (after `is_valid`)."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _OWN_FIELDS}

    @property
    def members(self) -> list[Person]:
        """Who took part (after `is_valid`)."""
        found: list[Person] = self.cleaned_data["people"]
        return found

    @property
    def invited(self) -> list[Region]:
        """The municipalities that were invited (after `is_valid`)."""
        return list(self.cleaned_data["towns"])


def _line(one: Any) -> str:
    return "／".join([one.organisation, *([one.name] if one.name else []), *([] if one.attended else [_ABSENT])])


def _person(number: int, line: str) -> Person:
    parts = [part.strip() for part in line.replace("/", "／").replace("\t", "／").split("／")]
    attended = parts[-1] != _ABSENT or len(parts) == 1
    named = parts if attended else parts[:-1]
    if not named[0] or len(named) > 2 or max(map(len, named)) > _LONGEST:
        raise forms.ValidationError(
            f"{number}行目「{line[:30]}」は、所属／役職（／欠席）の順に、それぞれ{_LONGEST}文字までで書いてください。"
        )
    return Person(named[0], named[1] if len(named) == 2 else "", attended)


class DecisionForm(forms.Form):
    """A decision, what became of it, and the things in the plan that it changed."""

    text = forms.CharField(
        label="決定・意見",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "決まったこと、または出された意見を入力してください。"},
    )
    change = forms.CharField(
        label="何を変えたか",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例：目標値を120か所から130か所に上げた。",
    )
    things = forms.MultipleChoiceField(
        label="反映先",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="この決定で変わったもの。選ぶと、そのページに決定と会議が表示されます。",
        error_messages={"invalid_choice": "一覧から選んでください。"},
    )

    def __init__(
        self, *args: Any, groups: Sequence[ThingGroup], decision: MeetingDecision | None = None, **kwargs: Any
    ) -> None:
        linked = list(decision.changes.all()) if decision is not None else []
        if decision is not None:
            chosen = [f"{one.section}:{one.record}" for one in linked]
            kwargs["initial"] = {"text": decision.text, "change": decision.change, "things": chosen}
        super().__init__(*args, **kwargs)
        self.names = {thing.key: thing.name for group in groups for thing in group.things}
        offered = [(group.label, [(thing.key, thing.name) for thing in group.things]) for group in groups]
        # What a decision is linked to stays to be chosen when it has left the plan.
        gone = {f"{one.section}:{one.record}": one.name for one in linked}
        gone = {key: name for key, name in gone.items() if key not in self.names}
        self.names |= gone
        field = self.fields["things"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [*offered, *([("計画から外したもの", list(gone.items()))] if gone else [])]

    @property
    def changed(self) -> list[Changed]:
        """The things (after `is_valid`)."""
        keys = (key.partition(":") for key in self.cleaned_data["things"])
        return [Changed(section, int(record), self.names[f"{section}:{record}"]) for section, _, record in keys]
