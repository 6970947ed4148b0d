"""GET parameters of アクセス → `AccessQuery`; what is wrong gets a sentence and its default."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict

from institutions.access import AGES, REACHES, TABS, AccessQuery
from institutions.definitions.access_capacity import capacity_choices
from regions.queries.schemes import get_areas, get_schemes

_LONGEST_SHOWN = 40


class AccessForm:
    """The query asked for, or the nearest one that is right; `complaints` say what was left out."""

    def __init__(self, data: QueryDict, *, prefecture_code: str) -> None:
        self.complaints: list[str] = []
        self.reaches = {str(km): label for km, label in REACHES.items()}
        self.ages = AGES
        self.capacities = {key: choice.label for key, choice in capacity_choices().items()}
        self.schemes = {
            one.key: one.name for one in get_schemes() if get_areas(one.key, prefecture_code=prefecture_code)
        }
        usual = AccessQuery(prefecture=prefecture_code)
        own_scheme = usual.scheme if usual.scheme in self.schemes else next(iter(self.schemes), "")
        self.query = AccessQuery(
            prefecture=prefecture_code,
            reach=int(self._one_of(data, "reach", "距離", self.reaches, str(usual.reach))),
            age=self._one_of(data, "age", "人口", self.ages, usual.age),
            scheme=self._one_of(data, "scheme", "圏域", self.schemes, own_scheme),
            capacity=self._one_of(data, "capacity", "機関の数え方", self.capacities, usual.capacity),
            tab=self._one_of(data, "tab", "表示", TABS, usual.tab),
        )

    def _one_of(self, data: QueryDict, name: str, label: str, choices: Mapping[str, str], usual: str) -> str:
        text = data.get(name, "")
        if not text:
            return usual
        if text not in choices:
            shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
            known = "・".join(f"{value}（{said}）" for value, said in choices.items() if value)
            self.complaints.append(f"{label}「{shown}」は選べません。選べるのは{known}です。")
            return usual
        return text
