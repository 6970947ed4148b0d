"""One view of one indicator as a table for CSV, XLSX and JSON: exactly the figures the page shows."""

from __future__ import annotations

from indicators.detail_parts import DetailParts
from indicators.exports.detail_tables import FUNNEL_COLUMNS, around_rows, decile_figures, funnel_about, funnel_cells
from indicators.results import Figure, IndicatorResult, Level, State, Tab
from zaitaku.lib.tables import Column, Row, Table, Value

_NOTHING_BESIDE = DetailParts()


def make_table(result: IndicatorResult, parts: DetailParts = _NOTHING_BESIDE) -> Table:
    """What the tab shows, in its order: regions and comparators; all years; funnel limits; the surroundings."""
    columns = _columns(result)
    if result.query.tab == Tab.TREND:
        rows = _trend_rows(result, parts)
    elif result.query.tab == Tab.AROUND:
        rows = _around_rows(result, parts)
    else:
        rows = _region_rows(result)
    if parts.funnel is not None:
        code = [column.key for column in columns].index("region_code")
        rows = tuple((*row, *funnel_cells(parts.funnel, str(row[code]))) for row in rows)
        columns += FUNNEL_COLUMNS
    return Table(title=result.title, columns=columns, rows=rows, about=(*_about(result), *funnel_about(parts)))


def filename(result: IndicatorResult) -> str:
    """`DAY_S02_prefecture_2025` without its ending: ASCII only, so that every browser and file server keeps it."""
    query = result.query
    parts = [query.code, query.level.value, query.scheme, query.prefecture, query.measure.value]
    parts.append("trend" if query.tab == Tab.TREND else str(result.year or ""))
    parts.append(query.tab.value if query.tab in (Tab.FUNNEL, Tab.AROUND) else "")
    return "_".join(part for part in parts if part)


def _columns(result: IndicatorResult) -> tuple[Column, ...]:
    unit, card = result.unit, result.definition
    return (
        Column(name="指標コード", key="indicator_code", description="指標カタログのコード"),
        Column(name="指標名", key="indicator_name"),
        Column(name="年度", key="year", description="西暦。NDBは診療年度、名簿は時点の属する年度", is_number=True),
        Column(name="地域区分", key="level", description="全国・都道府県・圏域・市区町村"),
        Column(name="圏域の区分", key="scheme", description="圏域のとき、その区分のキー（例：iryoken2-8）"),
        Column(
            name="地域コード",
            key="region_code",
            description="全国00、都道府県2桁、市区町村5桁（検査数字なし）、圏域は区分ごとのコード。文字列",
        ),
        Column(name="地域名", key="region_name"),
        Column(name="都道府県コード", key="prefecture_code", description="2桁。文字列"),
        Column(name="都道府県名", key="prefecture_name"),
        Column(name="値", key="value", description=f"{card.formula}", is_number=True, unit=unit),
        Column(name="単位", key="unit"),
        Column(name="95%信頼区間下限", key="lower", is_number=True, unit=unit),
        Column(name="95%信頼区間上限", key="upper", is_number=True, unit=unit),
        Column(name="分子", key="numerator", description=card.numerator, is_number=True, unit=card.count_unit),
        Column(name="分母", key="denominator", description=card.denominator, is_number=True),
        Column(name="順位", key="rank", description="値の大きい順。同じ値は同じ順位", is_number=True),
        Column(
            name="順位95%区間上位", key="rank_low", description="区間を考えるとあり得る、最も上の順位", is_number=True
        ),
        Column(
            name="順位95%区間下位", key="rank_high", description="区間を考えるとあり得る、最も下の順位", is_number=True
        ),
        Column(name="状態", key="status", description="・".join(state.label for state in State)),
        Column(name="秘匿区分", key="suppression", description="公表時に隠されている値は「秘匿」。値は空欄"),
        Column(name="注記", key="note", description="値がない理由、県内・似た県の別、定義の変更"),
        Column(name="どの日の時点か", key="as_at", description="この日までに取り込まれた版による値。空欄は最新"),
    )


def _region_rows(result: IndicatorResult) -> tuple[Row, ...]:
    level = result.query.level.label
    rows = [
        _row(
            result,
            year=result.year,
            level=level,
            code=row.code,
            name=row.name,
            prefecture=(row.prefecture_code, row.prefecture_name),
            figure=row.figure,
            ranks=(row.rank, row.rank_low, row.rank_high),
        )
        for row in result.rows
    ]
    for comparator in result.comparators:
        is_nation = comparator.code == "00"
        rows.append(
            _row(
                result,
                year=result.year,
                level="全国" if is_nation else Level.PREFECTURE.label,
                code=comparator.code,
                name=comparator.label,
                prefecture=("", "") if is_nation else (comparator.code, comparator.label),
                figure=comparator.figure,
                note=comparator.note,
            )
        )
    return tuple(rows)


def _trend_rows(result: IndicatorResult, parts: DetailParts) -> tuple[Row, ...]:
    rows = tuple(
        _row(
            result,
            year=point.year,
            level=_level_of(series.code, result),
            code=series.code,
            name=series.label,
            prefecture=(series.prefecture_code, series.prefecture_name),
            figure=point.figure,
        )
        for series in result.series
        for point in series.points
    )
    level = f"{result.query.level.label}の分布"
    return rows + tuple(
        _row(result, year=year, level=level, code="", name=name, prefecture=("", ""), figure=figure)
        for year, name, figure in decile_figures(parts)
    )


def _around_rows(result: IndicatorResult, parts: DetailParts) -> tuple[Row, ...]:
    return tuple(
        _row(
            result,
            year=result.year,
            level=level,
            code=code,
            name=name,
            prefecture=prefecture,
            figure=figure,
            ranks=ranks,
            note="・".join(text for text in (why, figure.reason) if text),
            scheme=scheme,
        )
        for level, scheme, code, name, prefecture, figure, ranks, why in around_rows(result, parts)
    )


def _level_of(code: str, result: IndicatorResult) -> str:
    if code == "00":
        return "全国"
    return Level.PREFECTURE.label if len(code) == 2 else result.query.level.label


def _row(
    result: IndicatorResult,
    *,
    year: int | None,
    level: str,
    code: str,
    name: str,
    prefecture: tuple[str, str],
    figure: Figure,
    ranks: tuple[int | None, int | None, int | None] = (None, None, None),
    note: str = "",
    scheme: str = "",
) -> Row:
    cells: tuple[Value, ...] = (
        result.definition.code,
        result.definition.name,
        year,
        level,
        (scheme or result.query.scheme) if level == Level.AREA.label else "",
        code,
        name,
        *prefecture,
        figure.value,
        result.unit,
        figure.lower,
        figure.upper,
        figure.numerator,
        figure.denominator,
        *ranks,
        figure.state.label,
        figure.state.label if figure.state == State.SUPPRESSED else "",
        "・".join(text for text in (note or figure.reason, result.definition.notice) if text),
        result.query.as_at.isoformat() if result.query.as_at else "",
    )
    return cells


def _about(result: IndicatorResult) -> tuple[tuple[str, str], ...]:
    card, conditions = result.definition, result.query.change(basket="", page=1).parameters()
    lines = [("指標", f"{card.code} {card.name}（定義第{card.version}版）"), ("算出式", card.formula)]
    lines += [("定義の変更", card.notice)] if card.notice else []
    lines += [("条件", f"{name}={value}") for name, value in conditions.items() if value]
    lines += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in result.sources]
    lines += [("注意", note) for note in (*result.notes, *card.caveats)]
    return tuple(lines)
