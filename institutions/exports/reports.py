"""活動報告 as tables: the form to fill in, the list of links for mailing, who has reported, and what was confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from institutions.definitions.reports import ReportFormat, ReportItem, format_named
from institutions.formulas.reports import Answer, Answers
from institutions.parsers.report_form import ANSWER, BODY, ITEM, REPORT, YEAR
from institutions.queries.reports import ReportRow, RoundFacts
from zaitaku.lib.fiscal_years import format_fiscal_year
from zaitaku.lib.tables import Column, Row, Table

_FORM = (
    Column(name=REPORT, key="report", description="変えないでください"),
    Column(name=BODY, key="body"),
    Column(name=YEAR, key="year"),
    Column(name=ITEM, key="item", description="変えないでください"),
    Column(name="分類", key="section"),
    Column(name="項目", key="label"),
    Column(name="単位", key="unit"),
    Column(name=ANSWER, key="answer", description="記入する列。ないときは0、答えられないときは空欄", is_number=True),
    Column(name="必須", key="core"),
    Column(name="書き方", key="help"),
)


def report_number(report_id: int, year: int) -> str:
    """What ties a form to its report: `2026-15`."""
    return f"{year}-{report_id}"


def form_table(wanted: ReportFormat, *, report_id: int, body: str, year: int, answers: Answers) -> Table:
    """The form of one body, with what it has answered so far."""
    rows: list[Row] = [
        (
            report_number(report_id, year),
            body,
            format_fiscal_year(year),
            item.key,
            item.section,
            item.label,
            item.unit or None,
            _cell(item, answers.get(item.key)),
            "必須" if item.is_core else None,
            item.help + _choices(item),
        )
        for item in wanted.items
    ]
    about = (("機関", body), ("年度", format_fiscal_year(year)), ("様式", wanted.source))
    return Table(title=wanted.title, columns=_FORM, rows=rows, about=about)


def _cell(item: ReportItem, answer: Answer) -> str | int | None:
    if answer is None or item.kind == "count":
        return answer
    return item.said(int(answer) if item.kind == "yes_no" else answer)


def _choices(item: ReportItem) -> str:
    labels = ("あり", "なし") if item.kind == "yes_no" else tuple(label for _, label in item.choices)
    return f"「{'」「'.join(labels)}」のどれか。" if labels and item.kind != "count" else ""


_LINKS = (
    Column(name="圏域", key="area"),
    Column(name="区分", key="kind"),
    Column(name="機関名", key="name"),
    Column(name="所在地", key="address"),
    Column(name="報告用リンク", key="url", description="この機関だけのアドレス。ほかの機関に送らないでください"),
    Column(name="締切", key="due_on"),
    Column(name="リンクの期限", key="expires_on"),
)


def links_table(rows: Sequence[Row], *, title: str) -> Table:
    """The list for mailing; it can be made only when the links are issued."""
    return Table(title=title, columns=_LINKS, rows=rows)


_STATUS = (
    Column(name="圏域コード", key="area_code", description="文字列"),
    Column(name="圏域", key="area"),
    Column(name="区分", key="kind"),
    Column(name="機関名", key="name"),
    Column(name="状態", key="state"),
    Column(name="締切超過", key="overdue", description="超過していれば1", is_number=True),
    Column(name="版", key="version", is_number=True),
    Column(name="提出日時", key="at"),
    Column(name="リンク", key="link", description="発行済・期限切れ・なし"),
    Column(name="デモ", key="is_demo", description="架空の例なら1", is_number=True),
)
_LINK_WORDS = {"open": "発行済", "expired": "期限切れ", "": "なし"}


def status_table(rows: Iterable[ReportRow], *, title: str) -> Table:
    """Who has reported: the list for reminders."""
    lines: list[Row] = [
        (
            row.area_code or None,
            row.area_name,
            row.kind_label,
            row.body_name,
            row.state_label,
            int(row.is_overdue),
            row.version.number if row.version else None,
            row.version.at.isoformat(timespec="minutes") if row.version else None,
            _LINK_WORDS[row.link],
            int(row.is_demo),
        )
        for row in rows
    ]
    return Table(title=title, columns=_STATUS, rows=lines)


_ANSWERS = (
    Column(name="年度", key="year"),
    Column(name="圏域コード", key="area_code", description="文字列"),
    Column(name="圏域", key="area"),
    Column(name="区分", key="kind"),
    Column(name="機関名", key="name"),
    Column(name="状態", key="state"),
    Column(name="項目コード", key="item"),
    Column(name="項目", key="label"),
    Column(name="単位", key="unit"),
    Column(name="値", key="value", description="無回答は空欄。0とは区別します", is_number=True),
    Column(name="答え", key="answer", description="あり・なし・選択肢"),
)


def answers_table(rows: Iterable[ReportRow], *, asked: RoundFacts, title: str) -> Table:
    """Every answer handed in, one a row. For the officials of the prefecture alone."""
    lines: list[Row] = []
    for row in rows:
        for item in format_named(row.format_key).items if row.version else ():
            answer = row.version.answers.get(item.key) if row.version else None
            place = (str(asked.year), row.area_code or None, row.area_name, row.kind_label, row.body_name)
            number = answer if item.kind == "count" and isinstance(answer, int) else None
            word = item.said(answer) if item.kind != "count" and answer is not None else None
            lines.append((*place, row.state_label, item.key, item.label, item.unit or None, number, word))
    about = (("年度", asked.label), ("取扱い", "機関ごとの値です。県の担当者だけが使い、公表しないでください"))
    return Table(title=title, columns=_ANSWERS, rows=lines, about=about)
