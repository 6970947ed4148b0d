"""What stands beside the rows of a selection: sources, definitions and the make-up of areas, as tables."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.cards import make_card
from indicators.definitions import get_definition
from indicators.queries.selected_values import SelectedIndicator
from indicators.selections import Selection
from regions.models import AreaMembership
from zaitaku.lib.tables import Column, Row, Table

_SOURCES = (
    Column(name="指標コード", key="indicator_code", description="指標カタログのコード"),
    Column(name="年度", key="year", is_number=True, description="西暦"),
    Column(name="公表者", key="publisher", description="資料を公表した機関"),
    Column(name="資料名", key="title", description="加工に使った資料の名称"),
    Column(name="版", key="edition", description="資料の版・対象"),
    Column(name="時点", key="as_of", description="資料の時点。YYYY-MM-DD"),
    Column(name="利用条件", key="licence", description="公表者が定めた利用条件"),
    Column(name="掲載場所", key="url", description="公表者のページ"),
    Column(name="ファイル数", key="files", is_number=True, unit="個", description="同じ資料のファイルの数"),
)
_DEFINITIONS = (
    Column(name="指標コード", key="indicator_code", description="指標カタログのコード"),
    Column(name="指標名", key="indicator_name", description="指標の名称"),
    Column(name="定義の版", key="definition_version", is_number=True, description="いまの定義の版"),
    Column(name="場面", key="phase", description="在宅医療の4つの場面など"),
    Column(name="種別", key="kind", description="ストラクチャー・プロセス・アウトカム"),
    Column(name="分子の定義", key="numerator", description="分子に数えるもの"),
    Column(name="分母の定義", key="denominator", description="分母に数えるもの"),
    Column(name="算出式", key="formula", description="値の計算のしかた"),
    Column(name="単位", key="unit", description="値の単位"),
    Column(name="集計の基準", key="basis", description="医療機関の所在地か患者の住所地か"),
    Column(name="望ましい向き", key="direction", description="値の高低と良し悪し"),
    Column(name="注意", key="caveats", description="読むときの注意"),
)
_MEMBERSHIP = (
    Column(name="圏域区分", key="area_scheme", description="圏域の版のキー"),
    Column(name="圏域区分名", key="area_scheme_name", description="圏域の版の名称"),
    Column(name="圏域コード", key="area_code", description="圏域区分ごとのコード。先頭の0を含む文字列"),
    Column(name="圏域名", key="area_name", description="圏域の名称"),
    Column(name="都道府県コード", key="prefecture_code", description="2桁。先頭の0を含む文字列"),
    Column(name="都道府県名", key="prefecture_name", description="圏域のある都道府県"),
    Column(
        name="市区町村コード",
        key="municipality_code",
        description="5桁（検査数字なし）。政令指定都市は行政区。先頭の0を含む文字列",
    ),
    Column(name="市区町村名", key="municipality_name", description="圏域を構成する市区町村・行政区"),
)


def get_sources_table(indicators: Iterable[SelectedIndicator]) -> Table:
    """The publications behind each indicator and year, one a row."""
    rows: list[Row] = [
        (
            indicator.code,
            year.year,
            line.publisher,
            line.title,
            line.edition,
            line.as_of.isoformat() if line.as_of else None,
            line.licence,
            line.url,
            line.files,
        )
        for indicator in indicators
        for year in indicator.years
        for line in year.sources
    ]
    return _table("出典の一覧", _SOURCES, rows)


def get_definitions_table(selection: Selection) -> Table:
    """The definitions of the chosen indicators, those without figures too."""
    cards = [make_card(get_definition(code)) for code in selection.indicators]
    rows: list[Row] = [
        (
            card.code,
            card.name,
            card.version,
            card.phase_label,
            card.kind_label,
            card.numerator,
            card.denominator,
            card.formula,
            card.unit,
            card.basis_label,
            card.direction_label,
            " ".join(card.caveats),
        )
        for card in cards
    ]
    return _table("指標の定義", _DEFINITIONS, rows)


def get_membership_table(selection: Selection) -> Table:
    """Which municipalities make up which area of the chosen edition (and prefectures)."""
    members = AreaMembership.objects.filter(scheme__key=selection.scheme).order_by("area__code", "unit__code")
    if selection.prefectures:
        members = members.filter(area__parent__code__in=selection.prefectures)
    rows: list[Row] = list(
        members.values_list(
            "scheme__key",
            "scheme__name",
            "area__code",
            "area__name",
            "area__parent__code",
            "area__parent__name",
            "unit__code",
            "unit__name",
        )
    )
    return _table("圏域の構成市区町村", _MEMBERSHIP, rows)


def _table(title: str, columns: tuple[Column, ...], rows: list[Row]) -> Table:
    """The rows with every text on one line, as a cell of a machine-readable table has to be."""
    return Table(
        title=title,
        columns=columns,
        rows=[tuple(" ".join(cell.split()) if isinstance(cell, str) else cell for cell in row) for row in rows],
    )
