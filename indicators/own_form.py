"""The form on which a prefecture makes an indicator. What is posted is the whole state: it works without JavaScript."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from indicators.definitions.own_draft import OFFERED, ChosenItem, ChosenPart, FieldProblem, OwnDraft
from indicators.definitions.schema import (
    Comparison,
    Definition,
    Direction,
    Interval,
    Kind,
    Level,
    Method,
    Phase,
    Visibility,
)

METHODS = {
    Method.RATE: "率（分子 ÷ 分母 × 倍率。例：人口10万人あたり）",
    Method.PROPORTION: "割合（分子は分母の一部。％）",
    Method.COUNT: "実数（分母なし）",
    Method.RATIO: "比（別の項目で割る。例：1か所あたりの件数）",
    Method.PER_AREA: "1圏域あたり",
    Method.COVERAGE: "充足率（実績 ÷ 需要推計。100％を超えることもある）",
    Method.STANDARDISED_RATIO: "性・年齢調整（SCR方式。全国=100）",
    Method.SHARE_OF_UNITS_WITH_NONE: "ない市区町村の割合",
    Method.GAP_BETWEEN_UNITS: "市区町村の間の差（最大と最小）",
    Method.GINI_BETWEEN_UNITS: "市区町村の間の偏り（ジニ係数）",
    Method.COMPOSITE: "合成指標（複数の指標の偏差値の加重平均）",
}
_DIRECTIONS = {
    Direction.NEUTRAL: "高い・低いだけでは判断しない",
    Direction.HIGHER: "高いほど望ましい",
    Direction.LOWER: "低いほど望ましい",
}
_LEVELS = {Level.NATION: "全国", Level.PREFECTURE: "都道府県", Level.AREA: "圏域", Level.UNIT: "市区町村"}
_INTERVALS = {
    "auto": "自動（項目と計算方法から決める）",
    Interval.NONE.value: "示さない",
    Interval.POISSON.value: "ポアソン（実数・率）",
    Interval.WILSON.value: "ウィルソン（人の割合）",
}
_COMPARISONS = {
    Comparison.INTERVAL: "信頼区間で比べる",
    Comparison.FUNNEL: "ファンネル（偶然の幅）で比べる",
}
_VISIBILITIES = {
    Visibility.ALL: "だれでも見られる",
    Visibility.PREFECTURE: "県の関係者だけが見られる（県・県内市町村・承認者）",
}
_REQUIRED = {"required": "入力してください。", "invalid_choice": "一覧から選んでください。"}
_REVIEW_AFTER = dt.timedelta(days=365)


def _text(
    label: str, *, help_text: str = "", required: bool = True, most: int = 200, **attributes: str
) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=most,
        error_messages={
            **_REQUIRED,
            "max_length": "%(limit_value)d文字までで入力してください（いま%(show_value)d文字）。",
        },
        widget=forms.TextInput(attrs=attributes),
    )


def _choice(label: str, choices: Iterable[tuple[Any, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(str(value), text) for value, text in choices],
        help_text=help_text,
        error_messages=_REQUIRED,
    )


def _long(label: str, *, help_text: str, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=widget, error_messages=_REQUIRED)


def _number(label: str, *, help_text: str, least: float, most: float) -> forms.FloatField:
    messages = {
        "invalid": "数字で入力してください。",
        "min_value": "%(limit_value)g以上にしてください。",
        "max_value": "%(limit_value)g以下にしてください。",
    }
    return forms.FloatField(
        label=label, help_text=help_text, required=False, min_value=least, max_value=most, error_messages=messages
    )


class OwnIndicatorForm(forms.Form):
    """Everything a prefecture's own indicator needs, by sections; items and components are lists beside the fields."""

    name = _text(
        "指標名", help_text="分子・分母・地域が分かる名前に。例：訪問診療を実施する診療所数（75歳以上人口10万人あたり）"
    )
    kana = _text("よみ（ひらがな）", help_text="検索に使います。", most=400)
    phase = _choice("場面", ((one.value, one.label) for one in Phase))
    kind = _choice("種別", ((one.value, f"{one.letter} {one.label}") for one in Kind), "S＝体制、P＝提供、O＝結果")
    why = _long("なぜ見るのか", help_text="初めて担当になった人に向けて、30文字以上で。", rows=3)

    method = _choice("計算方法", ((one.value, METHODS[one]) for one in OFFERED))
    numerator_text = _text("分子の説明", required=False, help_text="空欄なら項目名を使います。")
    denominator_text = _text("分母の説明", required=False, help_text="空欄なら項目名を使います。")
    multiplier = _number(
        "倍率", help_text="空欄なら、率は10万、割合・充足率は100、ほかは1。", least=0.000001, most=10_000_000
    )
    unit = _text("単位", required=False, most=40, help_text="空欄なら項目から決めます。例：か所/75歳以上10万人")
    pool_years = forms.TypedChoiceField(
        label="年度の合算",
        coerce=int,
        choices=[("1", "しない"), ("2", "2年分"), ("3", "3年分"), ("5", "5年分")],
        help_text="件数の少ない地域で値が年ごとに大きく揺れるときに使います。",
        error_messages=_REQUIRED,
    )

    direction = _choice("見かた", _DIRECTIONS.items(), "「望ましい」と言い切れないときは判断しないを選びます。")
    interval = _choice("95％信頼区間", _INTERVALS.items())
    comparison = _choice("全国との比べ方", _COMPARISONS.items())
    levels = forms.MultipleChoiceField(
        label="示す地域の区分",
        choices=[(level.value, text) for level, text in _LEVELS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={**_REQUIRED, "required": "1つ以上選んでください。"},
    )
    caveats = _long(
        "限界・注意",
        help_text="1行に1つ。数えていないもの、比べられない場合など、読み誤りを防ぐことを書きます。",
        rows=4,
    )

    visibility = _choice("表示の範囲", _VISIBILITIES.items())
    checked_by = _text("確認者", required=False, help_text="値を元の資料と照らし合わせた人。まだなら空欄。")
    next_review = forms.DateField(
        label="次の見直し",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={**_REQUIRED, "invalid": "日付を2027-04-01のように入力してください。"},
    )

    SECTIONS = (
        ("basic", "1 基本", ("name", "kana", "phase", "kind", "why")),
        ("formula", "2 計算式", ("method",)),
        ("reading", "3 見かた", ("direction", "interval", "comparison", "levels", "caveats")),
        ("care", "4 管理", ("visibility", "checked_by", "next_review")),
    )
    FORMULA = ("numerator_text", "denominator_text", "multiplier", "unit", "pool_years")

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.items: list[ChosenItem] = []
        self.components: list[ChosenPart] = []
        self.denominator = ""
        self.list_errors: dict[str, list[str]] = {}
        if data is not None:
            self._read_lists(data)
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    def _read_lists(self, data: QueryDict) -> None:
        rows = zip(data.getlist("item"), data.getlist("item_from"), data.getlist("item_to"), strict=False)
        for code, first, last in rows:
            self.items.append(ChosenItem(code=code[:80], from_year=self._year(first), to_year=self._year(last)))
        is_reversed = set(data.getlist("component_reversed"))
        for code, weight in zip(data.getlist("component"), data.getlist("component_weight"), strict=False):
            part = ChosenPart(code=code[:20], weight=self._weight(weight), is_reversed=code in is_reversed)
            self.components.append(part)
        self.denominator = data.get("denominator", "")[:80]

    def _year(self, text: str) -> int | None:
        if not text.strip():
            return None
        if text.isdecimal() and 2000 <= int(text) <= 2100:
            return int(text)
        self._complain("items", f"期間の年度「{text[:20]}」を読み取れません。2022のように西暦で書いてください。")
        return None

    def _weight(self, text: str) -> float:
        try:
            weight = float(text or "1")
        except ValueError:
            weight = float("nan")
        if 0 < weight <= 1000:
            return weight
        self._complain("components", f"重み「{text[:20]}」は使えません。0より大きい数にしてください。")
        return 1.0

    def _complain(self, field: str, reason: str) -> None:
        self.list_errors.setdefault(field, []).append(reason)

    def change(self, do: str) -> str:
        """Carry out a button of the lists; returns the section the page should show."""
        action, _, code = do.partition(":")
        if action == "add" and code not in {item.code for item in self.items}:
            self.items.append(ChosenItem(code=code))
        elif action == "remove":
            self.items = [item for item in self.items if item.code != code]
        elif action == "denominator":
            self.denominator = code
        elif action == "add-part" and code not in {part.code for part in self.components}:
            self.components.append(ChosenPart(code=code, weight=1.0))
        elif action == "remove-part":
            self.components = [part for part in self.components if part.code != code]
        return "formula"

    def add_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Show what the checks found at the fields it concerns."""
        for problem in problems:
            if problem.field in ("items", "denominator", "components"):
                self._complain(problem.field, problem.reason)
            else:
                self.add_error(problem.field if problem.field in self.fields else None, problem.reason)

    def require_formula(self) -> None:
        """Say that there is no formula yet, together with whatever else is missing."""
        if not self.items and not self.components:
            self._complain("items", "項目が選ばれていません。項目を探して加えてください。")

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.list_errors)

    def tie_errors(self) -> None:
        """Tie every error to its field for those who hear the page."""
        for name in self.errors:
            if name in self.fields:
                attributes = self.fields[name].widget.attrs
                attributes["aria-invalid"] = "true"
                helped = attributes.get("aria-describedby", "")
                attributes["aria-describedby"] = f"{helped} id_{name}_error".strip()

    def draft(self) -> OwnDraft:
        """What was entered, of a form whose fields are valid."""
        given = self.cleaned_data
        lines = tuple(line.strip() for line in given["caveats"].splitlines() if line.strip())
        return OwnDraft(
            **{name: given[name] for name in self.fields if name not in ("caveats", "levels", "unit")},
            unit="%" if given["unit"] == "％" else given["unit"],
            caveats=lines,
            levels=tuple(given["levels"]),
            items=tuple(self.items),
            denominator=self.denominator,
            components=tuple(self.components),
        )


def empty_form(*, today: dt.date) -> OwnIndicatorForm:
    """A new form with sensible defaults."""
    initial = {
        "phase": Phase.DAILY.value,
        "method": Method.RATE.value,
        "direction": Direction.NEUTRAL.value,
        "interval": "auto",
        "comparison": Comparison.INTERVAL.value,
        "levels": [level.value for level in Level],
        "visibility": Visibility.ALL.value,
        "next_review": today + _REVIEW_AFTER,
        "pool_years": "1",
    }
    return OwnIndicatorForm(initial=initial)


def form_of(definition: Definition) -> OwnIndicatorForm:
    """The form filled with a definition that exists."""
    said = definition.model_dump(mode="json")
    names = ("name", "kana", "phase", "kind", "why", "method", "multiplier", "unit", "pool_years", "direction")
    more = ("interval", "comparison", "levels", "visibility", "checked_by", "next_review")
    form = OwnIndicatorForm(
        initial={
            **{name: said[name] for name in (*names, *more)},
            "caveats": "\n".join(definition.caveats),
            "numerator_text": definition.numerator.text,
            "denominator_text": definition.denominator.text if definition.denominator else "",
        }
    )
    form.items = [
        ChosenItem(code=item.code, from_year=item.from_year, to_year=item.to_year)
        for item in definition.numerator.items
    ]
    form.denominator = (definition.denominator.item or "") if definition.denominator else ""
    form.components = [
        ChosenPart(code=part.code, weight=part.weight, is_reversed=part.is_reversed) for part in definition.components
    ]
    return form


def draft_of(definition: Definition) -> OwnDraft:
    """The entries that make a definition that exists, to judge it once more."""
    filled = form_of(definition)
    given = {name: value for name, value in filled.initial.items() if name not in ("caveats", "levels", "next_review")}
    return OwnDraft(
        **given,
        caveats=definition.caveats,
        levels=tuple(definition.levels),
        next_review=definition.next_review,
        items=tuple(filled.items),
        denominator=filled.denominator,
        components=tuple(filled.components),
    )
