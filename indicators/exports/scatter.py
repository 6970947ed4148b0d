"""散布図 as a table: one row a region with both figures, those without a number too."""

from __future__ import annotations

from indicators.results import Figure, Level, State
from indicators.scatters import ScatterPoint, ScatterResult, correlation_text
from zaitaku.lib.tables import Column, Table, Value


def make_scatter_table(result: ScatterResult) -> Table:
    """All regions of the view."""
    about = [
        ("横軸", f"{result.x.code} {result.x.name}（{result.x.formula}）"),
        ("縦軸", f"{result.y.code} {result.y.name}（{result.y.formula}）"),
    ]
    about += [("条件", f"{name}={value}") for name, value in result.query.parameters().items() if value]
    if result.correlation:
        about.append(("相関係数（ピアソン）", correlation_text(result.correlation)))
    if result.rank_correlation:
        about.append(("順位相関係数（スピアマン）", correlation_text(result.rank_correlation)))
    about += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in result.sources]
    about += [("注意", caution) for caution in result.cautions]
    rows = [_row(point, result) for point in result.points]
    return Table(title=result.title, columns=_columns(result), rows=rows, about=tuple(about))


def _columns(result: ScatterResult) -> tuple[Column, ...]:
    columns = [
        Column(name="地域区分", key="level"),
        Column(name="圏域の区分", key="scheme"),
        Column(name="地域コード", key="region_code", description="文字列"),
        Column(name="地域名", key="region_name"),
        Column(name="都道府県名", key="prefecture_name"),
    ]
    for way, key, card in (("横軸", "x", result.x), ("縦軸", "y", result.y)):
        columns += [
            Column(name=f"{way}の指標コード", key=f"{key}_code"),
            Column(name=f"{way}の年度", key=f"{key}_year", is_number=True),
            Column(name=f"{way}の値", key=f"{key}_value", description=card.name, is_number=True, unit=card.unit),
            Column(name=f"{way}の単位", key=f"{key}_unit"),
            Column(name=f"{way}の95%信頼区間下限", key=f"{key}_lower", is_number=True),
            Column(name=f"{way}の95%信頼区間上限", key=f"{key}_upper", is_number=True),
            Column(name=f"{way}の状態", key=f"{key}_status"),
            Column(name=f"{way}の秘匿区分", key=f"{key}_suppression"),
            Column(name=f"{way}の注記", key=f"{key}_note"),
        ]
    return tuple(columns)


def _row(point: ScatterPoint, result: ScatterResult) -> tuple[Value, ...]:
    query = result.query
    scheme = query.scheme if query.level is Level.AREA else ""
    axes = (
        (result.x.code, result.x_year, point.x, result.x.unit),
        (result.y.code, result.y_year, point.y, result.y.unit),
    )
    cells = [cell for axis in axes for cell in _cells(*axis)]
    return (query.level.label, scheme, point.code, point.name, point.prefecture_name, *cells)


def _cells(code: str, year: int | None, figure: Figure, unit: str) -> tuple[Value, ...]:
    hidden = figure.state.label if figure.state == State.SUPPRESSED else ""
    return code, year, figure.value, unit, figure.lower, figure.upper, figure.state.label, hidden, figure.reason
