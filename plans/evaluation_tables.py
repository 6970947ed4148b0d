"""The evaluation as files: the sheet of one year or of all years, and the verification of bodies, in long form."""

from __future__ import annotations

from collections.abc import Iterable

from plans.formulas.evaluation import POLICY_RULES, TARGET_RULES
from plans.models import Plan, TargetEvaluation
from plans.queries.evaluation_sheets import Sheet, SheetLine
from plans.queries.verifications import Verifications
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.lib.tables import Column, Table, Value

_SHEET = (
    Column(name="年度", key="year", description="評価した年度", is_number=True),
    Column(name="種別", key="subject", description="数値目標か施策か"),
    Column(name="番号", key="id", description="目標・施策の番号"),
    Column(name="名称", key="name"),
    Column(name="地域・場面", key="group", description="数値目標は地域、施策は場面"),
    Column(name="担当", key="responsible"),
    Column(name="目標・期間", key="wanted", description="現状値から目標値まで、または施策の年度"),
    Column(name="実績", key="actual", description="表示したとおりの実績"),
    Column(name="実績値", key="value", description="数値目標の実績値。値がないときは空欄", is_number=True),
    Column(name="実績値の年度", key="value_year", is_number=True),
    Column(name="95％信頼区間（下限）", key="lower", is_number=True),
    Column(name="95％信頼区間（上限）", key="upper", is_number=True),
    Column(name="実績値の状態", key="state", description="値あり、秘匿、データなし、対象外など。空欄は値の記録なし"),
    Column(name="手入力", key="is_manual", description="手で入力した値は「はい」"),
    Column(name="見込んだ値", key="expected", description="実績値の年度に見込んだ値", is_number=True),
    Column(name="評価コード", key="judgement", description="reached、on_course、behind、worse、unknown。空欄は未評価"),
    Column(name="評価", key="label"),
    Column(name="決まりによる評価", key="rule_label"),
    Column(name="決まりの当てはめ", key="rule_text"),
    Column(name="評価を変えた理由", key="changed_because", description="空欄は、決まりのとおり"),
    Column(name="前年度の取組の結果", key="previous"),
    Column(name="要因", key="cause"),
    Column(name="次の取組", key="next_action"),
    Column(name="出典", key="source"),
)


def sheet_table(plan: Plan, sheets: Iterable[Sheet]) -> Table:
    """Every line of the sheets; a policy or target without an evaluation has a row with an empty judgement."""
    found = tuple(sheets)
    years = "・".join(format_fiscal_year(sheet.year) for sheet in found)
    rows = [_row(sheet, line) for sheet in found for line in sheet.lines]
    rules = (("数値目標の決まり", TARGET_RULES), ("施策の決まり", POLICY_RULES))
    return Table(
        title=f"{_title(plan)}の評価（{years}）",
        columns=_SHEET,
        rows=rows,
        about=(
            *((name, "／".join(f"{label}：{text}" for label, text in table)) for name, table in rules),
            *((f"{sheet.label}の総括", sheet.record.summary) for sheet in found if sheet.record),
            *((f"{sheet.label}の状態", _state(sheet)) for sheet in found),
        ),
    )


def _title(plan: Plan) -> str:
    return f"{'【デモ】' if plan.is_demo else ''}{plan.title}"


def _state(sheet: Sheet) -> str:
    if sheet.record is None or sheet.record.confirmed_at is None:
        return "確定していません"
    return f"{sheet.record.confirmed_at:%Y年%-m月%-d日}に確定"


def _row(sheet: Sheet, line: SheetLine) -> tuple[Value, ...]:
    found = line.evaluation if isinstance(line.evaluation, TargetEvaluation) else None
    return (
        sheet.year,
        "数値目標" if line.subject == "target" else "施策",
        str(line.id),
        line.name,
        line.group,
        line.responsible,
        line.wanted,
        line.actual,
        *_figure(found),
        line.judgement,
        line.label,
        line.rule_label,
        line.rule_text,
        line.changed_because,
        line.previous,
        line.cause,
        line.next_action,
        line.source,
    )


def _figure(found: TargetEvaluation | None) -> tuple[Value, ...]:
    if found is None:
        return (None, None, None, None, "", "", None)
    hand = "はい" if found.is_manual else "いいえ"
    interval = (found.actual_lower, found.actual_upper)
    return (found.actual_value, found.actual_year, *interval, found.actual_state, hand, found.expected_value)


def verification_table(plan: Plan, found: Verifications) -> Table:
    """One row for each fact of each body; a body's decision is repeated on its rows."""
    columns = (
        Column(name="年度", key="year", is_number=True),
        Column(name="区分", key="kind"),
        Column(name="圏域", key="area"),
        Column(name="機関", key="body"),
        Column(name="医療機関コード等", key="code", description="名簿にない機関は空欄"),
        Column(name="事実", key="fact"),
        Column(name="内容", key="text"),
        Column(name="同じ区分の中の位置", key="place", description="3機関未満のときなどは空欄"),
        Column(name="結果", key="outcome", description="空欄は、まだ検証していない"),
        Column(name="理由", key="reason"),
        Column(name="支援の内容・交代の進め方", key="next_action"),
    )
    rows = [
        (
            found.year,
            row.designation.kind_label,
            row.designation.area.name if row.designation.area else "",
            row.designation.body_name,
            row.designation.code,
            fact.label,
            fact.text,
            fact.place,
            row.current.get_outcome_display() if row.current else "",
            row.current.reason if row.current else "",
            row.current.next_action if row.current else "",
        )
        for row in found.rows
        for fact in row.facts
    ]
    title = f"{_title(plan)}：位置付けの検証（{format_fiscal_year(found.year)}）"
    return Table(title=title, columns=columns, rows=rows, about=(("活動報告", found.report_note),))
