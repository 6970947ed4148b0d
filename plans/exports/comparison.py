"""計画の比較 as tables: each part of the page as a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from plans.comparisons import JUDGED, PlanComparison, PlanRow, Tab
from plans.formulas.side_by_side import Functions
from zaitaku.lib.tables import Column, Row, Table, Value

_CODE = Column(name="都道府県コード", key="prefecture_code", description="2桁。文字列。99はデモ（架空）")
_NAME = Column(name="都道府県名", key="prefecture_name")
_STATE = Column(name="計画の状況", key="state", description="公表されていない計画は状況だけ")
_DEMO = Column(name="デモ", key="is_demo", description="架空の例なら1", is_number=True)


def make_comparison_table(result: PlanComparison) -> Table:
    """The part that the page shows."""
    make: dict[Tab, Callable[[PlanComparison], Table]] = {
        Tab.OVERVIEW: _overview,
        Tab.TARGETS: _targets,
        Tab.GUIDELINE: _guideline,
        Tab.PAIR: _pair,
    }
    return make[result.query.tab](result)


def _table(result: PlanComparison, columns: tuple[Column, ...], rows: list[Row]) -> Table:
    about = (
        ("計画期間", result.period),
        ("読んだもの", f"公表された版だけ（{result.public}都道府県）。作成中の計画は状況だけ"),
        ("指針", f"{result.guideline.title}。{result.guideline.source}"),
        *((f"条件：{name}", value) for name, value in result.query.parameters().items()),
    )
    return Table(title=f"計画の比較：{result.query.tab.label}", columns=columns, rows=rows, about=about)


def _start(row: PlanRow) -> tuple[Value, ...]:
    return (row.code, row.name, row.state, int(row.is_demo))


def _overview(result: PlanComparison) -> Table:
    numbers = (
        ("areas", "在宅医療圏の数"),
        ("active", "積極的役割を担う医療機関の数"),
        ("active_met", "積極的役割を担う医療機関が満たす項目の延べ数"),
        ("active_asked", "積極的役割を担う医療機関に求められる項目の延べ数"),
        ("hub", "連携を担う拠点の数"),
        ("hub_met", "連携を担う拠点が満たす項目の延べ数"),
        ("hub_asked", "連携を担う拠点に求められる項目の延べ数"),
        ("indicators", "使っている指標の数"),
        ("policies", "施策の数"),
        ("targets", "数値目標の数"),
        ("held", "指針の項目のうち、あるものの数"),
        *((f"judged_{key}", f"県全体の目標のうち、{label}") for key, label in JUDGED.items()),
    )
    columns = (
        _CODE,
        _NAME,
        _STATE,
        _DEMO,
        Column(name="公表日", key="published_on"),
        Column(name="圏域の区分", key="scheme"),
        *(Column(name=label, key=key, is_number=True) for key, label in numbers),
    )
    return _table(result, columns, [_overview_row(row, len(numbers)) for row in result.rows])


def _overview_row(row: PlanRow, width: int) -> Row:
    facts = row.facts
    if facts is None:
        return (*_start(row), "", "", *[None] * width)
    return (
        *_start(row),
        row.published_on.isoformat() if row.published_on else "",
        facts.scheme_name,
        row.areas,
        *_functions(facts.active),
        *_functions(facts.hub),
        len(facts.indicators),
        facts.policies,
        len(facts.targets),
        row.held,
        *row.judged.values(),
    )


def _functions(one: Functions) -> tuple[int, int | None, int | None]:
    return (one.bodies, one.met, one.asked) if one.asked else (one.bodies, None, None)


def _targets(result: PlanComparison) -> Table:
    columns = (
        _CODE,
        _NAME,
        _STATE,
        _DEMO,
        Column(name="指標コード", key="indicator_code"),
        Column(name="指標名", key="indicator_name"),
        Column(name="目標にする値", key="measure", description="rate：人口等あたり、count：実数"),
        Column(name="現状値", key="baseline", is_number=True),
        Column(name="現状値の年度", key="baseline_year", is_number=True),
        Column(name="目標値", key="end", is_number=True),
        Column(name="目標年度", key="end_year", is_number=True),
        Column(name="現状値からの変化率", key="change", is_number=True, description="目標値÷現状値−1"),
        Column(name="最新値", key="actual"),
        Column(name="最新値の年度", key="actual_year", is_number=True),
        Column(name="判定", key="judgement", description="・".join(JUDGED.values())),
        Column(name="妥当性の確認", key="findings"),
        Column(name="目標値の考え方", key="reason"),
    )
    rows: list[Row] = []
    for row in result.rows:
        line = row.target(result.query.indicator)
        if line is None:
            rows.append((*_start(row), *[None] * (len(columns) - 4)))
            continue
        fact = line.fact
        rows.append(
            (
                *_start(row), fact.indicator, result.names.get(fact.indicator, ""), fact.measure, fact.baseline,
                fact.baseline_year, fact.end, fact.end_year, fact.change, line.actual_text, line.actual_year,
                JUDGED[line.judgement], "；".join(one.text for one in line.findings), fact.reason,
            )
        )  # fmt: skip
    return _table(result, columns, rows)


def _guideline(result: PlanComparison) -> Table:
    columns = (
        _CODE,
        _NAME,
        _STATE,
        _DEMO,
        Column(name="指針の項目", key="item"),
        Column(name="求められること（要約）", key="summary"),
        Column(name="要確認", key="to_be_confirmed", description="要約を原文で確かめていなければ1", is_number=True),
        Column(name="有無", key="held", description="あり・一部・なし。公表されていなければ空欄"),
        Column(name="数えたもの", key="said"),
    )
    rows: list[Row] = []
    for row in result.rows:
        for item in result.guideline.items:
            answer = row.answers.get(item.key)
            shown = (answer.held.label, answer.said) if answer else ("", "")
            rows.append((*_start(row), item.title, item.summary, int(item.to_be_confirmed), *shown))
    return _table(result, columns, rows)


def _pair(result: PlanComparison) -> Table:
    one, other = result.row(result.query.one), result.row(result.query.other)
    columns = (
        Column(name="項目", key="item"),
        Column(name=one.name if one else "1つ目", key="one"),
        Column(name=(other.name if other is not one else "2つ目（同じ）") if other else "2つ目", key="other"),
        Column(name="違い", key="differs", description="違えば1", is_number=True),
    )
    lines = pair_lines(result)
    return _table(result, columns, [(label, first, second, int(first != second)) for label, first, second in lines])


def pair_lines(result: PlanComparison) -> list[tuple[str, str, str]]:
    """What two plans hold, line by line, in words."""
    one, other = result.row(result.query.one), result.row(result.query.other)
    if one is None or other is None:
        return []
    codes = sorted({line.fact.indicator for row in (one, other) for line in row.targets})
    lines = [(label, tell(one), tell(other)) for label, tell in _FACTS]
    for code in codes:
        lines.append((f"目標：{result.names.get(code, code)}", _target_text(one, code), _target_text(other, code)))
    for item in result.guideline.items:
        lines.append((f"指針：{item.title}", _answer_text(one, item.key), _answer_text(other, item.key)))
    return lines


def _told(tell: Callable[[PlanRow], str]) -> Callable[[PlanRow], str]:
    return lambda row: tell(row) if row.facts else "未公表"


def _functions_text(one: Functions) -> str:
    met = f"（求められる項目 延べ{one.asked:,}のうち{one.met:,}を満たす）" if one.asked else "（項目の判定の記録なし）"
    return f"{one.bodies:,}{met if one.bodies else ''}"


def _counts(given: dict[str, int]) -> str:
    return "、".join(f"{key}{number}" for key, number in given.items()) or "なし"


_FACTS: tuple[tuple[str, Callable[[PlanRow], str]], ...] = (
    ("計画の状況", lambda row: row.state),
    ("圏域の区分", _told(lambda row: row.facts.scheme_name or "なし" if row.facts else "")),
    ("在宅医療圏の数", _told(lambda row: f"{row.areas:,}" if row.areas else "なし")),
    ("積極的役割を担う医療機関", _told(lambda row: _functions_text(row.facts.active) if row.facts else "")),
    ("連携を担う拠点", _told(lambda row: _functions_text(row.facts.hub) if row.facts else "")),
    ("使っている指標の数", _told(lambda row: f"{len(row.facts.indicators)}" if row.facts else "")),
    ("場面ごとの施策の数", _told(lambda row: _counts(dict(row.facts.scenes)) if row.facts else "")),
    ("テーマごとの施策の数", _told(lambda row: _counts(dict(row.facts.themes)) if row.facts else "")),
    ("施策の予算の合計（千円）", _told(lambda row: f"{row.facts.budget:,}" if row.facts else "")),
    ("協議の場の回数", _told(lambda row: f"{row.facts.meetings}" if row.facts else "")),
)


def _target_text(row: PlanRow, code: str) -> str:
    if row.facts is None:
        return "未公表"
    line = row.target(code)
    if line is None:
        return "なし"
    fact = line.fact
    change = f"、{line.change_text}" if line.change_text else ""
    return f"{fact.baseline_text}（{fact.baseline_year}）→{line.end_text}（{fact.end_year}{change}）、{line.judged}"


def _answer_text(row: PlanRow, key: str) -> str:
    answer = row.answers.get(key)
    return f"{answer.held.symbol} {answer.held.label}（{answer.said}）" if answer else "未公表"
