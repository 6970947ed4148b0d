"""比較 as a table: one row an indicator and area, exactly the figures of the page."""

from __future__ import annotations

from indicators.comparisons import ComparedFigure, ComparedIndicator, ComparisonResult
from indicators.results import State
from zaitaku.lib.tables import Column, Row, Table

_COLUMNS = (
    Column(name="指標コード", key="indicator_code", description="指標カタログのコード"),
    Column(name="指標名", key="indicator_name"),
    Column(name="年度", key="year", description="西暦", is_number=True),
    Column(name="地域区分", key="area_kind", description="都道府県・市区町村・圏域の区分・地域グループ"),
    Column(name="地域コード", key="area_code", description="文字列。保存していない地域グループは空欄"),
    Column(name="地域名", key="area_name"),
    Column(name="都道府県コード", key="prefecture_code", description="2桁。県をまたぐ地域グループは空欄"),
    Column(name="構成市区町村コード", key="unit_codes", description="地域グループのとき、5桁のコードを空白で区切る"),
    Column(name="値", key="value", is_number=True),
    Column(name="単位", key="unit"),
    Column(name="95%信頼区間下限", key="lower", is_number=True),
    Column(name="95%信頼区間上限", key="upper", is_number=True),
    Column(name="分子", key="numerator", is_number=True),
    Column(name="分母", key="denominator", is_number=True),
    Column(name="全国の値", key="nation", is_number=True),
    Column(name="基準との差", key="gap", description="値から先頭の地域の値を引いた差", is_number=True),
    Column(name="差の95%区間下限", key="gap_lower", description="MOVER法", is_number=True),
    Column(name="差の95%区間上限", key="gap_upper", is_number=True),
    Column(name="差の確かさ", key="certainty"),
    Column(name="状態", key="status", description="・".join(state.label for state in State)),
    Column(name="秘匿区分", key="suppression", description="公表時に隠されている値は「秘匿」。値は空欄"),
    Column(name="注記", key="note", description="値がない理由"),
)


def make_comparison_table(result: ComparisonResult) -> Table:
    """All indicators that have a value, each with all areas in the page's order."""
    rows = [_row(indicator, one) for indicator in result.indicators for one in indicator.figures]
    about = [("くらべた地域", area.label + f"（{area.kind_label}）") for area in result.areas]
    about += [("条件", f"{name}={value}") for name, value in result.query.parameters()]
    about += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in result.sources]
    about += [("注意", note) for note in result.notes]
    about += [("値がない指標", f"{card.code} {card.name}") for card in result.without_values]
    return Table(title=result.title, columns=_COLUMNS, rows=tuple(rows), about=tuple(about))


def _row(indicator: ComparedIndicator, one: ComparedFigure) -> Row:
    area, figure, gap = one.area, one.figure, one.gap
    is_group = area.region_id is None
    return (
        indicator.card.code,
        indicator.card.name,
        indicator.year,
        area.kind_label,
        area.code,
        area.name,
        area.prefecture_code,
        " ".join(sorted(area.unit_codes)) if is_group else "",
        figure.value,
        indicator.card.unit,
        figure.lower,
        figure.upper,
        figure.numerator,
        figure.denominator,
        indicator.nation.value,
        None if gap is None else round(gap.value, 1) + 0.0,
        None if gap is None or gap.lower is None else round(gap.lower, 1) + 0.0,
        None if gap is None or gap.upper is None else round(gap.upper, 1) + 0.0,
        one.certainty,
        figure.state.label,
        figure.state.label if figure.state == State.SUPPRESSED else "",
        figure.reason,
    )
