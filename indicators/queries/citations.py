"""Cited figures, and whether newer ones exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from indicators.citation_models import Citation
from indicators.citations import CitedFigure
from indicators.definitions.registry import UnknownIndicator, get_definition
from indicators.models import IndicatorValue
from indicators.queries.benchmark import make_figure
from indicators.results import Figure, Level, Measure
from regions.models import Region


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCitation:
    """A citation as it was kept; `news` says what has changed since, empty if nothing has."""

    id: int
    made_at: dt.datetime
    prefecture_code: str
    indicator_code: str
    indicator_name: str
    year: int
    region_name: str
    value_text: str
    unit: str
    address: str
    text: str
    sources: tuple[str, ...]
    news: tuple[str, ...]


def find_region_id(cited: CitedFigure) -> int:
    """The region a cited figure belongs to. Raises `Region.DoesNotExist`."""
    found = Region.objects.filter(code=cited.region_code, valid_to__isnull=True)
    if cited.region_kind in (Level.PREFECTURE, "nation"):
        return found.get(kind=cited.region_kind).pk
    if cited.query.level == Level.AREA:
        return found.get(kind=Region.Kind.AREA, scheme__key=cited.query.scheme).pk
    return found.get(kind__in=[Region.Kind.MUNICIPALITY, Region.Kind.WARD]).pk


def get_citations_of(user_id: int) -> tuple[KeptCitation, ...]:
    """One user's citations, newest first (two queries)."""
    return _with_news(list(Citation.objects.filter(made_by_id=user_id).order_by("-made_at", "-pk")))


def get_citations_for(prefecture_code: str) -> tuple[KeptCitation, ...]:
    """The citations made for one prefecture by whomever, newest first: what its plan may refer to (two queries)."""
    return _with_news(list(Citation.objects.filter(prefecture_code=prefecture_code).order_by("-made_at", "-pk")))


def get_cited(ids: Collection[int], *, prefecture_code: str) -> tuple[KeptCitation, ...]:
    """Those of a prefecture's citations that have these numbers, without news (one query, none for no numbers)."""
    if not ids:
        return ()
    found = Citation.objects.filter(pk__in=ids, prefecture_code=prefecture_code).order_by("pk")
    return tuple(_kept(one, news=()) for one in found)


def _with_news(citations: Sequence[Citation]) -> tuple[KeptCitation, ...]:
    current = _current_figures(citations)
    return tuple(
        _kept(one, news=_news(one, current.get((one.indicator_code, one.region_id, one.measure), {})))
        for one in citations
    )


def _kept(one: Citation, *, news: Iterable[str]) -> KeptCitation:
    return KeptCitation(
        id=one.pk,
        made_at=one.made_at,
        prefecture_code=one.prefecture_code,
        indicator_code=one.indicator_code,
        indicator_name=one.indicator_name,
        year=one.year,
        region_name=one.region_name,
        value_text=str(one.figure["text"]),
        unit=one.unit if one.figure["value"] is not None else "",
        address=one.address,
        text=one.text,
        sources=tuple(one.sources),
        news=tuple(news),
    )


def _current_figures(citations: Sequence[Citation]) -> dict[tuple[str, int, str], dict[int, Figure]]:
    """Today's figures of the cited indicators and regions: by indicator, region and measure, then by year."""
    values = IndicatorValue.objects.filter(
        indicator__code__in={one.indicator_code for one in citations},
        region_id__in={one.region_id for one in citations},
    ).values_list(
        "indicator__code",
        "region_id",
        "year",
        "value",
        "numerator",
        "denominator",
        "lower",
        "upper",
        "status",
        "reason",
    )
    found: dict[tuple[str, int, str], dict[int, Figure]] = {}
    for code, region_id, year, value, numerator, denominator, lower, upper, status, reason in values:
        for measure in Measure:
            figure = make_figure(value, numerator, denominator, lower, upper, status, reason, measure=measure)
            found.setdefault((code, region_id, measure.value), {})[year] = figure
    return found


def _news(citation: Citation, figures: dict[int, Figure]) -> list[str]:
    said = []
    same = figures.get(citation.year)
    if same is None:
        said.append("この年度の値は、いまは計算されていません。")
    elif same.text != citation.figure["text"]:
        said.append(f"{citation.year}年度の値が{citation.figure['text']}から{same.text}に変わりました。")
    newer = [year for year, figure in figures.items() if year > citation.year and figure.value is not None]
    if newer:
        said.append(f"新しい年度の値があります（{max(newer)}年度 {figures[max(newer)].text}）。")
    version = _version(citation.indicator_code)
    if version is None:
        said.append("この指標は廃止されました。")
    elif version != citation.indicator_version:
        said.append(f"指標の定義が第{version}版になりました（引用は第{citation.indicator_version}版）。")
    return said


def _version(code: str) -> int | None:
    try:
        return get_definition(code).version
    except UnknownIndicator:
        return None
