"""The forms of the area editor. Each action of the map is one plain form field away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from django import forms

from plans.actions.area_drafts import Command
from plans.formulas import partition as areas
from plans.formulas.partition import LONGEST_NAME, ChangeRefused
from plans.models import UnitLink
from plans.queries.area_starts import CSV, Start

NONE, NEW = "none", "new"
ACTIONS = {
    "assign": "移す",
    "split": "新しい圏域にする",
    "join": "統合する",
    "remove": "削除する",
    "rename": "名称を変える",
    "recolour": "色を変える",
    "lock": "固定する",
    "unlock": "固定を外す",
    "undo": "元に戻す",
    "redo": "やり直す",
}


class NewDraftForm(forms.Form):
    """A name and what to begin with."""

    name = forms.CharField(
        label="案の名称",
        max_length=80,
        error_messages={"required": "案の名称を入力してください。", "max_length": "80文字以内にしてください。"},
    )
    start = forms.ChoiceField(
        label="もとにするもの",
        widget=forms.RadioSelect,
        error_messages={"required": "もとにするものを選んでください。", "invalid_choice": "一覧から選んでください。"},
    )
    file = forms.FileField(
        label="CSVファイル",
        required=False,
        help_text="「CSVファイルから」を選んだときだけ使います。UTF-8かShift_JIS、1MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: object, starts: Sequence[Start], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        field = self.fields["start"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(start.key, f"{start.label}（{start.text}）") for start in starts if start.is_open]

    def clean(self) -> dict[str, object]:
        """A CSV start needs its file."""
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("start") == CSV and not cleaned.get("file"):
            self.add_error("file", "CSVファイルを選んでください。")
        return cleaned


class ChangeForm(forms.Form):
    """One step in the editor: the action, the version of the page, and what the action needs."""

    version = forms.IntegerField(min_value=0)
    action = forms.ChoiceField(choices=list(ACTIONS.items()))
    to = forms.CharField(required=False, max_length=10)
    into = forms.IntegerField(required=False)
    name = forms.CharField(required=False, max_length=200)
    colour = forms.IntegerField(required=False)
    units = forms.Field(required=False)

    def command(self, *, units: Sequence[str], names: Mapping[str, str]) -> tuple[Command, str]:
        """What to do with the draft and how its history tells it. Raises `ChangeRefused`."""
        data = self.cleaned_data
        action, name = data["action"], data["name"].strip()
        if action == "assign":
            return self._assign(units, names)
        if action == "split":
            return partial(areas.split, units=units, name=name), f"新しい圏域「{name[:40]}」：{_listed(units, names)}"
        number = self._number()
        texts = {
            "join": "圏域の統合",
            "remove": "圏域の削除",
            "rename": f"圏域の名称を「{name[:LONGEST_NAME]}」に変更",
            "recolour": "圏域の色の変更",
            "lock": "圏域の固定",
            "unlock": "圏域の固定を解除",
        }
        into, colour = data["into"], data["colour"]
        if action == "join" and into is None:
            raise ChangeRefused("統合先の圏域を選んでください。")
        commands: dict[str, Command] = {
            "join": partial(areas.join, number=number, into=into or 0),
            "remove": partial(areas.remove, number=number),
            "rename": partial(areas.rename, number=number, name=name),
            "recolour": partial(areas.recolour, number=number, colour=-1 if colour is None else colour),
            "lock": partial(areas.lock, number=number, is_locked=True),
            "unlock": partial(areas.lock, number=number, is_locked=False),
        }
        return commands[action], texts[action]

    def _assign(self, units: Sequence[str], names: Mapping[str, str]) -> tuple[Command, str]:
        to = None if self.cleaned_data["to"] == NONE else self._number()
        where = "未割当に戻す" if to is None else "圏域に移す"
        return partial(areas.assign, units=units, to=to), f"{where}：{_listed(units, names)}"

    def _number(self) -> int:
        to = self.cleaned_data["to"]
        if not to.isdecimal():
            raise ChangeRefused("圏域を選んでください。")
        return int(to)


def _listed(units: Sequence[str], names: Mapping[str, str]) -> str:
    said = [names.get(unit, unit) for unit in units]
    return "、".join(said[:3]) + (f" ほか{len(said) - 3}" if len(said) > 3 else "") if said else "（市区町村なし）"


class SuggestForm(forms.Form):
    """What the proposal must keep to."""

    fewest = forms.IntegerField(label="圏域の数（最少）", min_value=1, max_value=200)
    most = forms.IntegerField(label="圏域の数（最多）", min_value=1, max_value=200)
    least_people = forms.IntegerField(label="1圏域の人口（下限）", min_value=0, required=False)
    most_people = forms.IntegerField(label="1圏域の人口（上限）", min_value=1, required=False)
    farthest = forms.FloatField(label="中心の市区町村までの距離の上限（km）", min_value=1, required=False)
    is_contiguous = forms.BooleanField(label="圏域がつながっていること", required=False, initial=True)
    needs_active = forms.BooleanField(
        label="どの圏域にも積極的役割を担う医療機関（位置付けがまだなければ在支診・在支病）が1以上あること",
        required=False,
        initial=True,
    )
    needs_hub = forms.BooleanField(
        label="どの圏域にも連携を担う拠点が1以上あること（位置付けがまだなければ確かめません）",
        required=False,
        initial=True,
    )
    seconds = forms.TypedChoiceField(
        label="計算時間の上限", choices=[(25, "25秒"), (60, "1分"), (300, "5分")], coerce=int, initial=25
    )

    def clean(self) -> dict[str, object]:
        """Bounds in order."""
        cleaned: dict[str, object] = super().clean() or {}
        for low, high, what in (("fewest", "most", "圏域の数"), ("least_people", "most_people", "人口")):
            lower, upper = cleaned.get(low), cleaned.get(high)
            if isinstance(lower, int) and isinstance(upper, int) and lower > upper:
                self.add_error(low, f"{what}の下限が上限より大きくなっています。")
        return cleaned


class AdoptForm(forms.Form):
    """From when, and under which name, a draft becomes the 在宅医療圏."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    name = forms.CharField(label="名称", max_length=100, error_messages={"required": "名称を入力してください。"})
    effective_from = forms.DateField(
        label="適用開始日",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="それまでの在宅医療圏は、この日で終わります。",
        error_messages={"required": "適用開始日を入力してください。", "invalid": "日付を正しく入力してください。"},
    )
    is_sure = forms.BooleanField(
        label="決定した圏域は変更できないことを確かめた",
        error_messages={"required": "確認の欄に印を付けてください。"},
    )


class LinkForm(forms.Form):
    """A crossing between two units."""

    one = forms.ChoiceField(label="市区町村（一方）")
    other = forms.ChoiceField(label="市区町村（他方）")
    kind = forms.ChoiceField(label="種類", choices=UnitLink.Kind.choices)
    note = forms.CharField(label="備考", max_length=200, required=False)

    def __init__(self, *args: object, units: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        for name in ("one", "other"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "選んでください"), *units]
            field.error_messages |= {
                "required": "市区町村を選んでください。",
                "invalid_choice": "一覧から選んでください。",
            }
