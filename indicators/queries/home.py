"""What the home page of one prefecture shows: a few indicators at a glance, and what is missing behind them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from django.utils import timezone

from indicators.cards import make_card
from indicators.definitions import get_definition
from indicators.models import IndicatorValue
from indicators.profiles import FirstLook, ProfileQuery
from indicators.queries.benchmark import RATE_DECIMALS, make_figure
from indicators.queries.profile_spine import get_first_look, make_spine
from indicators.queries.standings import Spread, StandingRow, get_region_standings
from indicators.results import DefinitionCard, Figure, IndicatorQuery, Level, Measure, State
from regions.models import Region
from zaitaku.jobs.models import Job
from zaitaku.lib.prefectures import Prefecture
from zaitaku.sources.models import ImportRun
from zaitaku.sources.results import Coverage

# Supply, reach in daily life, acute phase, end of life: one glance along the four 場面, from the figures there are.
TILES = ("DAY_S22", "DAY_S23", "DAY_P15", "ACU_P01", "EOL_P03")
NATION = "00"
_NEW_DAYS, _MOST_NEW = 30, 4
_RUNNING = (Job.Status.QUEUED, Job.Status.RUNNING)
ByPlace = Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One indicator of one prefecture. Each text is empty where there is nothing to say."""

    card: DefinitionCard
    year: int | None
    figure: Figure
    count: str
    nation: str
    position: str
    change: str
    querystring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know before reading the figures. `level` is `warning` or `info`; `target` names what to link to."""

    level: str
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdition:
    """A publication taken in lately."""

    title: str
    edition: str
    day: dt.date
    source_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The home page of one prefecture. `look`: what its profile says to look at first; None without any standing."""

    prefecture: Prefecture
    tiles: tuple[Tile, ...]
    notices: tuple[Notice, ...]
    look: FirstLook | None
    overdue: tuple[str, ...]
    new_editions: tuple[NewEdition, ...]


def get_home(prefecture: Prefecture, *, coverage: Coverage, today: dt.date) -> Home:
    """Tiles, what to look at first, and notices of the prefecture (a handful of queries)."""
    values = _get_values()
    standings = _get_standings(prefecture)
    places = {row.indicator_code: row for row, _ in standings}
    return Home(
        prefecture=prefecture,
        tiles=tuple(_make_tile(code, values[code], prefecture, place=places.get(code)) for code in TILES),
        notices=_make_notices(prefecture, coverage),
        look=_look(standings, prefecture),
        overdue=tuple(one.label for one in coverage.national if one.cell.is_old),
        new_editions=_get_new_editions(prefecture, today=today),
    )


def _get_standings(prefecture: Prefecture) -> Sequence[tuple[StandingRow, Spread]]:
    """Where the prefecture stands in every indicator; nothing before the regions are loaded."""
    try:
        return get_region_standings(prefecture.code, level=Level.PREFECTURE)
    except Region.DoesNotExist:
        return ()


def _look(standings: Sequence[tuple[StandingRow, Spread]], prefecture: Prefecture) -> FirstLook | None:
    """The same as in the profile of the prefecture."""
    if not standings:
        return None
    rows = make_spine(standings, ProfileQuery(prefecture=prefecture.code), prefecture_name=prefecture.name)
    return get_first_look(rows, name=prefecture.name, region_id=standings[0][0].region_id)


def _get_new_editions(prefecture: Prefecture, *, today: dt.date) -> tuple[NewEdition, ...]:
    """What was taken in within the last weeks, the newest first: national files and the prefecture's own."""
    since = today - dt.timedelta(days=_NEW_DAYS)
    runs = ImportRun.objects.filter(
        status=ImportRun.Status.APPLIED,
        finished_at__date__gte=since,
        source__withdrawn_at=None,
        source__prefecture_code__in=["", prefecture.code],
    ).order_by("-finished_at", "-pk")
    found = runs.values_list("source__title", "source__edition", "finished_at", "source_id")[:_MOST_NEW]
    return tuple(
        NewEdition(title=title, edition=edition, day=timezone.localdate(at), source_id=source)
        for title, edition, at, source in found
    )


def _get_values() -> dict[str, dict[int, dict[str, Figure]]]:
    """Figures of the tiles for the nation and all prefectures: indicator → year → region code."""
    values: dict[str, dict[int, dict[str, Figure]]] = defaultdict(lambda: defaultdict(dict))
    found = IndicatorValue.objects.filter(
        indicator__code__in=TILES, region__kind__in=(Region.Kind.NATION, Region.Kind.PREFECTURE)
    ).values_list(
        "indicator__code", "year", "region__code",
        "value", "numerator", "denominator", "lower", "upper", "status", "reason",
    )  # fmt: skip
    for row in found:
        code, year, region = row[:3]
        values[code][year][region] = make_figure(*row[3:], measure=Measure.RATE)
    return values


def _make_tile(code: str, years: Mapping[int, ByPlace], prefecture: Prefecture, *, place: StandingRow | None) -> Tile:
    card = make_card(get_definition(code))
    year = max(years, default=None)
    figures = years[year] if year is not None else {}
    figure = figures.get(prefecture.code) or Figure(
        state=State.MISSING, text=State.MISSING.label, reason="まだ計算されていません"
    )
    if figure.reason == IndicatorValue.Reason.NO_DENOMINATOR.label:
        figure = replace(figure, reason=f"分母（{card.denominator}）の{year}年度の値がないため、率は計算できません")
    return Tile(
        card=card,
        year=year,
        figure=figure,
        count=f"{figure.numerator:,.0f}{card.count_unit}" if figure.numerator is not None and card.count_unit else "",
        nation=_describe_nation(figure, figures, card),
        position=_describe_position(figure, figures, card, place=place),
        change=_describe_change(figure, years, year=year, prefecture=prefecture),
        querystring=IndicatorQuery(code=code, prefecture=prefecture.code).querystring(),
    )


def _describe_nation(figure: Figure, figures: ByPlace, card: DefinitionCard) -> str:
    """The comparison with the nation; where that has no value, with the median of the prefectures that have one."""
    nation = figures.get(NATION)
    if nation is not None and nation.value is not None:
        return f"全国 {nation.text}{_compare(figure, nation.value, card)}"
    known = _prefecture_values(figures)
    if not known:
        return ""
    return f"全国値なし。値のある{len(known)}都道府県の中央値 {median(known):,.{RATE_DECIMALS}f}"


def _compare(figure: Figure, nation: float, card: DefinitionCard) -> str:
    """`：全国より高い`, with certainty where there is an interval, with judgement where there is a direction."""
    if figure.value is None:
        return ""
    if figure.value == nation:
        return "：全国と同じ"
    word = "高い" if figure.value > nation else "低い"
    if figure.lower is None or figure.upper is None:
        return f"：全国より{word}"
    if figure.lower <= nation <= figure.upper:
        return "：全国との差は誤差の範囲"
    if card.direction == "neutral":
        return f"：全国より{word}（差あり）"
    wanted = "高い" if card.direction == "higher" else "低い"
    return (
        f"：全国より{word}（差あり、望ましい側）" if word == wanted else f"：全国より{word}（差あり、望ましくない側）"
    )


def _describe_position(figure: Figure, figures: ByPlace, card: DefinitionCard, *, place: StandingRow | None) -> str:
    """The place among the prefectures with its certainty; none for an indicator without a good direction."""
    known = _prefecture_values(figures)
    if figure.value is None or card.direction == "neutral" or len(known) < 2:
        return ""
    above = sum(value > figure.value for value in known)
    certainty = ""
    if place is not None and place.rank_low is not None:
        certainty = f"（95％区間 {place.rank_low}～{place.rank_high}番目）"
    return f"値のある{len(known)}都道府県のうち高い順に{above + 1}番目{certainty}"


def _describe_change(figure: Figure, years: Mapping[int, ByPlace], *, year: int | None, prefecture: Prefecture) -> str:
    """The change since the last year before that has a value."""
    if year is None or figure.value is None:
        return ""
    for earlier in sorted((other for other in years if other < year), reverse=True):
        before = years[earlier].get(prefecture.code)
        if before is not None and before.value is not None:
            return f"{earlier}年度 {before.text} から {_format_change(figure.value - before.value)}"
    return ""


def _format_change(difference: float) -> str:
    rounded = round(difference, RATE_DECIMALS)
    return "変わらず" if rounded == 0 else f"{'＋' if rounded > 0 else '－'}{abs(rounded):,.{RATE_DECIMALS}f}"


def _prefecture_values(figures: ByPlace) -> list[float]:
    return [figure.value for code, figure in figures.items() if code != NATION and figure.value is not None]


def _make_notices(prefecture: Prefecture, coverage: Coverage) -> tuple[Notice, ...]:
    notices = []
    missing = coverage.missing
    name = coverage.columns[0]
    if prefecture in missing:
        text = (
            f"{prefecture}の{name}は未取込です。在支診・在支病などの届出にもとづく値は0ではなく「未取込」と表示します。"
        )
        notices.append(Notice(level="warning", text=text, target="import"))
    own = next(row for row in coverage.prefectures if row.prefecture == prefecture)
    if own.cells[0].is_old:
        notices.append(Notice(level="warning", text=f"{prefecture}の{name}は2年以上前のものです。", target="coverage"))
    others = len(missing) - (prefecture in missing)
    if others:
        text = f"ほかに{others}都道府県の{name}が未取込のため、届出にもとづく指標には全国値がありません。"
        notices.append(Notice(level="info", text=text, target="coverage"))
    if Job.objects.filter(status__in=_RUNNING).exists():
        notices.append(Notice(level="info", text="計算が動いています。終わると新しい値に替わります。", target="jobs"))
    return tuple(notices)
