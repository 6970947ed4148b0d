"""Forms of 好事例. They only check; writing is done by `plans.actions.practices`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from indicators.definitions.registry import all_definitions
from plans.day_fields import ADDRESS_ERRORS, AddressField
from plans.models import GoodPractice, Scene, Theme
from plans.models.practices import MOST_INDICATORS
from plans.queries.practices import area_type_choices
from plans.topic_forms import choose
from zaitaku.lib.prefectures import PREFECTURES

if TYPE_CHECKING:
    _PracticeModelForm = forms.ModelForm[GoodPractice]
else:  # Django's own class takes no parameter when it runs
    _PracticeModelForm = forms.ModelForm

_EVERY = ("", "すべて")
_THEMES = [one for one in Theme.choices if one[0]]


class PracticeFilter(forms.Form):
    """Which cases are listed."""

    q = forms.CharField(label="ことば（かな・漢字）", required=False, max_length=100)
    theme = forms.ChoiceField(label="テーマ", required=False, choices=[_EVERY, *_THEMES])
    scene = forms.ChoiceField(label="場面", required=False, choices=[_EVERY, *Scene.choices])
    area_type = forms.ChoiceField(label="地域の種類", required=False)
    of = forms.ChoiceField(
        label="都道府県", required=False, choices=[_EVERY, *((one.code, one.name) for one in PREFECTURES)]
    )
    indicator = forms.ChoiceField(label="関係する指標", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "area_type", [_EVERY, *area_type_choices()])
        choose(self, "indicator", [_EVERY, *_indicators()])

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen; anything unknown in the address counts as not chosen."""
        self.full_clean()
        found = self.cleaned_data
        return {
            "words": found.get("q", ""),
            "theme": found.get("theme", ""),
            "scene": found.get("scene", ""),
            "area_type": found.get("area_type", ""),
            "prefecture": found.get("of", ""),
            "indicator": found.get("indicator", ""),
        }


class PracticeForm(_PracticeModelForm):
    """A case as a prefecture writes it."""

    indicators = forms.CharField(
        label="関係する指標",
        required=False,
        max_length=200,
        help_text=f"指標コードを空白か「、」で区切って{MOST_INDICATORS}つまで（例：DAY_S01 DAY_P13）。"
        "この指標が確かに悪い地域に、この好事例が紹介されます。",
    )

    class Meta:
        model = GoodPractice
        fields = (
            "title",
            "kana",
            "theme",
            "scene",
            "area_type",
            "situation",
            "text",
            "result",
            "cost",
            "people",
            "contact",
            "source_url",
        )
        field_classes = {"source_url": AddressField}
        widgets = {
            "situation": forms.Textarea(attrs={"rows": 4}),
            "text": forms.Textarea(attrs={"rows": 8}),
            "result": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "kana": "ひらがなで。かなで探せるようになります。",
            "area_type": "人口による目安。大きさの違う地域の参考にもなります。",
            "situation": "どんな地域で、何に困っていたか。",
            "text": "だれが何をしたか。見出し（#）・箇条書き（-）・表が使えます。",
            "result": "数字は、いつの何かも。「引用した数値」の番号を [[引用:12]] と書くと、出典つきで入ります。",
            "cost": "例：年間300万円（基金を利用）",
            "people": "例：診療所8か所、訪問看護ステーション5か所、市の職員1人",
            "contact": "ほかの県の担当者が尋ねる先（課・電話番号など）。ログインした人だけに表示します。",
            "source_url": "報告書・発表資料など。",
        }
        error_messages = {
            "title": {"required": "題名を入力してください。", "max_length": "160文字までです。"},
            "scene": {"required": "場面を選んでください。"},
            "text": {"required": "取組の内容を入力してください。"},
            "source_url": ADDRESS_ERRORS,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        practice: GoodPractice | None = kwargs.get("instance")
        if practice is not None:
            kwargs["initial"] = {"indicators": " ".join(practice.indicator_codes)}
        super().__init__(*args, **kwargs)
        choose(self, "scene", [("", "選んでください"), *Scene.choices])
        self.fields["area_type"] = forms.ChoiceField(
            label="地域の種類",
            required=False,
            choices=[("", "指定なし"), *area_type_choices()],
            help_text=str(self.fields["area_type"].help_text),
            error_messages={"invalid_choice": "一覧から選んでください。"},
        )

    def clean_indicators(self) -> list[str]:
        """Codes that there are; the first that is none is named."""
        codes = str(self.cleaned_data["indicators"]).upper().replace("、", " ").replace(",", " ").split()
        known = {code for code, _ in _indicators()}
        for code in codes:
            if code not in known:
                raise forms.ValidationError(
                    f"「{code[:20]}」という指標はありません。指標カタログのコードを書いてください。"
                )
        if len(set(codes)) > MOST_INDICATORS:
            raise forms.ValidationError(f"指標は{MOST_INDICATORS}つまでです。")
        return list(dict.fromkeys(codes))

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the case (after `is_valid`)."""
        kept = {name: value for name, value in self.cleaned_data.items() if name != "indicators"}
        return {**kept, "indicator_codes": self.cleaned_data["indicators"]}


def _indicators() -> list[tuple[str, str]]:
    """Official indicators: those a prefecture defines for itself mean nothing to the others."""
    return [(one.code, f"{one.code} {one.name}") for one in all_definitions() if not one.owner]
