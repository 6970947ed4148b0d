"""全国ビュー as tables: each part of the page as a file of its own."""

from __future__ import annotations

from indicators.nationals import NationalResult, Tab
from indicators.results import State
from zaitaku.lib.tables import Column, Row, Table

UNREGISTERED = "未登録"


def make_national_table(result: NationalResult) -> Table:
    """The part that the page shows."""
    if result.query.tab is Tab.AREAS:
        return _areas(result)
    if result.query.tab is Tab.MUNICIPALITIES:
        return _units(result)
    return _indicators(result)


def _indicators(result: NationalResult) -> Table:
    columns = (
        Column(name="都道府県コード", key="prefecture_code", description="2桁。文字列"),
        Column(name="都道府県名", key="prefecture_name"),
        Column(name="指標コード", key="indicator_code"),
        Column(name="指標名", key="indicator_name"),
        Column(name="年度", key="year", is_number=True),
        Column(name="値", key="value", is_number=True),
        Column(name="単位", key="unit"),
        Column(name="95%信頼区間下限", key="lower", is_number=True),
        Column(name="95%信頼区間上限", key="upper", is_number=True),
        Column(name="分子", key="numerator", is_number=True),
        Column(name="分母", key="denominator", is_number=True),
        Column(name="全国の値", key="nation", is_number=True),
        Column(name="全国との差", key="position", description="全国より高い・低い・差があるとは言えない・判定なし"),
        Column(name="状態", key="status", description="・".join(state.label for state in State)),
        Column(name="秘匿区分", key="suppression"),
        Column(name="注記", key="note"),
    )
    rows: list[Row] = []
    for row in result.rows:
        for column, cell in zip(result.columns, row.cells, strict=True):
            figure, card = cell.figure, column.card
            hidden = figure.state.label if figure.state == State.SUPPRESSED else ""
            rows.append(
                (
                    row.code, row.name, card.code, card.name, column.year, figure.value, card.unit, figure.lower,
                    figure.upper, figure.numerator, figure.denominator, column.nation.value, cell.said,
                    figure.state.label, hidden, figure.reason,
                )
            )  # fmt: skip
    return Table(title="47都道府県の指標", columns=columns, rows=rows, about=_about(result))


def _areas(result: NationalResult) -> Table:
    columns = (
        Column(name="都道府県コード", key="prefecture_code", description="2桁。文字列"),
        Column(name="都道府県名", key="prefecture_name"),
        Column(
            name="在宅医療圏の数", key="areas", description="このシステムに登録されたもの。空欄は未登録", is_number=True
        ),
        Column(name="圏域の単位", key="unit", description="二次医療圏・市町村・郡市医師会・保健所圏域・混在・その他"),
        Column(name="圏域の適用開始", key="since"),
        Column(name="積極的役割を担う医療機関の数", key="active", is_number=True),
        Column(name="うち病院・診療所以外の数", key="active_other", is_number=True),
        Column(name="連携の拠点の数", key="hubs", is_number=True),
        Column(name="計画の状況", key="plan"),
        Column(name="登録の状態", key="status", description="登録済・未登録"),
    )
    rows = [
        (
            one.code, one.name, one.areas, one.unit, one.since, one.active, one.active_other, one.hubs, one.plan,
            "登録済" if any(part is not None for part in (one.areas, one.active)) or one.plan else UNREGISTERED,
        )
        for one in result.prefectures
    ]  # fmt: skip
    facts, named = result.facts, result.facts.designations
    about = [
        (
            f"圏域の単位（全国、{fact.day}）",
            f"二次医療圏 {fact.secondary}・より狭い単位 {fact.narrower}・設定なし {fact.none}（{fact.source}）",
        )
        for fact in facts.area_units
    ]
    about.append(
        (
            f"積極的役割を担う医療機関（全国、{named.day}）",
            f"{named.active}、うち病院・診療所 {named.active_medical}（{named.source}）",
        )
    )
    return Table(title="圏域・位置付け・計画の状況", columns=columns, rows=rows, about=tuple(about))


def _units(result: NationalResult) -> Table:
    columns = (
        Column(name="市区町村コード", key="code", description="5桁（検査数字なし）。文字列"),
        Column(name="市区町村名", key="name"),
        Column(name="都道府県コード", key="prefecture_code"),
        Column(name="都道府県名", key="prefecture_name"),
        Column(
            name="人口", key="population", description=f"住民基本台帳 {result.population_year}年1月1日", is_number=True
        ),
        Column(name="在宅療養支援診療所数", key="clinics", is_number=True, unit="か所"),
        Column(name="在宅療養支援病院数", key="hospitals", is_number=True, unit="か所"),
        Column(name="年度", key="year", is_number=True),
    )
    rows = [
        (
            one.code,
            one.name,
            one.prefecture_code,
            one.prefecture_name,
            one.population,
            one.clinics,
            one.hospitals,
            result.year,
        )
        for one in result.units
    ]
    return Table(title="在支診・在支病のない市区町村", columns=columns, rows=rows, about=_about(result))


def _about(result: NationalResult) -> tuple[tuple[str, str], ...]:
    lines = [("条件", f"{name}={value}") for name, value in result.query.parameters().items()]
    lines += [("定義の変更", notice) for notice in result.notices]
    lines += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in result.sources]
    return tuple(lines)
