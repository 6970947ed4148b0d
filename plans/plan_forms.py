"""The forms of a plan: beginning one, its chapters, comments, handing in and deciding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from plans.formulas.period import period_text
from plans.models import Chapter, Plan, VersionDecision
from plans.models.plan import PERIOD_STARTS
from regions.models import AreaScheme, Region
from zaitaku.accounts.models import User

LONGEST_TEXT = 200_000
LONGEST_COMMENT = 4_000
TEMPLATE = ""
_PERIODS = tuple(PERIOD_STARTS)[:5]


class PlanForm(forms.Form):
    """What a plan is called, its areas, and who approves it."""

    title = forms.CharField(
        label="計画の名称",
        max_length=120,
        error_messages={"required": "計画の名称を入力してください。", "max_length": "120文字以内にしてください。"},
    )
    scheme = forms.ModelChoiceField(
        label="在宅医療圏",
        queryset=AreaScheme.objects.none(),
        required=False,
        empty_label="まだ決めていない",
        help_text="計画の単位とする圏域の区分です。あとから変えられます。",
        error_messages={"invalid_choice": "一覧から選んでください。"},
    )
    approval_levels = forms.TypedChoiceField(
        label="承認の段階",
        coerce=int,
        choices=[(1, "1段階（承認者1人）"), (2, "2段階（別々の承認者2人）")],
        error_messages={"required": "承認の段階を選んでください。", "invalid_choice": "一覧から選んでください。"},
    )

    def __init__(self, *args: Any, schemes: QuerySet[AreaScheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scheme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = schemes


class NewPlanForm(PlanForm):
    """A new plan: its period, and what its chapters begin with."""

    period = forms.TypedChoiceField(
        label="計画期間",
        coerce=int,
        choices=[(year, period_text(year)) for year in _PERIODS],
        error_messages={"required": "計画期間を選んでください。", "invalid_choice": "一覧から選んでください。"},
    )
    model = forms.ModelChoiceField(
        label="もとにするもの",
        queryset=Plan.objects.none(),
        required=False,
        empty_label="標準の章立て（国の指針にある項目）",
        help_text="前の計画を選ぶと、章の名称と本文を引き継ぎます。前の計画は変わりません。",
        error_messages={"invalid_choice": "一覧から選んでください。"},
    )
    field_order = ("period", "title", "scheme", "model", "approval_levels")

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["model"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = plans


class ChapterTextForm(forms.Form):
    """The text of a chapter, and the version it was written from."""

    text = forms.CharField(
        label="本文",
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 22}),
        error_messages={"max_length": "本文は20万文字以内にしてください。"},
    )
    base = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    note = forms.CharField(
        label="変更の理由",
        required=False,
        max_length=200,
        help_text="履歴に残ります。空欄でもかまいません。",
        error_messages={"max_length": "200文字以内にしてください。"},
    )

    def clean_text(self) -> str:
        """Lines end as everywhere else, whatever the browser sends."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")


class ResolutionForm(ChapterTextForm):
    """What becomes of a conflict."""

    choice = forms.ChoiceField(
        choices=[
            ("both", "両方をまとめた文で保存する"),
            ("mine", "自分の版で保存する"),
            ("theirs", "相手の版のままにする"),
        ],
        error_messages={"required": "どうするかを選んでください。", "invalid_choice": "どうするかを選んでください。"},
    )


class ChapterSettingsForm(forms.Form):
    """What a chapter is called, how far it is, who writes it until when."""

    title = forms.CharField(
        label="章の名称",
        max_length=120,
        error_messages={"required": "章の名称を入力してください。", "max_length": "120文字以内にしてください。"},
    )
    status = forms.ChoiceField(
        label="状態", choices=Chapter.Status, error_messages={"invalid_choice": "一覧から選んでください。"}
    )
    owner = forms.ModelChoiceField(
        label="担当者",
        queryset=User.objects.none(),
        required=False,
        empty_label="決めていない",
        error_messages={"invalid_choice": "一覧から選んでください。"},
    )
    due_on = forms.DateField(
        label="期限",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日付は2027-03-31のように入力してください。"},
    )

    def __init__(self, *args: Any, officials: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = officials


class NewChapterForm(forms.Form):
    """A chapter of the prefecture's own."""

    title = forms.CharField(
        label="追加する章の名称",
        max_length=120,
        error_messages={"required": "章の名称を入力してください。", "max_length": "120文字以内にしてください。"},
    )


class CommentForm(forms.Form):
    """A comment; who speaks for several municipalities says for which."""

    text = forms.CharField(
        label="意見",
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="@利用者名 と書くと、その人に知らせます。",
        error_messages={"required": "意見を入力してください。", "max_length": "4,000文字以内にしてください。"},
    )
    municipality = forms.ModelChoiceField(
        label="どの市区町村としての意見か",
        queryset=Region.objects.none(),
        empty_label=None,
        error_messages={"required": "市区町村を選んでください。", "invalid_choice": "一覧から選んでください。"},
    )

    def __init__(self, *args: Any, municipalities: Sequence[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Region.objects.filter(pk__in=[one.pk for one in municipalities])
        self._only = municipalities[0] if len(municipalities) == 1 else None
        if len(municipalities) < 2:
            del self.fields["municipality"]

    @property
    def speaks_for(self) -> Region | None:
        """The municipality of a valid form: the chosen one, the only one, or none."""
        return self.cleaned_data.get("municipality") or self._only


class SubmissionForm(forms.Form):
    """Handing the plan in."""

    note = forms.CharField(
        label="承認者への説明",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "2,000文字以内にしてください。"},
    )


class DecisionForm(forms.Form):
    """Approving, or returning with a reason."""

    outcome = forms.ChoiceField(
        label="判断",
        choices=VersionDecision.Outcome,
        widget=forms.RadioSelect,
        error_messages={
            "required": "承認か差戻しかを選んでください。",
            "invalid_choice": "承認か差戻しかを選んでください。",
        },
    )
    reason = forms.CharField(
        label="理由・伝えること",
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="差し戻すときは必ず、どこをどう直すかを書いてください。",
        error_messages={"max_length": "2,000文字以内にしてください。"},
    )
