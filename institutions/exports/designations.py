"""Designations, findings and searched bodies as tables for CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse

from institutions.definitions.periods import PlanPeriod
from institutions.formulas.checks import CHECKS, Finding
from institutions.queries.bodies import BodyRow
from institutions.results import MET, PARTLY, UNMET, DesignationRow
from zaitaku.lib.tables import Column, Row, Table, csv_bytes, xlsx_bytes

_PUBLIC = (
    Column(name="計画期間", key="period", description="最初の年度"),
    Column(name="圏域コード", key="area_code", description="文字列"),
    Column(name="圏域", key="area"),
    Column(name="区分", key="kind"),
    Column(name="名称", key="name"),
    Column(name="フリガナ", key="kana", description="名簿にあるものだけ"),
    Column(name="機関の種類", key="body_kind"),
    Column(name="医療機関コード等", key="code", description="文字列"),
    Column(name="所在地", key="address"),
    Column(name="市区町村コード", key="unit_code", description="5桁。文字列"),
    Column(name="市区町村", key="unit"),
    Column(name="緯度", key="latitude", is_number=True),
    Column(name="経度", key="longitude", is_number=True),
    Column(name="位置の確かさ", key="position", description="published 公表された位置、approximate 市区町村の代表点"),
    Column(name="位置付けた日", key="designated_on"),
    Column(name="担当する市区町村", key="catchment", description="市区町村コードを ; で区切る。拠点"),
    Column(name="デモ", key="is_demo", description="架空の例なら1", is_number=True),
)
_INTERNAL = (
    Column(name="状態", key="status"),
    Column(name="状態の日", key="decided_on"),
    Column(name="理由", key="reason"),
    Column(name="根拠", key="evidence"),
    Column(name="再確認の期限", key="recheck_on"),
    Column(name="推進事業の実施主体", key="programme", description="在宅医療・介護連携推進事業"),
    Column(name="満たす項目", key="met", is_number=True),
    Column(name="一部の項目", key="partly", is_number=True),
    Column(name="満たさない項目", key="unmet", is_number=True),
    Column(name="要件の項目数", key="items", is_number=True),
)


def register_table(rows: Iterable[DesignationRow], *, title: str, period: PlanPeriod) -> Table:
    """Everything a prefecture keeps about its designations."""
    lines = [(*_public(row), *_internal(row)) for row in rows]
    return Table(title=title, columns=(*_PUBLIC, *_INTERNAL), rows=lines, about=(("計画期間", period.label),))


def public_table(rows: Iterable[DesignationRow], *, title: str, period: PlanPeriod) -> Table:
    """What is published: who is designated, where and for what."""
    about = (("計画期間", period.label), ("対象", "位置付けた機関だけ。候補・協議中・解除は含みません"))
    return Table(title=title, columns=_PUBLIC, rows=[tuple(_public(row)) for row in rows], about=about)


def _public(row: DesignationRow) -> Iterable[str | int | float | None]:
    yield str(row.period)
    yield row.area.code if row.area else None
    yield row.area.name if row.area else None
    yield row.kind_label
    yield row.body_name
    yield row.body_kana or None
    yield row.body_kind_label
    yield row.code or None
    yield row.address or None
    yield row.unit.code if row.unit else None
    yield row.unit.name if row.unit else None
    yield row.latitude
    yield row.longitude
    yield row.position
    yield row.designated_on.isoformat() if row.designated_on else None
    yield ";".join(unit.code for unit in row.catchment) or None
    yield int(row.is_demo)


def _internal(row: DesignationRow) -> Iterable[str | int | None]:
    yield row.status_label
    yield row.decided_on.isoformat()
    yield row.reason or None
    yield row.evidence or None
    yield row.recheck_on.isoformat() if row.recheck_on else None
    yield row.programme.name if row.programme else None
    for answer in (MET, PARTLY, UNMET):
        yield row.answers.get(answer, 0) if row.items else None
    yield row.items or None


_FINDINGS = (
    Column(name="重要度", key="severity"),
    Column(name="点検", key="check"),
    Column(name="対象", key="subject"),
    Column(name="内容", key="text"),
    Column(name="根拠", key="rule"),
    Column(name="対応", key="remedy"),
    Column(name="鍵", key="key", description="同じ指摘は、いつも同じ鍵になる"),
)


def findings_table(findings: Iterable[Finding], *, title: str) -> Table:
    """One row a finding."""
    rows: list[Row] = [
        (one.severity_label, one.title, one.subject, one.text, one.rule, CHECKS[one.check].remedy, one.key)
        for one in findings
    ]
    return Table(title=title, columns=_FINDINGS, rows=rows)


_BODIES = (
    Column(name="機関番号", key="id", description="このシステムでの番号"),
    Column(name="種類", key="kind"),
    Column(name="名称", key="name"),
    Column(name="フリガナ", key="kana"),
    Column(name="医療機関コード等", key="code", description="文字列"),
    Column(name="所在地", key="address"),
    Column(name="市区町村", key="unit"),
    Column(name="在宅医療の届出", key="notifications", description="受理記号を ; で区切る"),
    Column(name="緯度", key="latitude", is_number=True),
    Column(name="経度", key="longitude", is_number=True),
    Column(name="位置の確かさ", key="position"),
    Column(name="掲載終了", key="listed_to", description="この時点の名簿に載っていない"),
)


def bodies_table(rows: Iterable[BodyRow], *, title: str) -> Table:
    """One row a body."""
    lines: list[Row] = [
        (
            str(one.id),
            one.kind_label,
            one.name,
            one.kana or None,
            one.code or None,
            one.address or None,
            one.unit_name or None,
            ";".join(one.notifications) or None,
            one.latitude,
            one.longitude,
            one.position,
            one.listed_to.isoformat() if one.listed_to else None,
        )
        for one in rows
    ]
    return Table(title=title, columns=_BODIES, rows=lines)


_WRITERS = {
    "csv": (csv_bytes, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_bytes, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def table_response(table: Table, *, extension: str, name: str) -> HttpResponse:
    """The table as a file to be saved."""
    if extension not in _WRITERS:
        raise Http404("この形式では出力できません。csvかxlsxを選んでください。")
    write, content_type = _WRITERS[extension]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{extension}"'}
    return HttpResponse(write(table), content_type=content_type, headers=headers)
