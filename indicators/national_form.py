"""GET parameters of 全国ビュー → `NationalQuery`; what is wrong gets a sentence and its default."""

from __future__ import annotations

from django.http import QueryDict

from indicators.definitions.schema import Phase
from indicators.nationals import CLASSES, NationalQuery, Tab
from zaitaku.lib.prefectures import prefecture

SETS = (("main", "基本の指標"), ("core", "重点指標(要確認)"), *((phase.value, phase.label) for phase in Phase))
LONGEST_QUERY = 2_000
_LONGEST_SHOWN = 40


class NationalForm:
    """The query asked for, or the nearest one that is right; `complaints` say what was left out."""

    def __init__(self, data: QueryDict) -> None:
        self.complaints: list[str] = []
        if len(data.urlencode()) > LONGEST_QUERY:
            self.complaints.append("条件が長すぎて読み取れません。選び直してください。")
            data = QueryDict()
        tab = Tab(self._one_of(data, "tab", "表示", [(one.value, one.label) for one in Tab], Tab.INDICATORS.value))
        in_list = tab is Tab.MUNICIPALITIES
        place = data.get("prefecture", "") if in_list else ""
        if place and prefecture(place) is None:
            self.complaints.append(f"都道府県コード「{_shown(place)}」はありません。01から47までの2桁です。")
            place = ""
        labels = [(label, label) for label, _, _ in CLASSES]
        self.query = NationalQuery(
            tab=tab,
            chosen_set=self._one_of(data, "set", "指標の組", SETS, "main"),
            sort=data.get("sort", "")[:20] if tab is Tab.INDICATORS else "",
            is_ascending=data.get("order") == "asc",
            people=self._one_of(data, "people", "人口の階級", labels, "") if in_list else "",
            prefecture=place,
        )

    def _one_of(
        self,
        data: QueryDict,
        name: str,
        label: str,
        choices: list[tuple[str, str]] | tuple[tuple[str, str], ...],
        usual: str,
    ) -> str:
        text = data.get(name, "")
        if not text:
            return usual
        if text not in dict(choices):
            known = "・".join(f"{value}（{said}）" if value != said else value for value, said in choices)
            self.complaints.append(f"{label}「{_shown(text)}」は選べません。選べるのは{known}です。")
            return usual
        return text


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
