"""The way of one figure as a table for CSV: one row a published figure, then one a counted institution."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.traces import ItemTrace, Part, Side, Trace
from institutions.queries.holders import Holder
from zaitaku.lib.tables import Column, Row, Table

_COLUMNS = (
    Column(name="指標コード", key="indicator_code"),
    Column(name="指標名", key="indicator_name"),
    Column(name="定義の版", key="definition_version", is_number=True),
    Column(name="年度", key="year", is_number=True),
    Column(name="地域コード", key="region_code", description="文字列"),
    Column(name="地域名", key="region_name"),
    Column(name="どの日の時点か", key="as_at", description="空欄は最新"),
    Column(name="区分", key="side", description="分子・分母・数えた医療機関・値のない地域"),
    Column(name="項目コード", key="item_code"),
    Column(name="項目", key="item_name"),
    Column(name="資料の年", key="published_year", is_number=True),
    Column(name="資料の地域コード", key="published_region_code", description="文字列。医療機関は医療機関コード"),
    Column(name="資料の地域名", key="published_region_name", description="医療機関は名称"),
    Column(name="公表値", key="value", is_number=True),
    Column(name="単位", key="unit"),
    Column(name="状態", key="status", description="値がないときはその理由"),
    Column(
        name="使用", key="is_used", description="この数字に使った版は1、新しい版に置き換わったものは0", is_number=True
    ),
    Column(name="公表者", key="publisher"),
    Column(name="資料名", key="title"),
    Column(name="版", key="edition"),
    Column(name="時点", key="as_of"),
    Column(name="ファイル名", key="filename"),
    Column(name="SHA-256", key="sha256"),
    Column(name="取得日", key="retrieved_on"),
    Column(name="シート", key="sheet"),
    Column(name="セル", key="cell", description="空欄はセルではなく名簿を数えた値"),
    Column(name="注記", key="note"),
)


def make_trace_table(trace: Trace) -> Table:
    """Everything that was added up, with file, sheet and cell."""
    card = trace.definition
    about = [
        ("指標", f"{card.code} {card.name}（定義第{card.version}版）"),
        ("地域", f"{trace.level} {trace.address.region} {trace.region_name}"),
        ("値", trace.sentence),
        ("算出式", card.formula),
        *([("定義の変更", card.notice)] if card.notice else []),
        (
            "計算",
            f"エンジン第{trace.engine}版" + (f"、{trace.computed_at:%Y-%m-%d %H:%M}" if trace.computed_at else ""),
        ),
    ]
    if trace.address.as_at:
        about.append(("どの日の時点か", trace.address.as_at.isoformat()))
    about += [("分母の方法", side.method) for side in trace.sides if side.method]
    about += [("出典", f"{s.publisher}「{s.name}」を加工して作成。利用条件：{s.licence}") for s in trace.sources]
    title = f"数字の根拠　{card.name}　{trace.region_name}（{trace.address.year}年度）"
    rows = [] if trace.withheld else [*_part_rows(trace), *(_holder_row(trace, holder) for holder in trace.holders)]
    return Table(title=title, columns=_COLUMNS, rows=rows, about=tuple(about))


def trace_filename(trace: Trace) -> str:
    """`DAY_S22_prefecture_01_2025_evidence.csv`."""
    address = trace.address
    parts = [address.code, address.kind, address.region, str(address.year)]
    parts += [address.as_at.isoformat()] if address.as_at else []
    return "_".join([*parts, "evidence.csv"])


def _head(trace: Trace) -> tuple[str | int | None, ...]:
    address, card = trace.address, trace.definition
    as_at = address.as_at.isoformat() if address.as_at else None
    return card.code, card.name, card.version, address.year, address.region, trace.region_name, as_at


def _part_rows(trace: Trace) -> Iterable[Row]:
    for side in trace.sides:
        for item in side.items:
            for part in item.parts:
                yield _part_row(trace, side, item, part)
            for missing in item.missing:
                yield (
                    *_head(trace), "値のない地域", item.code, item.name, item.year, missing.region, missing.name,
                    None, item.unit, missing.reason, 0, *[None] * 9, item.how,
                )  # fmt: skip


def _part_row(trace: Trace, side: Side, item: ItemTrace, part: Part) -> Row:
    source = part.source
    return (
        *_head(trace), side.label, item.code, item.name, part.year, part.region, part.name, part.value, item.unit,
        "公表値" if part.value is not None else part.text, int(part.is_used),
        source.publisher, source.title, source.edition or None, source.as_of.isoformat() if source.as_of else None,
        source.filename, source.sha256, source.retrieved_on.isoformat(), part.sheet or None, part.cell or None,
        "名簿に載る医療機関を数えた値" if part.is_count else item.how,
    )  # fmt: skip


def _holder_row(trace: Trace, holder: Holder) -> Row:
    source = next(source for source in trace.sources if source.id == holder.source_id)
    return (
        *_head(trace), "数えた医療機関", holder.item, holder.symbol, trace.address.year, holder.code, holder.name,
        1, "か所", "名簿に掲載", 1, source.publisher, source.title, source.edition or None,
        source.as_of.isoformat() if source.as_of else None, source.filename, source.sha256,
        source.retrieved_on.isoformat(), trace.holders_sheet or None, holder.cell or None,
        f"算定開始{holder.started_on.isoformat()}" if holder.started_on else None,
    )  # fmt: skip
