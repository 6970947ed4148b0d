"""People and demand to 2050 beside what there is today to meet it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from indicators.models import Observation
from indicators.profile_words import times_between
from indicators.profiles import Outlook, OutlookLine, SpineRow, SupplyLine
from regions.queries.population_series import PopulationSeries
from regions.queries.schemes import get_scheme_membership
from regions.results import AGED_65, AGED_75, AGED_85, TOTAL

DEMAND = "demand.home_visit"
_VISION_AREAS = "kosoiki"
_SUPPLY = ("DAY_S22", "DAY_S23", "DAY_P15", "DAY_P16", "DAY_P13")
_AGES = ((TOTAL, "総人口"), (AGED_65, "65歳以上"), (AGED_75, "75歳以上"))
_PROJECTION = "国立社会保障・人口問題研究所の推計（各年10月1日）"
_NOW, _THEN = 2025, 2040


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Estimated home visits a month by year (レセプト件数/月) with their sources; `note`: of what, or why none."""

    years: tuple[int, ...] = ()
    values: tuple[float, ...] = ()
    source_ids: frozenset[int] = frozenset()
    note: str = ""

    def at(self, year: int) -> float | None:
        """The demand of one year."""
        return dict(zip(self.years, self.values, strict=True)).get(year)


def get_demand(region_id: int, unit_ids: Sequence[int], *, is_prefecture: bool) -> Demand:
    """The official estimate of a prefecture, or of the 構想区域 that fit exactly into a place (one query, or none)."""
    if is_prefecture:
        return _read([region_id], note="")
    areas, names = _vision_areas(set(unit_ids))
    if not areas:
        return Demand(
            note="訪問診療の需要推計は構想区域ごとに公表されています。この地域は構想区域と一致しない（構想区域より小さいか、"
            "またがる）ため、推計を示せません。構想区域または都道府県のプロファイルで見てください。"
        )
    return _read(areas, note=f"需要推計は、この地域と一致する構想区域（{'・'.join(names)}）の値です。")


def _vision_areas(units: set[int]) -> tuple[list[int], list[str]]:
    """The 構想区域 that together are exactly these units; none if they do not fit."""
    membership = get_scheme_membership(_VISION_AREAS)
    found = {membership.area_of[unit] for unit in units if unit in membership.area_of}
    covered = {unit for unit, area in membership.area_of.items() if area in found}
    if not found or covered != units:
        return [], []
    areas = [area for area in membership.areas if area.id in found]
    return [area.id for area in areas], [area.name for area in areas]


def _read(region_ids: Collection[int], *, note: str) -> Demand:
    rows = (
        Observation.objects.filter(
            item__code=DEMAND, region_id__in=region_ids, stratum="", value__isnull=False, source__withdrawn_at=None
        )
        .order_by("source__as_of", "source_id")
        .values_list("year", "region_id", "value", "source_id")
    )
    newest: dict[int, dict[int, float]] = {}
    sources = set()
    for year, region, value, source in rows:
        newest.setdefault(year, {})[region] = value or 0.0
        sources.add(source)
    years = sorted(year for year, parts in newest.items() if len(parts) == len(region_ids))
    if not years:
        return Demand(note="訪問診療の需要推計は、まだ取り込まれていません。")
    values = tuple(round(sum(newest[year].values()), 1) for year in years)
    return Demand(years=tuple(years), values=values, source_ids=frozenset(sources), note=note)


def make_outlook(people: PopulationSeries, demand: Demand, rows: Sequence[SpineRow]) -> Outlook:
    """Lines over the years, today's supply, and what both come to."""
    lines = [_people_line(key, label, people) for key, label in _AGES]
    if demand.years:
        lines.append(_demand_line(demand))
    supply = _supply(rows)
    register = f"住民基本台帳（{people.register_year}年1月1日）" if people.register_year else ""
    aged_85 = people.now(AGED_85)
    notes = [
        note
        for note in (
            demand.note,
            f"85歳以上は、取り込んだ将来推計に区分がないため、いまの人数だけです（{aged_85:,.0f}人、{register}）。"
            if aged_85 is not None
            else "",
            "訪問診療の需要推計は医療機関所在地による件数で、性・年齢ごとの受療率が変わらないと仮定した国の推計です。"
            if demand.years
            else "",
        )
        if note
    ]
    return Outlook(
        years=tuple(sorted({year for line in lines for year in line.years})),
        lines=tuple(lines),
        supply=supply,
        finding=_finding(lines, demand, rows),
        notes=tuple(notes),
    )


def _people_line(key: str, label: str, people: PopulationSeries) -> OutlookLine:
    line = OutlookLine(
        key=key,
        label=label,
        unit="人",
        years=people.years,
        values=people.to_come(key),
        source=_PROJECTION,
        change="",
    )
    return _with_change(line, start=_NOW)


def _demand_line(demand: Demand) -> OutlookLine:
    line = OutlookLine(
        key="demand",
        label="訪問診療の需要推計",
        unit="件/月",
        years=demand.years,
        values=demand.values,
        source="国の推計（レセプト件数/月、医療機関所在地）",
        change="",
    )
    return _with_change(line, start=demand.years[0])


def _with_change(line: OutlookLine, *, start: int) -> OutlookLine:
    times = times_between(line, start=start, end=_THEN)
    return replace(line, change="" if times is None else f"{times:.2f}倍（{start}→{_THEN}年）")


def _supply(rows: Sequence[SpineRow]) -> tuple[SupplyLine, ...]:
    by_code = {row.card.code: row for row in rows}
    return tuple(
        SupplyLine(
            label=row.card.name,
            figure=row.figure,
            text=f"{row.figure.numerator:,.0f}{row.card.count_unit}"
            if row.figure.numerator is not None
            else row.figure.text,
            year=row.year,
            code=code,
        )
        for code in _SUPPLY
        if (row := by_code.get(code)) is not None
    )


def _finding(lines: Sequence[OutlookLine], demand: Demand, rows: Sequence[SpineRow]) -> str:
    """`75歳以上は…。訪問診療の需要は…。在支診・在支病1か所あたりでは…`, as far as it is known."""
    aged = next(line for line in lines if line.key == AGED_75)
    times = times_between(aged, start=_NOW, end=_THEN)
    sentences = [f"75歳以上の人口は、{_NOW}年から{_THEN}年に{times:.2f}倍になる見込みです。"] if times else []
    first, then = (demand.values[0], demand.at(_THEN)) if demand.years else (None, None)
    if first and then:
        sentences.append(
            f"訪問診療の需要は、{demand.years[0]}年の月{first:,.0f}件から{_THEN}年の月{then:,.0f}件へ、"
            f"{then / first:.2f}倍になる見込みです。"
        )
        holders = _holders(rows)
        if holders:
            sentences.append(
                f"在支診・在支病（いま{holders:,.0f}か所）が増えなければ、1か所あたりの需要は"
                f"月{first / holders:,.1f}件から{then / holders:,.1f}件になります。"
            )
    return "".join(sentences) or "この地域の将来推計は、まだ取り込まれていません。"


def _holders(rows: Sequence[SpineRow]) -> float | None:
    """How many 在支診 and 在支病 there are; None unless both are known."""
    counts = {row.card.code: row.figure.numerator for row in rows}
    clinics, hospitals = counts.get("DAY_S22"), counts.get("DAY_S23")
    return None if clinics is None or hospitals is None else clinics + hospitals
