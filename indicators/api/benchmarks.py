"""Where regions stand: the benchmarks of the pages, rounded as the pages show them."""

from __future__ import annotations

from django.http import HttpRequest
from pydantic import Field

from indicators.api.parameters import INDICATOR_PATTERN, IndicatorView, known_definition, known_scheme
from indicators.definitions import all_definitions, get_definition
from indicators.queries.selected_values import HIDDEN, HIDDEN_BY_PUBLISHER
from indicators.queries.standings import get_level_standings, get_region_standings
from indicators.results import Figure, Level, State
from indicators.standings import Against, LevelStandings, Spread, StandingRow
from zaitaku.rest.paging import CURSOR, LIMIT, cut, from_memory
from zaitaku.rest.parameters import Given, Parameter, prefecture_codes
from zaitaku.rest.problems import ApiError, Code
from zaitaku.rest.resources import Page, Resource

INDICATOR = Parameter(
    name="indicator",
    description="指標コード。この指標について、区分のすべての地域を返す",
    example="DAY_P15",
    pattern=INDICATOR_PATTERN,
)
REGION = Parameter(
    name="region",
    description="地域コード。この地域について返す。indicatorを指定しなければ、値のあるすべての指標の最新の年度",
    example="24",
    pattern=r"^[0-9A-Za-z]{1,12}$",
)
LEVEL = Parameter(
    name="level",
    description="・".join(f"{level.value} {level.label}" for level in Level),
    example="prefecture",
    choices=lambda: tuple(level.value for level in Level),
    default="prefecture",
)
AREAS = Parameter(
    name="scheme",
    description="level=area のときの圏域の区分のキー。指定しなければ二次医療圏（第8次）",
    example="iryoken2-8",
    pattern=r"^[a-z0-9][a-z0-9-]{0,59}$",
)
ONE_PREFECTURE = Parameter(
    name="prefecture",
    description="都道府県コード（2桁）。この県の地域だけを返す。順位と分布は全国のまま",
    example="24",
    choices=prefecture_codes,
)
ONE_YEAR = Parameter(
    name="year", description="年度（西暦4桁）。指定しなければ最新", example="2025", bounds=(1990, 2100)
)
AGAINST = Parameter(
    name="against",
    description="nation は全国と、prefecture は地域のある都道府県と比べる",
    example="nation",
    choices=lambda: tuple(one.value for one in Against),
    default="nation",
)


class Peers(Resource):
    """How the values of the level are spread."""

    count: int = Field(description="値のある地域の数")
    minimum: float = Field(description="最小")
    p10: float = Field(description="10パーセンタイル")
    p25: float = Field(description="25パーセンタイル")
    median: float = Field(description="中央値")
    p75: float = Field(description="75パーセンタイル")
    p90: float = Field(description="90パーセンタイル")
    maximum: float = Field(description="最大")


class BenchmarkRow(Resource):
    """One region's standing in one indicator and year."""

    indicator_code: str = Field(description="指標コード")
    indicator_name: str = Field(description="指標名")
    unit: str = Field(description="値の単位")
    year: int = Field(description="年度（西暦）")
    level: str = Field(description="地域の区分：prefecture・area・municipality")
    area_scheme: str | None = Field(description="圏域の区分のキー。圏域でなければnull")
    region_code: str = Field(description="地域コード。先頭の0を含む文字列")
    region_name: str = Field(description="地域名")
    prefecture_code: str = Field(description="都道府県コード（2桁）")
    value: float | None = Field(description="値（画面と同じ丸め）。ないときはnullで、statusが理由を示す")
    lower: float | None = Field(description="95%信頼区間の下限。区間を付けない指標ではnull")
    upper: float | None = Field(description="95%信頼区間の上限。区間を付けない指標ではnull")
    status: str = Field(description="値の状態。/api/v1/values/ と同じ")
    status_label: str = Field(description="状態の名称")
    suppression: str | None = Field(description="秘匿区分。隠されている値だけ")
    reason: str | None = Field(description="値がない理由。あるときはnull")
    comparator_name: str = Field(description="比べる相手（全国または都道府県）")
    comparator_value: float | None = Field(description="比べる相手の値。ないときはnull")
    position: str = Field(description="相手と比べて：lower 低い・same 差があるとはいえない・higher 高い・not_compared")
    verdict: str = Field(
        description="better 望ましい・worse 望ましくない・same 差があるとはいえない・"
        "no_judgement 良し悪しを判断しない指標・not_compared"
    )
    verdict_label: str = Field(description="判定の名称")
    rank: int | None = Field(description="全国での順位（大きい順）。値がないときはnull")
    rank_low: int | None = Field(description="区間を考えるとあり得る、最も上の順位。区間がないときはnull")
    rank_high: int | None = Field(description="区間を考えるとあり得る、最も下の順位。区間がないときはnull")
    ranked: int = Field(description="順位を付けた地域の数")
    decile: int | None = Field(description="十分位。1が最も低い10%")
    score: float | None = Field(description="偏差値")
    trend: str = Field(
        description="最近の変化：increasing・decreasing・no_change・cannot_be_calculated（年度が足りないなど）"
    )
    sentence: str = Field(description="以上を1つの文にしたもの。画面と同じ")


class BenchmarkPage(Page[BenchmarkRow]):
    """Standings."""

    peers: Peers | None = Field(description="区分の地域の値の分布。指標を指定しないときと、値がないときはnull")
    note: str | None = Field(description="多数の地域を比べるときの注意。なければnull")


class BenchmarkList(IndicatorView):
    """The regions of a level in one indicator, or one region in all indicators."""

    summary = "ベンチマーク（全国での位置）"
    about = (
        "地域の値、全国との比較、順位とその幅、十分位、最近の変化。"
        "indicator か region のどちらか（または両方）を指定します。"
        "値は画面と同じ桁に丸めています。丸める前の値は /api/v1/values/ にあります。"
    )
    tag = "ベンチマーク"
    resource = BenchmarkPage
    parameters = (INDICATOR, REGION, LEVEL, AREAS, ONE_PREFECTURE, ONE_YEAR, AGAINST, CURSOR, LIMIT)
    example = "?indicator=DAY_P15&level=prefecture"

    def answer(self, request: HttpRequest, given: Given, /, **_path: str) -> BenchmarkPage:
        """A page of standings by indicator and region."""
        rows, table = _of_indicator(given) if given.text("indicator") else (_of_region(given), None)
        page = cut(request, given, fetch=from_memory(rows, _key), key=_key, shape=(str, str))
        return BenchmarkPage(
            results=tuple(map(_benchmark, page.rows)),
            next=page.next,
            peers=_peers(table.spread) if table else None,
            note=(table.multiple_testing or None) if table else None,
        )


def _of_indicator(given: Given) -> tuple[tuple[StandingRow, ...], LevelStandings]:
    """The regions of the level; of one of them, where it is named."""
    table = get_level_standings(
        known_definition(given.text("indicator")).code,
        level=Level(given.text("level")),
        scheme=_scheme(given),
        prefecture=given.text("prefecture"),
        year=given.integer("year"),
        against=Against(given.text("against")),
    )
    region = given.text("region")
    rows = table.rows if table.year in table.years else ()
    return tuple(row for row in rows if region in ("", row.region_code)), table


def _of_region(given: Given) -> tuple[StandingRow, ...]:
    """One region in every indicator, each in its newest year."""
    if not given.text("region"):
        raise ApiError(
            Code.MISSING_PARAMETER,
            "パラメーターindicatorかregionが必要です。",
            field="indicator",
            hint="例：indicator=DAY_P15 または region=24",
        )
    if given.integer("year") is not None or given.text("prefecture"):
        raise ApiError(
            Code.INVALID_VALUE,
            "yearとprefectureは、indicatorと一緒に指定してください。",
            field="year" if given.integer("year") is not None else "prefecture",
            hint="regionだけのときは、指標ごとの最新の年度を返します。",
        )
    standings = get_region_standings(
        given.text("region"),
        level=Level(given.text("level")),
        scheme=_scheme(given),
        codes=[definition.code for definition in all_definitions()],
        against=Against(given.text("against")),
    )
    return tuple(row for row, _spread in standings)


def _scheme(given: Given) -> str:
    scheme = known_scheme(given.text("scheme"))
    return scheme if given.text("level") == Level.AREA else ""


def _key(row: StandingRow) -> tuple[str, str]:
    return row.indicator_code, row.region_code


def _peers(spread: Spread | None) -> Peers | None:
    if spread is None:
        return None
    return Peers(**{name: getattr(spread, name) for name in Peers.model_fields})


def _benchmark(row: StandingRow) -> BenchmarkRow:
    definition = get_definition(row.indicator_code)
    figure, comparator = row.figure, row.comparator
    return BenchmarkRow(
        indicator_code=row.indicator_code,
        indicator_name=definition.name,
        unit=definition.unit,
        year=row.year,
        level=row.level.value,
        area_scheme=row.scheme or None,
        region_code=row.region_code,
        region_name=row.region_name,
        prefecture_code=row.prefecture_code,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
        status=figure.state.value,
        status_label=figure.state.label,
        suppression=_suppression(figure),
        reason=figure.reason or None,
        comparator_name=row.comparator_name,
        comparator_value=comparator.value if comparator else None,
        position=row.position.name.lower(),
        verdict=row.verdict.name.lower(),
        verdict_label=row.verdict_label,
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        ranked=row.ranked,
        decile=row.decile,
        score=row.score,
        trend=row.trend.name.lower(),
        sentence=row.sentence,
    )


def _suppression(figure: Figure) -> str | None:
    """What hides the figure, in the words of the column 秘匿区分."""
    if figure.state is not State.SUPPRESSED:
        return None
    return figure.reason if figure.reason in HIDDEN.values() else HIDDEN_BY_PUBLISHER
