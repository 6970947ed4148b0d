"""What is loaded as a table for CSV: one row a kind of file, year and prefecture."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.queries.quality import KindQuality, PrefectureQuality
from zaitaku.lib.tables import Column, Row, Table

_COLUMNS = (
    Column(name="資料の種類", key="kind"),
    Column(name="年", key="year", description="資料の年。NDBと名簿は年度", is_number=True),
    Column(name="都道府県コード", key="prefecture_code", description="2桁。文字列"),
    Column(name="都道府県", key="prefecture"),
    Column(name="状態", key="state", description="取込済・未取込"),
    Column(name="値", key="observed", description="数値のある観測値の数", is_number=True),
    Column(name="秘匿", key="suppressed", description="公表時に隠されている観測値の数", is_number=True),
    Column(name="データなし", key="missing", is_number=True),
    Column(name="対象外", key="not_applicable", is_number=True),
    Column(name="最新の時点", key="newest", description="資料が表す日（年-月-日）"),
    Column(name="更新の目安（月）", key="months", description="時点からこの月数を過ぎると古いとみなす", is_number=True),
    Column(name="古い", key="is_old", description="更新の目安を過ぎていれば1", is_number=True),
)


def make_quality_table(matrices: Iterable[tuple[KindQuality, tuple[PrefectureQuality, ...]]]) -> Table:
    """All kinds, years and prefectures; what is not loaded has a row that says so."""
    rows = [row for kind, prefectures in matrices for place in prefectures for row in _rows(kind, place)]
    return Table(title="データの鮮度・品質", columns=_COLUMNS, rows=rows)


def _rows(kind: KindQuality, place: PrefectureQuality) -> Iterable[Row]:
    for year, cell in zip(kind.years, place.cells, strict=True):
        numbers = (cell.observed, cell.suppressed, cell.missing, cell.not_applicable) if cell else (None,) * 4
        yield (
            kind.label,
            year,
            place.prefecture.code,
            place.prefecture.name,
            "取込済" if cell else "未取込",
            *numbers,
            place.newest.isoformat() if cell and place.newest else None,
            kind.rule.months,
            int(place.is_old),
        )
