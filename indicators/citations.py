"""A figure to be cited, and the paragraph that a document takes. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indicators.captions import source_text
from indicators.results import Figure, IndicatorQuery, IndicatorResult, Level, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedFigure:
    """One figure of one view with all that must go with it. `area_edition` is empty for what is no area."""

    query: IndicatorQuery
    indicator_name: str
    indicator_version: int
    year: int
    region_code: str
    region_name: str
    region_kind: str
    prefecture_code: str
    figure: Figure
    unit: str
    rate_phrase: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    ranked: int
    noun: str
    source: str
    sources: tuple[str, ...]
    area_edition: str
    as_of: dt.date | None


def find_cited(result: IndicatorResult, region_code: str) -> CitedFigure | None:
    """The figure of one region of a view, or of one of its comparators; None if the view does not hold it."""
    if result.year is None:
        return None
    query, card = result.query, result.definition
    row = next((row for row in result.rows if row.code == region_code), None)
    comparator = next((one for one in result.comparators if one.code == region_code), None)
    if row is None and comparator is None:
        return None
    figure = row.figure if row else comparator.figure if comparator else Figure(state=next(iter(result.counts)))
    name = row.name if row else comparator.label if comparator else ""
    edition = next((choice.label for choice in result.schemes if choice.is_current), "") if row else ""
    return CitedFigure(
        query=query.change(year=result.year, basket=""),
        indicator_name=card.name,
        indicator_version=card.version,
        year=result.year,
        region_code=region_code,
        region_name=name,
        region_kind=result.region_kind if row else comparator.kind if comparator else "",
        prefecture_code=row.prefecture_code if row else region_code if region_code != "00" else "",
        figure=figure,
        unit=result.unit.partition("/")[0],
        rate_phrase="" if query.measure == Measure.COUNT else card.rate_phrase,
        rank=row.rank if row else None,
        rank_low=row.rank_low if row else None,
        rank_high=row.rank_high if row else None,
        ranked=sum(one.figure.value is not None for one in result.rows),
        noun=query.level.label,
        source=source_text(result),
        sources=tuple(source.citation for source in result.sources),
        area_edition=edition if query.level == Level.AREA else "",
        as_of=result.as_of,
    )


def make_citation_text(cited: CitedFigure, *, address: str, today: dt.date) -> str:
    """Four lines: the figure with its certainty; what it is; the sources; where it stands."""
    about = [f"指標{cited.query.code}（定義第{cited.indicator_version}版）"]
    if cited.area_edition:
        about.append(f"圏域の区分：{cited.area_edition}")
    if cited.as_of:
        about.append(f"データ時点：{_day(cited.as_of)}")
    if cited.query.as_at:
        about.append(f"{_day(cited.query.as_at)}までに取り込まれた版による値")
    return "\n".join(
        (
            f"{_statement(cited)}",
            "、".join(about) + "。",
            f"{cited.source}。",
            f"{address}（{_day(today)}閲覧）",
        )
    )


def _statement(cited: CitedFigure) -> str:
    figure = cited.figure
    subject = f"{cited.region_name}の{cited.indicator_name}（{cited.year}年度）"
    if figure.value is None:
        return f"{subject}は「{figure.text}」です{f'（{figure.reason}）' if figure.reason else ''}。"
    beside = []
    if figure.lower is not None and figure.upper is not None:
        beside.append(f"95％信頼区間 {figure.lower:,.1f}～{figure.upper:,.1f}")
    if cited.rate_phrase and figure.numerator is not None and figure.denominator is not None:
        beside.append(f"分子 {figure.numerator:,.0f}、分母 {figure.denominator:,.0f}")
    certainty = f"（{'、'.join(beside)}）" if beside else ""
    return f"{subject}は{cited.rate_phrase}{figure.text}{cited.unit}{certainty}です。{_rank(cited)}"


def _rank(cited: CitedFigure) -> str:
    if cited.rank is None or cited.ranked < 2:
        return ""
    interval = "" if cited.rank_low is None else f"（95％区間 {cited.rank_low}～{cited.rank_high}位）"
    return f"値のある{cited.ranked}{cited.noun}の中で高い順に{cited.rank}位{interval}です。"


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
