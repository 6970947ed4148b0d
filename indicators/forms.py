"""GET parameters of the pages → frozen queries; what is wrong gets a sentence and the nearest view that is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

from django import forms
from django.utils import timezone

from indicators.basket import parse_basket
from indicators.catalogue_results import CatalogueQuery
from indicators.definitions.schema import Kind, Phase
from indicators.results import IndicatorQuery, Level, Measure, Order, Tab
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import prefecture
from zaitaku.sources.models import SourceFile

DEFAULT_SCHEME = "iryoken2-8"
_LONGEST = 60
_LONGEST_PAGE = 4
_YEARS = range(1990, 2101)
_Choice = TypeVar("_Choice", Level, Order, Measure, Tab)


class IndicatorQueryForm(forms.Form):
    """The parameters of 指標詳細. Absent ones take their default; the prefecture that of the visitor."""

    level = forms.CharField(required=False, label="地域の区分")
    prefecture = forms.CharField(required=False, label="都道府県")
    scheme = forms.CharField(required=False, label="圏域の区分")
    year = forms.CharField(required=False, label="年度")
    order = forms.CharField(required=False, label="並び順")
    measure = forms.CharField(required=False, label="値の種類")
    tab = forms.CharField(required=False, label="表示")
    as_at = forms.CharField(required=False, label="どの日の時点か")
    basket = forms.CharField(required=False, label="比較かご")
    page = forms.CharField(required=False, label="表のページ")

    def __init__(self, data: Mapping[str, str], *, code: str, own_prefecture: str = "") -> None:
        super().__init__(data)
        self.code = code
        self._own = own_prefecture

    def clean_level(self) -> Level:
        return self._one_of("level", Level, Level.PREFECTURE)

    def clean_order(self) -> Order:
        return self._one_of("order", Order, Order.VALUE)

    def clean_measure(self) -> Measure:
        return self._one_of("measure", Measure, Measure.RATE)

    def clean_tab(self) -> Tab:
        return self._one_of("tab", Tab, Tab.CHART)

    def clean_prefecture(self) -> str:
        if "prefecture" not in self.data:
            return self._own
        code = str(self.cleaned_data["prefecture"])
        if code and prefecture(code) is None:
            raise forms.ValidationError(f"都道府県コード「{_shown(code)}」はありません。01から47までの2桁です。")
        return code

    def clean_scheme(self) -> str:
        key = str(self.cleaned_data["scheme"])
        if len(key) > _LONGEST:
            raise forms.ValidationError(f"圏域の区分「{_shown(key)}」はありません。")
        return key

    def clean_year(self) -> int | None:
        text = str(self.cleaned_data["year"])
        if not text:
            return None
        year = parse_year(text) if len(text) <= _LONGEST else None
        if year is None:
            raise forms.ValidationError(f"年度「{_shown(text)}」を読み取れません。2025や令和7のように書いてください。")
        if year not in _YEARS:
            raise forms.ValidationError(
                f"年度「{_shown(text)}」の値はありません。{_YEARS.start}から{_YEARS.stop - 1}までで指定してください。"
            )
        return year

    def clean_as_at(self) -> dt.date | None:
        return read_as_at(str(self.cleaned_data["as_at"]))

    def clean_basket(self) -> str:
        return parse_basket(str(self.cleaned_data["basket"])).text

    def clean_page(self) -> int:
        text = str(self.cleaned_data["page"])
        if not text:
            return 1
        if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_PAGE):
            raise forms.ValidationError(f"表のページ「{_shown(text)}」はありません。1からの数字です（0はすべての行）。")
        return int(text)

    @property
    def query(self) -> IndicatorQuery:
        """The view asked for, or, where parameters are wrong, the nearest view that leaves those out."""
        cleaned = self.cleaned_data if self.is_bound and not self.errors else getattr(self, "cleaned_data", {})
        level = cleaned.get("level", Level.PREFECTURE)
        return IndicatorQuery(
            code=self.code,
            level=level,
            prefecture=cleaned.get("prefecture", self._own),
            scheme=(cleaned.get("scheme") or DEFAULT_SCHEME) if level == Level.AREA else "",
            year=cleaned.get("year"),
            order=cleaned.get("order", Order.VALUE),
            measure=cleaned.get("measure", Measure.RATE),
            tab=cleaned.get("tab", Tab.CHART),
            as_at=cleaned.get("as_at"),
            basket=cleaned.get("basket", ""),
            page=cleaned.get("page", 1),
        )

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is wrong, one sentence a parameter."""
        return tuple(str(message) for messages in self.errors.values() for message in messages)

    def _one_of(self, name: str, choices: type[_Choice], default: _Choice) -> _Choice:
        text = str(self.cleaned_data[name])
        if not text:
            return default
        try:
            return choices(text)
        except ValueError:
            known = "・".join(f"{choice.value}（{choice.label}）" for choice in choices)
            raise forms.ValidationError(
                f"{self.fields[name].label}「{_shown(text)}」は選べません。選べるのは{known}です。"
            ) from None


class AsAtForm(forms.Form):
    """The day a figure is looked at from; empty means now."""

    as_at = forms.CharField(required=False, label="どの日の時点か")

    def clean_as_at(self) -> dt.date | None:
        return read_as_at(str(self.cleaned_data["as_at"]))

    @property
    def complaints(self) -> list[str]:
        """What is wrong, in sentences."""
        return [str(message) for messages in self.errors.values() for message in messages]


def read_as_at(text: str) -> dt.date | None:
    """`2026-10-01` → that day; empty → None. Raises `ValidationError` for what is no day, or lies ahead."""
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise forms.ValidationError(
            f"日付「{_shown(text)}」を読み取れません。2026-10-01のように書いてください。"
        ) from None
    if day > timezone.localdate():
        raise forms.ValidationError(f"{day:%Y年%-m月%-d日}はまだ来ていません。今日までの日付を指定してください。")
    return day


class QualityForm(forms.Form):
    """Which kind of file the matrix shows; one that does not exist is left out."""

    kind = forms.ChoiceField(required=False, label="資料の種類", choices=SourceFile.Kind.choices)

    @property
    def kind_asked_for(self) -> str:
        """The kind; the lists of notifications where none is asked for."""
        self.is_valid()
        return str(self.cleaned_data.get("kind") or SourceFile.Kind.NOTIFICATION_LIST)


class CatalogueForm(forms.Form):
    """The filters of the catalogue. A filter that does not exist is left out: the list then simply shows more."""

    words = forms.CharField(
        required=False,
        max_length=100,
        label="指標名・かな・コードで探す",
        error_messages={"max_length": "100文字までで入力してください。"},
    )
    phase = forms.ChoiceField(
        required=False, label="場面", choices=[("", "すべて"), *((phase.value, phase.label) for phase in Phase)]
    )
    kind = forms.ChoiceField(
        required=False,
        label="種別",
        choices=[("", "すべて"), *((kind.value, f"{kind.letter} {kind.label}") for kind in Kind)],
    )
    available = forms.ChoiceField(
        required=False, label="データ", choices=[("", "すべて"), ("yes", "値がある"), ("no", "データ未整備")]
    )
    only = forms.ChoiceField(
        required=False,
        label="区分",
        choices=[
            ("", "すべて"),
            ("core", "重点指標(要確認)"),
            ("official", "国の指標例"),
            ("own", "都道府県の独自の指標"),
            ("unchecked", "確認者が未記入"),
            ("due", "見直し期限を過ぎた"),
        ],
    )

    @property
    def query(self) -> CatalogueQuery:
        """The filters that are valid."""
        self.is_valid()
        return CatalogueQuery(**{name: self.cleaned_data.get(name, "") for name in self.fields})


def _shown(text: str) -> str:
    """What was typed, short enough to be repeated on a page."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
