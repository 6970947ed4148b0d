"""GET parameters of 比較 → `ComparisonQuery`; what is wrong gets a sentence and is left out."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from indicators.basket import PARAMETER, parse_basket
from indicators.comparisons import MOST_AREAS, ComparedArea, ComparisonQuery, IndicatorSet
from indicators.queries.compared_areas import NoSuchArea, find_area

# Five groups of municipalities that nobody saved are the longest address there is.
LONGEST_QUERY = 16_000
_LONGEST_SHOWN = 40


class ComparisonForm:
    """The query that the address asks for, or the nearest one that is right; `complaints` say what was left out."""

    def __init__(self, data: QueryDict, *, own_area: str = "") -> None:
        self.complaints: list[str] = []
        self.areas: list[ComparedArea] = []
        if len(data.urlencode()) > LONGEST_QUERY:
            self.complaints.append("条件が長すぎて読み取れません。地域と指標を選び直してください。")
            data = QueryDict()
        self.words = data.get("words", "").strip()[:_LONGEST_SHOWN]
        asked = data.getlist("area")
        basket = parse_basket(data.get(PARAMETER, ""))
        self.complaints += basket.problems
        self.query = ComparisonQuery(
            areas=self._areas(asked or ([own_area] if own_area and "area" not in data else [])),
            basket=basket,
            chosen_set=self._set(data.get("set", "")),
        )

    @property
    def address(self) -> str:
        """All that the comparison depends on: the query, and what the groups in it hold just now."""
        groups = [f"{area.name}:{sorted(area.unit_codes)}" for area in self.areas if area.region_id is None]
        return "|".join((self.query.querystring(), *groups))

    def _areas(self, given: Sequence[str]) -> tuple[str, ...]:
        wanted = list(dict.fromkeys(reference for reference in given if reference))
        found = []
        for reference in wanted:
            try:
                area = find_area(reference)
            except NoSuchArea as error:
                self.complaints.append(str(error))
            else:
                found.append(reference)
                self.areas.append(area)
        if len(found) > MOST_AREAS:
            self.complaints.append(
                f"一度に比べられるのは{MOST_AREAS}地域までです。先に選ばれた{MOST_AREAS}地域を表示します。"
            )
        return tuple(found[:MOST_AREAS])

    def _set(self, text: str) -> IndicatorSet:
        if not text:
            return IndicatorSet.MAIN
        try:
            return IndicatorSet(text)
        except ValueError:
            known = "・".join(f"{one.value}（{one.label}）" for one in IndicatorSet)
            self.complaints.append(f"指標の組「{_shown(text)}」はありません。選べるのは{known}です。")
            return IndicatorSet.MAIN


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
