"""The list of sources as a table for download."""

from __future__ import annotations

from collections.abc import Iterable

from zaitaku.lib.tables import Column, Table
from zaitaku.sources.results import SourceRow

_COLUMNS = (
    Column(name="種類", key="kind", description="資料の種類"),
    Column(name="都道府県コード", key="prefecture_code", description="1つの都道府県だけの資料のとき、2桁の文字列"),
    Column(name="都道府県", key="prefecture", description="1つの都道府県だけの資料のとき、その名称"),
    Column(name="公表者", key="publisher"),
    Column(name="資料名", key="title"),
    Column(name="版", key="edition"),
    Column(name="時点", key="as_of", description="資料が表す日（年-月-日）。資料に無いとき空欄"),
    Column(
        name="最新の版",
        key="is_newest",
        description="取り込まれている同じ種類・都道府県の中で最新なら1、そうでなければ0",
        is_number=True,
    ),
    Column(name="取消日", key="withdrawn_on", description="取込を取り消した日。取り消した資料の値はどこにも使わない"),
    Column(name="利用条件", key="licence"),
    Column(name="掲載場所", key="url"),
    Column(name="ファイル名", key="filename"),
    Column(name="バイト数", key="size", is_number=True, unit="バイト"),
    Column(name="SHA-256", key="sha256", description="ファイルの指紋。手元のファイルと同じかを確かめられる"),
    Column(name="取得日", key="retrieved_on"),
    Column(
        name="取込内容",
        key="taken",
        description="取り込んだ件数。項目名と件数を「・」で区切る。同梱データで件数の記録がないとき空欄",
    ),
)


def make_source_table(rows: Iterable[SourceRow]) -> Table:
    """One row a source file, in the order of the page."""
    return Table(title="データの出典", columns=_COLUMNS, rows=[_make_row(row) for row in rows])


def _make_row(row: SourceRow) -> tuple[str | int | None, ...]:
    return (
        row.kind_label,
        row.prefecture.code if row.prefecture else None,
        row.prefecture.name if row.prefecture else None,
        row.publisher,
        row.title,
        row.edition or None,
        row.as_of.isoformat() if row.as_of else None,
        int(row.is_newest),
        row.withdrawn_at.date().isoformat() if row.withdrawn_at else None,
        row.licence,
        row.url or None,
        row.filename,
        row.size,
        row.sha256,
        row.retrieved_on.isoformat(),
        "・".join(f"{name} {number}" for name, number in row.taken) or None,
    )
