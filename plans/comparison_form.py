"""GET parameters of 計画の比較 → `PlanComparisonQuery`; what is wrong gets a sentence and its default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.http import QueryDict

from institutions.definitions.periods import current_period, plan_periods
from plans.comparisons import PlanComparisonQuery, Tab
from plans.queries.comparison import DEMO_CODE
from zaitaku.lib.prefectures import PREFECTURES

OVERVIEW_SORTS = ("areas", "active", "hub", "indicators", "targets", "policies", "held")
TARGET_SORTS = ("baseline", "end", "change", "progress")
_LONGEST_SHOWN = 40


class PlanComparisonForm:
    """The query asked for, or the nearest one that is right; `complaints` say what was left out."""

    def __init__(self, data: QueryDict, *, today: dt.date) -> None:
        self.complaints: list[str] = []
        usual = current_period(today=today).start
        self.periods = plan_periods(today=today)
        periods = [(str(one.start), one.label) for one in self.periods]
        tab = Tab(self._one_of(data, "tab", "表示", [(one.value, one.label) for one in Tab]) or Tab.OVERVIEW)
        with_demo = data.get("demo") == "1"
        places = [(one.code, one.name) for one in PREFECTURES] + ([(DEMO_CODE, "デモ県")] if with_demo else [])
        self.places = places
        sorts = {Tab.OVERVIEW: OVERVIEW_SORTS, Tab.TARGETS: TARGET_SORTS}.get(tab, ())
        self.query = PlanComparisonQuery(
            period=int(self._one_of(data, "period", "計画期間", periods) or usual),
            usual_period=usual,
            tab=tab,
            public_only=data.get("public") == "1",
            with_demo=with_demo,
            indicator=data.get("indicator", "")[:20] if tab is Tab.TARGETS else "",
            one=self._one_of(data, "one", "都道府県", places) if tab is Tab.PAIR else "",
            other=self._one_of(data, "other", "都道府県", places) if tab is Tab.PAIR else "",
            sort=self._one_of(data, "sort", "並べ替え", [(one, one) for one in sorts]) if sorts else "",
            is_ascending=data.get("order") == "asc",
        )

    def _one_of(self, data: QueryDict, name: str, label: str, choices: Sequence[tuple[str, str]]) -> str:
        text = data.get(name, "")
        if text and text not in dict(choices):
            shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
            self.complaints.append(f"{label}「{shown}」は選べません。下の選択肢から選び直してください。")
            return ""
        return text
