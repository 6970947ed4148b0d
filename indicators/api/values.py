"""Stored values, not rounded: the rows of データ入手, a page at a time."""

from __future__ import annotations

from functools import partial
from typing import cast

from django.http import HttpRequest
from pydantic import Field

from indicators.api.parameters import INDICATOR, IndicatorView, known_definition, known_scheme
from indicators.definitions import all_definitions
from indicators.queries.listed_values import Key, ListedValue, list_values
from indicators.queries.selected_values import get_selected_indicators, get_selection_version
from indicators.selections import Scope, Selection
from zaitaku.rest.paging import CURSOR, cut, limit_parameter
from zaitaku.rest.parameters import PREFECTURE, SCHEME, YEAR, Given, Parameter
from zaitaku.rest.resources import Page, Resource

MOST_VALUES = 5000


def _scopes() -> tuple[str, ...]:
    return tuple(scope.value for scope in Scope)


LEVEL = Parameter(
    name="level",
    description="・".join(f"{scope.value} {scope.label}" for scope in Scope) + "。指定しなければprefecture",
    example="municipality",
    choices=_scopes,
    is_many=True,
)
REGION = Parameter(
    name="region",
    description="地域コード。先頭の0を含む文字列。繰り返すと、いずれかに当てはまるもの",
    example="24201",
    pattern=r"^[0-9A-Za-z]{1,12}$",
    is_many=True,
)
AREAS = Parameter(
    name="scheme",
    description="level=area のときの圏域の区分のキー。指定しなければ二次医療圏（第8次）",
    example=SCHEME.example,
    pattern=SCHEME.pattern,
)


class ValueRow(Resource):
    """One value."""

    indicator_code: str = Field(description="指標コード")
    indicator_name: str = Field(description="指標名")
    year: int = Field(description="年度（西暦）。NDBは診療年度、名簿と人口は時点の属する年または年度")
    level: str = Field(description="地域区分：nation・prefecture・area・city・municipality")
    level_label: str = Field(description="地域区分の名称")
    area_scheme: str | None = Field(description="圏域の区分のキー。圏域でなければnull")
    region_code: str = Field(description="地域コード。先頭の0を含む文字列")
    region_name: str = Field(description="地域名")
    prefecture_code: str | None = Field(description="都道府県コード（2桁）。全国はnull")
    prefecture_name: str | None = Field(description="都道府県名。全国はnull")
    value: float | None = Field(description="値（丸める前）。ないときはnullで、statusが理由を示す")
    unit: str = Field(description="値と95%信頼区間の単位")
    numerator: float | None = Field(description="分子。ないときはnull")
    denominator: float | None = Field(description="分母。実数の指標と、値がないときはnull")
    lower: float | None = Field(description="95%信頼区間の下限。区間を付けない指標ではnull")
    upper: float | None = Field(description="95%信頼区間の上限。区間を付けない指標ではnull")
    status: str = Field(
        description="observed 値あり・provisional 暫定値・suppressed 秘匿・not_imported 未取込・missing データなし・"
        "not_applicable 対象外。値があるのは初めの2つだけで、0は値です"
    )
    status_label: str = Field(description="状態の名称")
    suppression: str | None = Field(
        description="秘匿区分。隠されている値だけ：公表元の秘匿・秘匿（小さい数）・秘匿（他から計算できるため）"
    )
    reason: str | None = Field(description="値がない理由。あるときはnull")
    definition_version: int = Field(description="値を計算した定義の版")
    denominator_note: str | None = Field(description="どの人口等を分母に使ったか。なければnull")
    source: str | None = Field(description="加工に使った資料名と版。なければnull")


class ValuePage(Page[ValueRow]):
    """Values."""

    data_version: str = Field(
        description="値の版。頁の途中で変わったら、計算し直されています。最初の頁から読み直してください"
    )


class ValueList(IndicatorView):
    """Values by indicator, level, year and place."""

    summary = "指標の値"
    about = (
        "「データ入手」と同じ条件で、同じ値を返します。行の順序は変わらず、頁をまたいで重複も漏れもありません。"
        "大量の値が要るときは「データ入手」のCSVやParquetのほうが速く受け取れます。"
    )
    tag = "値"
    resource = ValuePage
    parameters = (INDICATOR, LEVEL, YEAR, PREFECTURE, AREAS, REGION, CURSOR, limit_parameter(MOST_VALUES))
    example = "?indicator=DAY_S22&level=municipality&prefecture=24"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> ValuePage:
        """A page of values."""
        selection = _selection(given)
        indicators = get_selected_indicators(selection)
        read = partial(list_values, selection, indicators, regions=given.texts("region"))
        page = cut(
            request,
            given,
            fetch=lambda after, number: read(after=cast(Key, after) if after else None, limit=number),
            key=lambda row: row.key,
            shape=(int, int, int),
        )
        rows = tuple(map(_value, page.rows))
        return ValuePage(results=rows, next=page.next, data_version=get_selection_version(selection))


def _selection(given: Given) -> Selection:
    codes = given.texts("indicator") or tuple(definition.code for definition in all_definitions())
    scopes = tuple(scope for scope in Scope if scope in given.texts("level")) or (Scope.PREFECTURE,)
    scheme = known_scheme(given.text("scheme"))
    return Selection(
        indicators=tuple(known_definition(code).code for code in codes),
        scopes=scopes,
        years=given.integers("year"),
        prefectures=given.texts("prefecture"),
        scheme=scheme if Scope.AREA in scopes else "",
    )


def _value(row: ListedValue) -> ValueRow:
    behind = next((year for year in row.indicator.years if year.year == row.year), None)
    return ValueRow(
        indicator_code=row.indicator.code,
        indicator_name=row.indicator.name,
        year=row.year,
        level=row.scope.value,
        level_label=row.scope.label,
        area_scheme=row.scheme or None,
        region_code=row.region_code,
        region_name=row.region_name,
        prefecture_code=row.prefecture_code or None,
        prefecture_name=row.prefecture_name or None,
        value=row.value,
        unit=row.indicator.unit,
        numerator=row.numerator,
        denominator=row.denominator,
        lower=row.lower,
        upper=row.upper,
        status=row.state.value,
        status_label=row.state.label,
        suppression=row.suppression or None,
        reason=row.reason or None,
        definition_version=row.definition_version,
        denominator_note=(behind.denominator_note or None) if behind else None,
        source=(behind.source_text or None) if behind else None,
    )
