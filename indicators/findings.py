"""The sentence that states what a view shows, in plain Japanese. Pure: rows in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from indicators.results import Comparator, DefinitionCard, Figure, Measure, RegionRow, Series, State


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the sentence is about. `place` and `noun` name the regions: 「」「都道府県」, 「北海道の」「圏域」."""

    card: DefinitionCard
    measure: Measure
    rows: Sequence[RegionRow]
    nation: Figure | None
    year_label: str
    place: str
    noun: str

    @property
    def subject(self) -> str:
        return f"{self.card.name}（実数）" if self.measure == Measure.COUNT else self.card.name

    @property
    def unit(self) -> str:
        """`か所/75歳以上10万` is said as `か所`: the sentence names the base."""
        return self.card.count_unit if self.measure == Measure.COUNT else self.card.unit.partition("/")[0]

    @property
    def base(self) -> str:
        return "" if self.measure == Measure.COUNT else self.card.rate_phrase

    @property
    def with_value(self) -> list[RegionRow]:
        return [row for row in self.rows if row.figure.value is not None]

    def regions(self, number: int) -> str:
        """`26都道府県`, or `値のある26都道府県` when others have none."""
        known = "値のある" if number < len(self.rows) else ""
        return f"{known}{self.place}{number}{self.noun}"


def make_finding(view: View) -> str:
    """What stands out: the own prefecture against the country, else the spread of the regions listed."""
    if not view.with_value:
        return _nothing(view)
    own = next((row for row in view.rows if row.is_own), None)
    if own is None:
        return f"{view.subject}（{view.year_label}）は、{_spread(view)}"
    if own.figure.value is None:
        return f"{own.name}の{view.subject}（{view.year_label}）は{_why(own.figure)}。{_spread(view)}"
    return _own(own, view) + _against(own.figure, view)


def make_trend_finding(view: View, series: Sequence[Series]) -> str:
    """How the own prefecture (else the country) moved from its first to its last year with a number."""
    leading = _leading(series)
    points = [point for point in leading.points if point.figure.value is not None] if leading else []
    if leading is None or not points:
        return make_finding(view)
    first, last = points[0], points[-1]
    start = f"{first.year}年度の{view.base}{first.figure.text}{view.unit}"
    if len(points) == 1:
        only = f"{first.year}年度（{view.base}{first.figure.text}{view.unit}）"
        return f"{leading.label}の{view.subject}は、値があるのが{only}だけのため、推移はまだ見られません。"
    change = (last.figure.value or 0.0) - (first.figure.value or 0.0)
    word = "増えました" if change > 0 else "減りました" if change < 0 else "変わっていません"
    return f"{leading.label}の{view.subject}は、{start}から{last.year}年度の{last.figure.text}{view.unit}へ{word}。"


def _leading(series: Sequence[Series]) -> Series | None:
    own = next((one for one in series if one.is_own), None)
    return own or next((one for one in series if one.code == "00"), None)


def no_nation(*, with_value: int, total: int) -> str:
    """Why there is no national figure: `全国値なし（47都道府県のうち26県のみ取込済）`."""
    return f"全国値なし（{total}都道府県のうち{with_value}県のみ取込済）" if with_value < total else "全国値なし"


def find_nation(comparators: Sequence[Comparator]) -> Figure | None:
    """The national figure among the comparators."""
    return next((comparator.figure for comparator in comparators if comparator.code == "00"), None)


def _own(own: RegionRow, view: View) -> str:
    number = len(view.with_value)
    certainty = f"（95％区間 {own.rank_low}～{own.rank_high}番目）" if own.rank_low is not None else ""
    place = f"{view.regions(number)}の中で高い順に{own.rank}番目{certainty}です"
    if number == 1:
        place = "値があるのはここだけです"
    return f"{own.name}の{view.subject}は{view.base}{own.figure.text}{view.unit}（{view.year_label}）で、{place}。"


def _against(figure: Figure, view: View) -> str:
    decimals = 1 if view.measure == Measure.RATE else 0
    middle = median(row.figure.value or 0.0 for row in view.with_value)
    centre = f"中央値は{middle:,.{decimals}f}{view.unit}です。"
    if view.measure == Measure.COUNT:
        return centre
    if view.nation is None or view.nation.value is None:
        return f"全国値がないため、全国とは比べられません。{centre}"
    return f"全国値{view.nation.text}{view.unit}{_compare(figure, view.nation.value, view.card)}"


def _compare(figure: Figure, nation: float, card: DefinitionCard) -> str:
    """`より高く…`: sure only where the interval leaves the country out, judged only where there is a direction."""
    assert figure.value is not None
    if figure.value == nation:
        return "と同じです。"
    is_higher = figure.value > nation
    word = "高く" if is_higher else "低く"
    if figure.lower is None or figure.upper is None:
        return f"より{word}なっています。"
    if figure.lower <= nation <= figure.upper:
        return f"より{word}見えますが、95％信頼区間に全国値が入るため、差があるとは言えません。"
    return f"より{word}、95％信頼区間でみても差があります{_judgement(card, is_higher=is_higher)}。"


def _judgement(card: DefinitionCard, *, is_higher: bool) -> str:
    if card.direction == "neutral":
        return ""
    return "（望ましい側の差）" if is_higher == (card.direction == "higher") else "（望ましくない側の差）"


def _spread(view: View) -> str:
    rows = sorted(view.with_value, key=lambda row: row.figure.value or 0.0)
    low, high, regions = rows[0], rows[-1], view.regions(len(rows))
    if len(rows) == 1:
        return f"{view.place}{view.noun}のうち{high.name}だけに値があり、{view.base}{high.figure.text}{view.unit}です。"
    if high.figure.value == low.figure.value:
        return f"{regions}のどこも{view.base}{high.figure.text}{view.unit}です。"
    return (
        f"{regions}では、{view.base}{high.figure.text}{view.unit}の{_with_ties(high, rows, view)}が最も高く、"
        f"{low.figure.text}{view.unit}の{_with_ties(low, rows, view)}が最も低くなっています。"
    )


def _with_ties(row: RegionRow, rows: Sequence[RegionRow], view: View) -> str:
    """`美唄市など109市区町村` where others have the same value."""
    same = sum(other.figure.value == row.figure.value for other in rows)
    return row.name if same == 1 else f"{row.name}など{same}{view.noun}"


def _nothing(view: View) -> str:
    states = {row.figure.state for row in view.rows}
    if view.card.to_fill and State.NOT_IMPORTED not in states:
        return f"{view.subject}はデータ未整備です。{view.card.to_fill}"
    if len(states) == 1:
        return f"{view.subject}は、{view.place}{view.noun}のどこも{_why(view.rows[0].figure)}。"
    return f"{view.subject}は、{view.place}{view.noun}のどこにも値がありません。理由は表に示しています。"


def _why(figure: Figure) -> str:
    """The end of a sentence whose subject has no number."""
    if figure.state == State.NOT_IMPORTED:
        return "未取込です（この都道府県の資料がまだありません）"
    if figure.state == State.SUPPRESSED:
        return "秘匿されています"
    if figure.state == State.NOT_APPLICABLE:
        return "対象外です"
    return f"データなしです（{figure.reason}）" if figure.reason else "データなしです"
