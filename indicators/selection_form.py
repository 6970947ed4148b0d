"""GET parameters of データ入手 → `Selection`; what is wrong gets a sentence and the nearest selection that is right."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from indicators.definitions import all_definitions
from indicators.forms import DEFAULT_SCHEME
from indicators.queries.catalogue import get_nearest_codes
from indicators.selections import Scope, Selection
from regions.results import SchemeInfo
from zaitaku.lib.fiscal_years import parse_year
from zaitaku.lib.prefectures import PREFECTURES, prefecture

# All there is to choose, chosen at once, takes about 3,000 characters.
LONGEST_QUERY = 8000
MOST_COMPLAINTS = 5
_LONGEST_SHOWN = 40


class SelectionForm(forms.Form):
    """The builder's choices. Absent years and prefectures mean all, absent levels 都道府県; wrong ones are left out."""

    scheme = forms.CharField(required=False, label="圏域の区分")

    def __init__(self, data: QueryDict, *, years: Sequence[int], schemes: Sequence[SchemeInfo]) -> None:
        super().__init__(data)
        self._lists = data
        self.years = years
        self.schemes = schemes
        self._wrong: list[str] = []

    def clean(self) -> None:
        """Fill `cleaned_data` with what is right of each list, and note what is wrong."""
        if len(self._lists.urlencode()) > LONGEST_QUERY:
            self.cleaned_data = {"indicator": [], "level": [], "year": [], "prefecture": [], "scheme": ""}
            raise forms.ValidationError("条件が長すぎて読み取れません。指標を選び直してください。")
        self.cleaned_data |= {
            "indicator": self._indicators(),
            "level": self._levels(),
            "year": self._chosen_years(),
            "prefecture": self._prefectures(),
            "scheme": self._scheme(),
        }
        if self._wrong:
            raise forms.ValidationError(self._wrong[:MOST_COMPLAINTS])

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is wrong, one sentence each."""
        self.is_valid()
        return tuple(str(message) for messages in self.errors.values() for message in messages)

    @property
    def selection(self) -> Selection:
        """The selection asked for, or the nearest one that is right."""
        self.is_valid()
        given = self.cleaned_data
        scopes = tuple(scope for scope in Scope if scope in given["level"]) or (Scope.PREFECTURE,)
        return Selection(
            indicators=tuple(given["indicator"]),
            scopes=scopes,
            years=tuple(sorted(given["year"])),
            prefectures=tuple(sorted(given["prefecture"])),
            scheme=(given["scheme"] or self._default_scheme()) if Scope.AREA in scopes else "",
        )

    def _indicators(self) -> list[str]:
        """Chosen codes that exist, each once, in the order of the catalogue's codes."""
        known = [definition.code for definition in all_definitions()]
        chosen = set(self._lists.getlist("indicator"))
        for code in sorted(chosen - set(known) - {""}):
            near = "・".join(card.code for card in get_nearest_codes(code[:_LONGEST_SHOWN])[:3])
            hint = f"似たコードは{near}です。" if near else "下の一覧から選んでください。"
            self._wrong.append(f"指標コード「{_shown(code)}」はありません。{hint}")
        return [code for code in known if code in chosen]

    def _levels(self) -> list[Scope]:
        chosen: list[Scope] = []
        for text in dict.fromkeys(self._lists.getlist("level")):
            if text in {scope.value for scope in Scope}:
                chosen.append(Scope(text))
            elif text:
                known = "・".join(f"{scope.value}（{scope.label}）" for scope in Scope)
                self._wrong.append(f"地域の区分「{_shown(text)}」は選べません。選べるのは{known}です。")
        return chosen

    def _chosen_years(self) -> list[int]:
        """Years there are figures for; one there are none for is replaced by the nearest."""
        chosen: set[int] = set()
        for text in filter(None, dict.fromkeys(self._lists.getlist("year"))):
            year = parse_year(text) if len(text) <= _LONGEST_SHOWN else None
            if year is None:
                self._wrong.append(f"年度「{_shown(text)}」を読み取れません。2025のように西暦で書いてください。")
            elif year in self.years:
                chosen.add(year)
            elif not self.years:
                self._wrong.append(f"{year}年度の値はありません。値はまだ計算されていません。")
            else:
                nearest = min(self.years, key=lambda known: (abs(known - year), -known))
                chosen.add(nearest)
                self._wrong.append(f"{year}年度の値はありません。いちばん近いのは{nearest}年度です。")
        return list(chosen)

    def _prefectures(self) -> list[str]:
        """Chosen prefectures; all of them chosen is the same as none."""
        texts = [text for text in dict.fromkeys(self._lists.getlist("prefecture")) if text]
        for text in texts:
            if prefecture(text) is None:
                self._wrong.append(f"都道府県コード「{_shown(text)}」はありません。01から47までの2桁です。")
        chosen = [text for text in texts if prefecture(text) is not None]
        return [] if len(chosen) == len(PREFECTURES) else chosen

    def _scheme(self) -> str:
        key = str(self.cleaned_data.get("scheme", ""))
        keys = [scheme.key for scheme in self.schemes]
        if key and key not in keys:
            known = "・".join(keys)
            self._wrong.append(f"圏域の区分「{_shown(key)}」はありません。選べるのは{known}です。")
            return ""
        return key

    def _default_scheme(self) -> str:
        keys = [scheme.key for scheme in self.schemes]
        return DEFAULT_SCHEME if DEFAULT_SCHEME in keys else next(iter(keys), "")


def _shown(text: str) -> str:
    """What was typed, short enough to be repeated on a page."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
