"""GET parameters of 散布図 → `ScatterQuery`; what is wrong gets a sentence and its default."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from indicators.definitions.registry import UnknownIndicator, get_definition
from indicators.forms import DEFAULT_SCHEME
from indicators.results import Level
from indicators.scatters import ScatterQuery
from regions.results import SchemeInfo
from zaitaku.lib.prefectures import prefecture

LONGEST_QUERY = 2_000
_LONGEST_SHOWN = 40


class ScatterForm:
    """The query asked for, or the nearest one that is right; `complaints` say what was left out."""

    def __init__(self, data: QueryDict, *, schemes: Sequence[SchemeInfo], own_prefecture: str = "") -> None:
        self.complaints: list[str] = []
        if len(data.urlencode()) > LONGEST_QUERY:
            self.complaints.append("条件が長すぎて読み取れません。選び直してください。")
            data = QueryDict()
        standard = ScatterQuery()
        level = self._level(data.get("level", ""))
        place = self._prefecture(data.get("prefecture", own_prefecture))
        self.query = ScatterQuery(
            x=self._indicator(data.get("x", ""), standard.x),
            y=self._indicator(data.get("y", ""), standard.y),
            level=level,
            scheme=self._scheme(data.get("scheme", ""), schemes) if level is Level.AREA else "",
            prefecture=place,
            is_inside=bool(data.get("inside")) and bool(place) and level is not Level.PREFECTURE,
        )

    def _indicator(self, code: str, standard: str) -> str:
        if not code:
            return standard
        try:
            return get_definition(code[:20]).code
        except UnknownIndicator:
            self.complaints.append(f"指標コード「{_shown(code)}」はありません。指標カタログで確かめてください。")
            return standard

    def _level(self, text: str) -> Level:
        if not text:
            return Level.PREFECTURE
        try:
            return Level(text)
        except ValueError:
            known = "・".join(f"{one.value}（{one.label}）" for one in Level)
            self.complaints.append(f"地域の区分「{_shown(text)}」は選べません。選べるのは{known}です。")
            return Level.PREFECTURE

    def _scheme(self, key: str, schemes: Sequence[SchemeInfo]) -> str:
        known = [scheme.key for scheme in schemes]
        if key and key not in known:
            self.complaints.append(f"圏域の区分「{_shown(key)}」はありません。")
        if key in known:
            return key
        return DEFAULT_SCHEME if DEFAULT_SCHEME in known or not known else known[0]

    def _prefecture(self, code: str) -> str:
        if code and prefecture(code) is None:
            self.complaints.append(f"都道府県コード「{_shown(code)}」はありません。01から47までの2桁です。")
            return ""
        return code


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
