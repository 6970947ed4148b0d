"""Everything one view of one indicator shows (指標詳細)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indicators.benchmark_words import multiple_testing_note
from indicators.cards import make_card, series_breaks
from indicators.definitions import get_definition
from indicators.definitions.schema import Definition
from indicators.findings import View, find_nation, make_finding, make_trend_finding, no_nation
from indicators.formulas.funnels import allows_funnel
from indicators.models import IndicatorValue
from indicators.queries.as_at import FigureReader
from indicators.queries.benchmark import (
    Place,
    RankInterval,
    get_country,
    get_designated_cities,
    get_places,
    make_rows,
    no_figure,
)
from indicators.queries.stored_standings import read_of_regions
from indicators.results import (
    Choice,
    Comparator,
    DefinitionCard,
    Figure,
    IndicatorQuery,
    IndicatorResult,
    Level,
    Measure,
    Point,
    RegionRow,
    Series,
    SourceLine,
    Tab,
)
from indicators.table_pages import count_pages
from indicators.trace_words import edition_note
from regions.queries.schemes import get_schemes
from regions.results import SchemeInfo
from zaitaku.lib.prefectures import PREFECTURES
from zaitaku.lib.prefectures import prefecture as find_prefecture
from zaitaku.sources.models import SourceFile

NATION = "00"
_AT_HOME_DEATHS = {"EOL_O01", "X_O04", "X_O05"}
DEATHS_NOTE = "在宅での死亡には、孤独死や検視の対象となった死亡も含まれます。"
Figures = dict[tuple[int, int], Figure]


class NoSuchView(Exception):
    """The address asks for something that is not there. `nearest` is the closest view that exists."""

    def __init__(self, reason: str, *, nearest: IndicatorQuery) -> None:
        self.reason = reason
        self.nearest = nearest
        super().__init__(reason)


def get_indicator_result(query: IndicatorQuery) -> IndicatorResult:
    """The view that `query` asks for. Raises `UnknownIndicator`, or `NoSuchView` with the nearest view there is."""
    definition = get_definition(query.code)
    _check_tab(query, definition)
    card = make_card(definition)
    known_schemes = get_schemes() if query.level == Level.AREA else ()
    schemes = _schemes(query, known_schemes)
    reader = FigureReader(query)
    country = get_country()
    country_figures = reader.figures([place.id for place in country], measure=query.measure)
    years = tuple(sorted({year for _, year in country_figures}))
    year = _resolve_year(query, years)
    places, figures = _listed(query, reader, country, country_figures, year=year)
    rows = make_rows(places, figures, year=year, query=query, held=_held_ranks(query, places, year=year))
    _check_page(query, rows)
    comparators = _comparators(query, country, country_figures, year=year)
    sources, denominator_note = _sources(query, reader, year=year)
    series = _series(query, country, country_figures, places=places, figures=figures, years=years)
    place_name, noun = _scope(query, schemes)
    year_label = f"{year}年度" if year else ""
    view = View(
        card=card,
        measure=query.measure,
        rows=rows,
        nation=find_nation(comparators),
        year_label=year_label,
        place=place_name,
        # A count reads badly before 二次医療圏 (「21二次医療圏」); the title names the scheme.
        noun=query.level.label,
    )
    return IndicatorResult(
        query=query,
        definition=card,
        year=year,
        years=years,
        year_label=year_label,
        unit=card.count_unit if query.measure == Measure.COUNT else card.unit,
        title=_title(card, query, f"{place_name}{noun}別", years=years, year_label=year_label),
        finding=make_trend_finding(view, series) if query.tab == Tab.TREND else make_finding(view),
        rows=rows,
        comparators=comparators,
        series=series,
        breaks=series_breaks(definition),
        cities=_cities(query, reader, year=year),
        sources=sources,
        prefectures=_prefecture_choices(query),
        schemes=schemes,
        own_name=_prefecture_name(query.prefecture),
        notes=(
            *_notes(card, query, denominator_note, edition=_edition(query, known_schemes, rows)),
            *_many_comparisons(query, rows, comparators),
        ),
        as_of=max((source.as_of for source in sources if source.as_of), default=None),
    )


def _check_tab(query: IndicatorQuery, definition: Definition) -> None:
    """Raise `NoSuchView` for a presentation that this indicator, or this choice, cannot have."""
    reason = ""
    if query.tab == Tab.FUNNEL and not allows_funnel(definition):
        reason = "信頼区間を付けない指標です。偶然のばらつきを測れないため、ファンネルプロットは描けません。"
    elif query.tab == Tab.FUNNEL and query.measure == Measure.COUNT:
        raise NoSuchView("実数ではファンネルプロットを描けません。", nearest=query.change(measure=Measure.RATE))
    elif query.tab == Tab.AROUND and not query.prefecture:
        reason = "県内・似た県は、都道府県を選ぶと表示できます。"
    elif query.tab == Tab.AROUND and query.as_at:
        raise NoSuchView("県内・似た県は、最新の値だけで表示します。", nearest=query.change(as_at=None))
    if reason:
        raise NoSuchView(reason, nearest=query.change(tab=Tab.CHART))


def _check_page(query: IndicatorQuery, rows: Sequence[RegionRow]) -> None:
    """Raise `NoSuchView` for a page that the table does not have."""
    pages = count_pages(len(rows))
    if query.page > pages:
        raise NoSuchView(f"表は{pages}ページまでです（{len(rows):,}地域）。", nearest=query.change(page=pages))


def _listed(
    query: IndicatorQuery,
    reader: FigureReader,
    country: Sequence[Place],
    country_figures: Figures,
    *,
    year: int | None,
) -> tuple[Sequence[Place], Figures]:
    """The regions of the list and their figures (of all years where the trend is shown)."""
    if query.level == Level.PREFECTURE:
        return [place for place in country if place.code != NATION], country_figures
    places = get_places(query)
    one_year = None if query.tab == Tab.TREND and query.prefecture else year
    ids = [place.id for place in places]
    return places, reader.figures(ids, measure=query.measure, year=one_year)


def _held_ranks(query: IndicatorQuery, places: Sequence[Place], *, year: int | None) -> Sequence[RankInterval]:
    """The stored rank intervals of all areas or units of the country: to draw them anew for 1,892 regions takes longer
    than the rest of the page. None for the list of one prefecture, for earlier years and for past days."""
    if query.level == Level.PREFECTURE or query.prefecture or query.as_at or query.measure == Measure.COUNT:
        return ()
    ids = [place.id for place in places]
    for standing in read_of_regions(ids, level=query.level, scheme=query.scheme, codes=[query.code]):
        if standing.year == year:
            return list(zip(*(standing.records[name].tolist() for name in ("rank_low", "rank_high")), strict=True))
    return ()


def _cities(query: IndicatorQuery, reader: FigureReader, *, year: int | None) -> tuple[RegionRow, ...]:
    """Designated cities as a whole, where the view is a map of municipalities."""
    if query.level != Level.MUNICIPALITY or query.tab != Tab.MAP or year is None:
        return ()
    places = get_designated_cities(query)
    figures = reader.figures([place.id for place in places], measure=query.measure, year=year)
    return make_rows(places, figures, year=year, query=query)


def _resolve_year(query: IndicatorQuery, years: Sequence[int]) -> int | None:
    if query.as_at and not years:
        known = f"{query.as_at:%Y年%-m月%-d日}までに取り込まれた資料に、この指標の値はありません。"
        raise NoSuchView(known, nearest=query.change(as_at=None))
    if query.year is None or query.year in years:
        return query.year if query.year is not None else max(years, default=None)
    if not years:
        raise NoSuchView(
            "この指標にはまだ値がありません。年度の指定を外して表示します。", nearest=query.change(year=None)
        )
    wanted = query.year
    nearest = min(years, key=lambda year: (abs(year - wanted), -year))
    listed = "・".join(str(year) for year in years)
    raise NoSuchView(
        f"{wanted}年度の値はありません。値があるのは{listed}年度です。", nearest=query.change(year=nearest)
    )


def _comparators(
    query: IndicatorQuery, country: Sequence[Place], figures: Figures, *, year: int | None
) -> tuple[Comparator, ...]:
    """全国, and inside a prefecture that prefecture too. A count has none: a total is no peer of its parts."""
    if year is None or query.measure == Measure.COUNT:
        return ()
    wanted = [NATION] + ([query.prefecture] if query.level != Level.PREFECTURE and query.prefecture else [])
    found = []
    for place in country:
        if place.code in wanted:
            figure = figures.get((place.id, year)) or no_figure()
            note = "" if figure.value is not None else _no_value_note(place, country, figures, year=year)
            found.append(Comparator(code=place.code, label=place.name, figure=figure, note=note))
    return tuple(found)


def _no_value_note(place: Place, country: Sequence[Place], figures: Figures, *, year: int) -> str:
    if place.code != NATION:
        return f"{place.name}の値なし"
    prefectures = [place for place in country if place.code != NATION]
    known = [figures[key].value for p in prefectures if (key := (p.id, year)) in figures]
    return no_nation(with_value=sum(value is not None for value in known), total=len(prefectures))


def _series(
    query: IndicatorQuery,
    country: Sequence[Place],
    country_figures: Figures,
    *,
    places: Sequence[Place],
    figures: Figures,
    years: Sequence[int],
) -> tuple[Series, ...]:
    """The country (unless totals would dwarf the rest), the own prefecture, then the listed regions, over all years."""
    shown = [place for place in country if place.code == NATION and query.measure == Measure.RATE]
    shown += [place for place in country if place.code == query.prefecture]
    if query.level == Level.PREFECTURE:
        shown += [place for place in country if place not in shown and place.code != NATION]
    elif query.prefecture and query.tab == Tab.TREND:
        shown += list(places)
    everything = {**country_figures, **figures}
    return tuple(
        Series(
            code=place.code,
            label=place.name,
            points=tuple(Point(year=year, figure=everything.get((place.id, year)) or no_figure()) for year in years),
            prefecture_code="" if place.code == NATION else place.prefecture_code,
            prefecture_name="" if place.code == NATION else place.prefecture_name,
            is_own=place.code == query.prefecture,
            kind=_kind(place, query),
        )
        for place in shown
    )


def _sources(query: IndicatorQuery, reader: FigureReader, *, year: int | None) -> tuple[tuple[SourceLine, ...], str]:
    """Publications behind the figures of the view, and the denominator in words."""
    source_ids, note = reader.behind(year)
    if not source_ids:
        return (), note
    files = SourceFile.objects.filter(id__in=source_ids)
    if query.level != Level.PREFECTURE and query.prefecture:
        files = files.filter(prefecture_code__in=["", query.prefecture])
    return tuple(make_source_lines(files.order_by("kind", "key"))), note


def _kind(place: Place, query: IndicatorQuery) -> str:
    """The kind of a region in the address of its figure."""
    if place.code == NATION:
        return "nation"
    if place.code == place.prefecture_code:
        return Level.PREFECTURE.value
    return query.scheme if query.level == Level.AREA else query.level.value


def make_source_lines(files: Iterable[SourceFile]) -> Iterable[SourceLine]:
    """One line a publication: the lists of 26 prefectures, or the tables of one NDB round, are one line."""
    groups: dict[tuple[str, str, str], list[SourceFile]] = {}
    for file in files:
        edition = "" if file.prefecture_code else file.edition
        groups.setdefault((file.kind, file.title.partition("（")[0], edition), []).append(file)
    for group in groups.values():
        publishers = list(dict.fromkeys(file.publisher for file in group))
        editions = list(dict.fromkeys(file.edition for file in group if file.edition))
        yield SourceLine(
            publisher="・".join(publishers[:2]) + ("ほか" if len(publishers) > 2 else ""),
            title=group[0].title if len({file.title for file in group}) == 1 else group[0].title.partition("（")[0],
            edition=editions[0] if len(editions) == 1 else _period(group),
            as_of=max((file.as_of for file in group if file.as_of), default=None),
            licence=group[0].licence,
            url=group[0].url,
            files=len(group),
        )


def _period(group: Sequence[SourceFile]) -> str:
    days = sorted({file.as_of for file in group if file.as_of})
    return "・".join(f"{day.year}年{day.month}月{day.day}日" for day in days) + ("時点" if days else "")


def _schemes(query: IndicatorQuery, schemes: Sequence[SchemeInfo]) -> tuple[Choice, ...]:
    """The partitions into areas, with a mark at the one asked for. Raises `NoSuchView` if that one does not exist."""
    if query.level != Level.AREA:
        return ()
    known = {scheme.key: scheme.name for scheme in schemes}
    if not known:
        raise NoSuchView("圏域がまだ取り込まれていません。", nearest=query.change(level=Level.PREFECTURE, scheme=""))
    if query.scheme not in known:
        listed = "・".join(f"{key}（{name}）" for key, name in known.items())
        raise NoSuchView(
            f"圏域の区分「{query.scheme}」はありません。選べるのは{listed}です。",
            nearest=query.change(scheme=next(iter(known))),
        )
    return tuple(Choice(value=key, label=name, is_current=key == query.scheme) for key, name in known.items())


def _prefecture_choices(query: IndicatorQuery) -> tuple[Choice, ...]:
    return tuple(Choice(value=p.code, label=p.name, is_current=p.code == query.prefecture) for p in PREFECTURES)


def _prefecture_name(code: str) -> str:
    found = find_prefecture(code)
    return found.name if found else ""


def _scope(query: IndicatorQuery, schemes: Sequence[Choice]) -> tuple[str, str]:
    """Place and noun of the regions listed: (「」, 「都道府県」), (「北海道の」, 「構想区域」)."""
    name = _prefecture_name(query.prefecture)
    if query.level == Level.PREFECTURE:
        return "", "都道府県"
    place = f"{name}の" if name else "全国の"
    if query.level == Level.MUNICIPALITY:
        return place, "市区町村"
    current = next((scheme.label for scheme in schemes if scheme.is_current), "圏域")
    return place, current.partition("（")[0]


def _title(card: DefinitionCard, query: IndicatorQuery, regions: str, *, years: Sequence[int], year_label: str) -> str:
    """`往診を受けた患者数　都道府県別（2022年度）`; over time with the years it spans."""
    if query.tab == Tab.TREND and len(years) > 1:
        return f"{card.name}の推移　{regions}（{years[0]}～{years[-1]}年度）"
    return f"{card.name}　{regions}" + (f"（{year_label}）" if year_label else "")


def _notes(card: DefinitionCard, query: IndicatorQuery, denominator_note: str, *, edition: str) -> tuple[str, ...]:
    """What must stand beside the figures, not only in the drawer."""
    notes = [f"集計の基準：{card.basis_label}。"]
    if query.as_at:
        day = f"{query.as_at:%Y年%-m月%-d日}"
        notes.insert(0, f"{day}までに取り込まれた版による値です。定義と地域の区分は現在のものです。")
    if query.measure == Measure.RATE and denominator_note:
        notes.append(f"分母：{denominator_note}。")
    if edition:
        notes.append(edition)
    if card.code in _AT_HOME_DEATHS:
        notes.append(DEATHS_NOTE)
    return tuple(notes)


def _many_comparisons(
    query: IndicatorQuery, rows: Sequence[RegionRow], comparators: Sequence[Comparator]
) -> tuple[str, ...]:
    """How many differences chance alone shows, where many regions with intervals stand beside a comparator."""
    compared = sum(row.figure.lower is not None for row in rows)
    known = any(comparator.figure.value is not None for comparator in comparators)
    note = multiple_testing_note(compared) if known and query.measure == Measure.RATE else ""
    return (note,) if note else ()


def _edition(query: IndicatorQuery, schemes: Sequence[SchemeInfo], rows: Sequence[RegionRow]) -> str:
    """Which edition of areas it is, and how figures published for another one were restated."""
    scheme = next((scheme for scheme in schemes if scheme.key == query.scheme), None)
    if scheme is None:
        return ""
    unmatched = sum(row.figure.reason == IndicatorValue.Reason.NOT_COVERED.label for row in rows)
    note = edition_note(scheme, ())
    note += "別の版の圏域で公表された値は、過不足なく収まる圏域だけを合計して読み替えています。"
    return note + (f"読み替えられない圏域が{unmatched}あります。" if unmatched else "")
