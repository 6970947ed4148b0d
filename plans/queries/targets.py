"""Targets with their figures: what was said, what has been reached since, and what the target is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from indicators.citations import CitedFigure, find_cited
from indicators.definitions.registry import UnknownIndicator, all_definitions, get_definition
from indicators.definitions.schema import Definition, Lifecycle
from indicators.models import IndicatorValue
from indicators.queries.benchmark import get_figures, get_places, make_figure
from indicators.queries.detail import get_indicator_result
from indicators.queries.profile_outlook import get_demand
from indicators.results import Figure, IndicatorQuery, Level, Measure
from plans.formulas.findings import Finding, Weight
from plans.formulas.plausibility import Evidence, find_plausibility
from plans.formulas.progress import Course, judge
from plans.models import Judgement, Plan, Target
from regions.models import AreaMembership, Region

# Asked for in principle by the 指針 on 在宅医療の体制構築 (domain notes §1).
REQUIRED = "DAY_S01"
_FALLBACK_SCHEME = "iryoken2-8"
_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "status", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """One year of a target: where it shall stand and where it stood (None: no figure)."""

    year: int
    expected: float
    is_end: bool
    actual: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """A target with today's figures. `progress` in parts of the way; `news` if the baseline's figure has changed."""

    target: Target
    name: str
    unit: str
    actual: Figure | None
    actual_year: int | None
    expected: float | None
    progress: float | None
    judgement: Judgement
    lines: tuple[YearLine, ...]
    news: str

    @property
    def decimals(self) -> int:
        """How many decimals the figures of this measure are shown with."""
        return 0 if self.target.measure == Target.Measure.COUNT else 1


def level_of(region: Region) -> Level:
    """The level of the benchmark a region stands at."""
    if region.kind == Region.Kind.PREFECTURE:
        return Level.PREFECTURE
    return Level.AREA if region.kind == Region.Kind.AREA else Level.MUNICIPALITY


def get_target_regions(plan: Plan) -> list[Region]:
    """Where a target may be set: the prefecture and its areas (the plan's own, else the secondary medical areas)."""
    areas = Region.objects.filter(kind=Region.Kind.AREA, parent=plan.prefecture).select_related("scheme")
    chosen = {"scheme": plan.scheme} if plan.scheme else {"scheme__key": _FALLBACK_SCHEME}
    return [plan.prefecture, *areas.filter(**chosen).order_by("code")]


def get_target_indicators() -> list[tuple[str, str]]:
    """The indicators that can have a baseline: code and name. Those without data are left out."""
    return [(one.code, f"{one.code} {one.name}") for one in all_definitions() if one.lifecycle is Lifecycle.ACTIVE]


def find_baseline(region: Region, *, indicator_code: str, measure: str, year: int | None = None) -> CitedFigure | None:
    """The stored figure of a region (the newest, or that of `year`) with all that a citation needs; None without one.

    Raises `UnknownIndicator`. The figure may be hidden or missing: then it has no value, and its reason says why.
    """
    query = IndicatorQuery(
        code=indicator_code,
        level=level_of(region),
        scheme=region.scheme.key if region.scheme else "",
        prefecture=region.code if region.kind == Region.Kind.PREFECTURE else region.code[:2],
        measure=Measure(measure),
        year=year,
    )
    return find_cited(get_indicator_result(query), region.code)


def baseline_source(cited: CitedFigure) -> str:
    """Where a baseline comes from: publications, edition of the definition, address of the view."""
    about = f"指標{cited.query.code}（定義第{cited.indicator_version}版）"
    return f"{cited.source.removeprefix('出典：')}　{about}　{baseline_address(cited)}"


def baseline_address(cited: CitedFigure) -> str:
    """The view that shows a baseline."""
    address = reverse("indicators:indicator-detail", args=[cited.query.code])
    return f"{address}{cited.query.querystring()}"


def list_targets(plan: Plan, *, is_removed: bool = False) -> tuple[TargetRow, ...]:
    """The targets of a plan, in their order, each with its figures (three queries)."""
    found = plan.targets.filter(removed_at__isnull=not is_removed).select_related("region__scheme")
    return _rows(list(found.prefetch_related("milestones")))


def get_target(target: Target) -> TargetRow:
    """One target with its figures."""
    return _rows([target])[0]


def _rows(targets: Sequence[Target]) -> tuple[TargetRow, ...]:
    stored = IndicatorValue.objects.filter(
        indicator__code__in={one.indicator_code for one in targets}, region__in={one.region_id for one in targets}
    )
    figures: dict[tuple[str, int, str], dict[int, Figure]] = {}
    for code, region, year, *parts in stored.values_list("indicator__code", "region_id", "year", *_FIELDS):
        for measure in Measure:
            figures.setdefault((code, region, measure), {})[year] = make_figure(*parts, measure=measure)
    return tuple(_row(one, figures.get((one.indicator_code, one.region_id, one.measure), {})) for one in targets)


def course_of(target: Target) -> Course:
    """The way of a target as the formulas take it."""
    return Course(
        direction=target.direction,
        baseline=target.baseline_value,
        baseline_year=target.baseline_year,
        end=target.end_value,
        end_year=target.end_year,
        milestones={one.year: one.value for one in target.milestones.all()},
    )


def _row(target: Target, figures: Mapping[int, Figure]) -> TargetRow:
    definition = find_definition(target.indicator_code)
    course = course_of(target)
    newer = [year for year, one in figures.items() if year > target.baseline_year and one.value is not None]
    year = max(newer, default=None)
    actual = None if year is None else figures[year]
    value = None if actual is None else actual.value
    return TargetRow(
        target=target,
        name=target.indicator_code if definition is None else definition.name,
        unit="" if definition is None else unit_of(definition, target.measure),
        actual=actual,
        actual_year=year,
        expected=None if year is None else course.expected(year),
        progress=None if value is None else course.progress(value),
        judgement=Judgement(judge(course, actual=value, year=year or 0)),
        lines=tuple(_lines(course, figures)),
        news=_news(target, figures.get(target.baseline_year)),
    )


def _lines(course: Course, figures: Mapping[int, Figure]) -> list[YearLine]:
    years = {*course.milestones, course.end_year, *(year for year in figures if year > course.baseline_year)}
    return [
        YearLine(year=one, expected=course.expected(one), is_end=one == course.end_year, actual=figures.get(one))
        for one in sorted(years)
    ]


def _news(target: Target, now: Figure | None) -> str:
    if now is None:
        return "現状値の年度の値は、いまは計算されていません。"
    if now.value is None:
        return f"現状値の年度の値は、いまは「{now.text}」です。"
    if now.value != target.baseline_value:
        return f"{target.baseline_year}年度の値は、いまは{now.text}です（目標を置いたときは{target.baseline_text}）。"
    return ""


def find_definition(code: str) -> Definition | None:
    """The definition of an indicator, None if there is none (any more) for whoever asks."""
    try:
        return get_definition(code)
    except UnknownIndicator:
        return None


def unit_of(definition: Definition, measure: str) -> str:
    """The unit of a rate, or of its numerator alone."""
    return definition.unit if measure == Measure.RATE else definition.unit.partition("/")[0]


def get_plausibility(target: Target) -> tuple[Finding, ...]:
    """What the target is held against: peers of its level, past pace, demand to come."""
    definition = find_definition(target.indicator_code)
    if definition is None:
        return (Finding(weight=Weight.ERROR, check="指標", text=f"指標{target.indicator_code}は、いまはありません。"),)
    return find_plausibility(course_of(target), _evidence(target, definition))


def _evidence(target: Target, definition: Definition) -> Evidence:
    region = target.region
    query = IndicatorQuery(
        code=definition.code, level=level_of(region), scheme=region.scheme.key if region.scheme else ""
    )
    ids = {place.id for place in get_places(query)} | {region.pk}
    rates = _numbers(get_figures(definition.code, region_ids=ids, measure=Measure.RATE))
    is_count = target.measure == Target.Measure.COUNT
    own_rates = rates.pop(region.pk, {})
    own = own_rates
    baseline, wanted = target.baseline_value, target.end_value
    factor: float | None = 1.0
    if is_count:
        own = _numbers(get_figures(definition.code, region_ids=[region.pk], measure=Measure.COUNT)).get(region.pk, {})
        rate = own_rates.get(target.baseline_year)
        factor = rate / baseline if rate is not None and baseline else None
    return Evidence(
        own=own,
        peers=list(rates.values()),
        peer_baseline=None if factor is None else baseline * factor,
        peer_target=None if factor is None else wanted * factor,
        demand=_demand(region),
        is_count=is_count,
        good_direction=definition.direction.value,
    )


def _numbers(figures: Mapping[tuple[int, int], Figure]) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = {}
    for (region, year), figure in figures.items():
        if figure.value is not None:
            found.setdefault(region, {})[year] = figure.value
    return found


def _demand(region: Region) -> Mapping[int, float]:
    units = list(AreaMembership.objects.filter(area=region).values_list("unit_id", flat=True))
    found = get_demand(region.pk, units, is_prefecture=region.kind == Region.Kind.PREFECTURE)
    return dict(zip(found.years, found.values, strict=True))


def find_gaps(rows: Sequence[TargetRow]) -> tuple[Finding, ...]:
    """What is missing in the list as a whole: the target that the 指針 asks for."""
    if any(row.target.indicator_code == REQUIRED for row in rows):
        return ()
    definition = get_definition(REQUIRED)
    text = f"「{definition.name}」（{REQUIRED}）の目標は、国の指針で置くことが原則とされていますが、まだありません。"
    if definition.lifecycle is not Lifecycle.ACTIVE:
        text += f"この指標の値は、まだ計算できません。{definition.to_fill}"
    return (Finding(weight=Weight.WARNING, check="原則として求められる目標", text=text),)
