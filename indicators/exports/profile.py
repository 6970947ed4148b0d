"""A profile as one table for CSV, XLSX and JSON: every figure the page shows, a row each, with its part of the page."""

from __future__ import annotations

from collections.abc import Iterator

from indicators.profiles import MatrixRow, Part, ProfileResult, Reference, SpineRow
from indicators.results import Figure, Level, State
from zaitaku.lib.statistics.comparison import Position
from zaitaku.lib.tables import Column, Row, Table, Value

_POSITIONS = {
    Position.HIGHER: "高い",
    Position.LOWER: "低い",
    Position.SAME: "差があるとは言えない",
    Position.NOT_COMPARED: "判定しない",
}
_COLUMNS = (
    Column(
        name="部分",
        key="part",
        description="指標（スパイン）・圏域等別・人口と需要・地域の中の差。画面の見出しにあたる",
    ),
    Column(name="指標コード", key="indicator_code", description="指標カタログのコード。人口と需要は項目のキー"),
    Column(name="指標名", key="indicator_name"),
    Column(name="場面", key="phase"),
    Column(name="年度", key="year", description="西暦。人口と需要は推計の年", is_number=True),
    Column(name="地域区分", key="level", description="都道府県・圏域・市区町村"),
    Column(name="圏域の区分", key="scheme", description="圏域のとき、その区分のキー（例：iryoken2-8）"),
    Column(name="地域コード", key="region_code", description="都道府県2桁、市区町村5桁、圏域は区分ごと。文字列"),
    Column(name="地域名", key="region_name"),
    Column(name="値", key="value", is_number=True),
    Column(name="単位", key="unit"),
    Column(name="95%信頼区間下限", key="lower", is_number=True),
    Column(name="95%信頼区間上限", key="upper", is_number=True),
    Column(name="分子", key="numerator", is_number=True),
    Column(name="分母", key="denominator", is_number=True),
    Column(name="比較相手", key="reference_name", description="全国、都道府県、または値のある都道府県の計"),
    Column(name="比較相手の値", key="reference_value", is_number=True),
    Column(name="比較相手との差", key="position", description="区間またはファンネルによる判定"),
    Column(name="良し悪し", key="judgement", description="指標の定義に向きがあるものだけ"),
    Column(name="注目順", key="attention", description="「まず見るところ」の差の順位", is_number=True),
    Column(name="比べる地域の数", key="peers", description="値のある、同じ区分の地域の数", is_number=True),
    Column(name="最小", key="minimum", is_number=True),
    Column(name="25%点", key="p25", is_number=True),
    Column(name="中央値", key="median", is_number=True),
    Column(name="75%点", key="p75", is_number=True),
    Column(name="最大", key="maximum", is_number=True),
    Column(name="全国の5区分", key="fifth", description="1が低いほうの5分の1、5が高いほう", is_number=True),
    Column(name="最近の傾向", key="trend"),
    Column(name="状態", key="status", description="・".join(state.label for state in State)),
    Column(name="秘匿区分", key="suppression", description="隠されている値は「秘匿」。値は空欄"),
    Column(name="注記", key="note", description="値がない理由、値の説明"),
)
_KEYS = tuple(column.key for column in _COLUMNS)


def make_table(result: ProfileResult) -> Table:
    """All figures of the profile, in the order of the page."""
    rows = (*_spine_rows(result), *_matrix_rows(result), *_outlook_rows(result), *_inequality_rows(result))
    return Table(title=result.title, columns=_COLUMNS, rows=rows, about=_about(result))


def filename_stem(result: ProfileResult) -> str:
    """`profile_28_iryoken2-8_2801`: ASCII only."""
    query = result.query
    parts = ("profile", query.prefecture, query.scheme if query.area else "", query.area, query.municipality)
    return "_".join(part for part in parts if part)


def _row(**cells: Value) -> Row:
    return tuple(cells.get(key) for key in _KEYS)


def _place(result: ProfileResult) -> dict[str, Value]:
    query = result.query
    return {
        "level": query.level.label,
        "scheme": query.peer_scheme,
        "region_code": query.code,
        "region_name": result.name,
    }


def _figure(figure: Figure, unit: str) -> dict[str, Value]:
    return {
        "value": figure.value,
        "unit": unit,
        "lower": figure.lower,
        "upper": figure.upper,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "status": figure.state.label,
        "suppression": figure.state.label if figure.state == State.SUPPRESSED else "",
        "note": figure.reason,
    }


def _judged(reference: Reference, position: Position, tone: str) -> dict[str, Value]:
    return {
        "reference_name": reference.label,
        "reference_value": reference.value,
        "position": _POSITIONS[position],
        "judgement": {"better": "望ましい側", "worse": "望ましくない側"}.get(tone, ""),
    }


def _spine_rows(result: ProfileResult) -> Iterator[Row]:
    order = {one.card.code: one.order for one in result.first_look.gaps}
    for row in result.rows:
        yield _row(
            part="指標（スパイン）",
            attention=order.get(row.card.code),
            trend=row.trend_text,
            **_named(row),
            **_place(result),
            **_figure(row.figure, row.card.unit),
            **_judged(row.reference, row.position, row.mark.tone),
            peers=row.spread.count,
            **{name: round(getattr(row.spread, name), 1) for name in ("minimum", "p25", "median", "p75", "maximum")},
        )


def _named(row: SpineRow | MatrixRow) -> dict[str, Value]:
    card = row.card
    return {"indicator_code": card.code, "indicator_name": card.name, "phase": card.phase_label, "year": row.year}


def _matrix_rows(result: ProfileResult) -> Iterator[Row]:
    matrix = result.matrix
    for row in matrix.rows:
        for part, cell in zip(matrix.parts, row.cells, strict=True):
            yield _row(
                part="圏域等別",
                **_named(row),
                **_part(part, matrix.level, matrix.scheme),
                **_figure(cell.figure, row.card.unit),
                **_judged(row.reference, cell.position, cell.mark.tone),
                fifth=cell.fifth,
            )


def _part(part: Part, level: Level, scheme: str) -> dict[str, Value]:
    return {"level": level.label, "scheme": scheme, "region_code": part.code, "region_name": part.name}


def _outlook_rows(result: ProfileResult) -> Iterator[Row]:
    for line in result.outlook.lines:
        for year, value in zip(line.years, line.values, strict=True):
            state = State.MISSING if value is None else State.OBSERVED
            yield _row(
                part="人口と需要",
                indicator_code=line.key,
                indicator_name=line.label,
                year=year,
                **_place(result),
                value=value,
                unit=line.unit,
                status=state.label,
                suppression="",
                note=line.source,
            )


def _inequality_rows(result: ProfileResult) -> Iterator[Row]:
    for measure in result.inequality.measures:
        cells = _figure(measure.figure, measure.unit) | {"note": measure.sentence}
        names = {"indicator_code": measure.key, "indicator_name": measure.label, "year": measure.year}
        yield _row(part="地域の中の差", **names, **_place(result), **cells)


def _about(result: ProfileResult) -> tuple[tuple[str, str], ...]:
    lines = [("条件", f"{name}={value}") for name, value in result.query.parameters().items()]
    lines += [("まず見るところ", one.sentence) for one in (*result.first_look.gaps, *result.first_look.changes)]
    lines += [("出典", f"{source.citation}を加工して作成。利用条件：{source.licence}") for source in result.sources]
    notes = (*result.notes, *result.first_look.notes, result.matrix.note, *result.outlook.notes, result.inequality.note)
    return tuple(lines + [("注意", note) for note in notes if note])
