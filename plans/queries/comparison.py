"""Public plans side by side. Drafts are told by their state alone; nothing here reads what is not public."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from django.utils import timezone

from indicators.definitions.registry import get_definition
from indicators.models import IndicatorValue
from indicators.queries.benchmark import make_figure
from indicators.results import Figure, Measure
from institutions.definitions.periods import PlanPeriod
from plans.comparisons import NOT_PUBLIC, PlanComparison, PlanComparisonQuery, PlanRow, Tab, TargetLine
from plans.definitions.guidelines import guideline_for
from plans.formulas.findings import Finding
from plans.formulas.guideline import Answer, check_guideline
from plans.formulas.plausibility import Evidence, find_plausibility
from plans.formulas.progress import judge
from plans.formulas.side_by_side import PlanFacts, TargetFact, facts_of
from plans.models import Plan, PlanVersion
from plans.queries.targets import find_definition
from regions.models import Region
from zaitaku.lib.prefectures import PREFECTURES

State = PlanVersion.State
# No prefecture has this code; the demo stands below the 47 under it.
DEMO_CODE = "99"
_Key = tuple[str, str]
_Figures = Mapping[_Key, Mapping[int, tuple[Figure, Figure]]]
_FIELDS = ("value", "numerator", "denominator", "lower", "upper", "status", "reason")


@dataclass(frozen=True, slots=True)
class _Public:
    """What was told from one public version, and its place."""

    version: PlanVersion
    facts: PlanFacts
    areas: int
    answers: Mapping[str, Answer]


def get_comparison(query: PlanComparisonQuery) -> PlanComparison:
    """All prefectures of a period (a constant number of queries: plans, versions, contents, areas, figures)."""
    plans = Plan.objects.filter(period=query.period).select_related("prefecture")
    if not query.with_demo:
        plans = plans.filter(is_demo=False)
    versions = _newest_versions(plans)
    public = _read([found for found, _ in versions.values() if found is not None])
    figures = _figures({target.indicator for one in public.values() for target in one.facts.targets})
    places = [(one.code, one.name) for one in PREFECTURES]
    own = {DEMO_CODE if plan.is_demo else plan.prefecture.code: plan for plan in plans}
    if DEMO_CODE in own:
        places.append((DEMO_CODE, "デモ県（架空）"))
    targets = [one for found in public.values() for one in found.facts.targets if one.is_of_prefecture]
    codes = Counter(one.indicator for one in targets)
    if query.tab is Tab.TARGETS and not query.indicator and codes:
        query = query.change(indicator=codes.most_common(1)[0][0])
    rows = [_row(code, name, own.get(code), versions, public, figures, query) for code, name in places]
    if query.public_only:
        rows = [row for row in rows if row.facts]
    every = {code for found in public.values() for code in found.facts.indicators}
    names = {code: definition.name for code in every if (definition := find_definition(code))}
    return PlanComparison(
        query=query,
        period=PlanPeriod(query.period).label,
        rows=tuple(_sorted(rows, query)),
        guideline=guideline_for(query.period),
        indicators=tuple((code, names.get(code, code)) for code in sorted(codes)),
        names=names,
        public=sum(row.facts is not None and not row.is_demo for row in rows),
    )


def _newest_versions(plans: Iterable[Plan]) -> dict[int, tuple[PlanVersion | None, str]]:
    """By plan: its newest public version, and the state of the newest of all in words."""
    found: dict[int, tuple[PlanVersion | None, str]] = {plan.pk: (None, "作成中") for plan in plans}
    versions = PlanVersion.objects.filter(plan__in=found).exclude(state=State.WITHDRAWN).defer("content")
    for version in versions.select_related("plan__prefecture").order_by("number"):
        public = version if version.state == State.PUBLISHED else found[version.plan_id][0]
        found[version.plan_id] = (public, str(State(version.state).label))
    return found


_known: dict[tuple[int, str], PlanFacts] = {}
_answers: dict[tuple[int, str], Mapping[str, Answer]] = {}
_lock = Lock()


def _read(versions: Sequence[PlanVersion]) -> dict[int, _Public]:
    """Facts and answers of versions. What is public never changes, so each content is read once in a process."""
    wanted = {version.pk: (version.pk, version.digest) for version in versions}
    missing = [pk for pk, key in wanted.items() if key not in _known]
    contents = dict(PlanVersion.objects.filter(pk__in=missing).values_list("pk", "content")) if missing else {}
    areas = _areas({content["plan"].get("scheme") for content in contents.values()} | _schemes(wanted.values()))
    with _lock:
        for pk, content in contents.items():
            names = areas.get((content["plan"].get("scheme") or "", content["plan"]["prefecture"]), ())
            _known[wanted[pk]] = facts_of(content)
            given = check_guideline(content, areas=names)
            items = guideline_for(content["plan"]["period"]).items
            _answers[wanted[pk]] = {item.key: given[item.key] for item in items}
    return {
        version.pk: _Public(
            version=version,
            facts=(facts := _known[wanted[version.pk]]),
            areas=len(areas.get((facts.scheme, version.plan.prefecture.code), ())),
            answers=_answers[wanted[version.pk]],
        )
        for version in versions
    }


def _schemes(keys: Iterable[tuple[int, str]]) -> set[str]:
    return {_known[key].scheme for key in keys if key in _known}


def _areas(schemes: Collection[str | None]) -> dict[_Key, tuple[str, ...]]:
    """Names of the areas by scheme and prefecture."""
    found: dict[_Key, list[str]] = {}
    rows = Region.objects.filter(kind=Region.Kind.AREA, scheme__key__in=[one for one in schemes if one])
    for scheme, prefecture, name in rows.values_list("scheme__key", "parent__code", "name"):
        found.setdefault((scheme, prefecture), []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def _figures(codes: Collection[str]) -> _Figures:
    """The prefectures' figures of indicators by code and prefecture, then by year: as a rate and as a count."""
    found: dict[_Key, dict[int, tuple[Figure, Figure]]] = {}
    rows = IndicatorValue.objects.filter(indicator__code__in=codes, region__kind=Region.Kind.PREFECTURE)
    for code, prefecture, year, *parts in rows.values_list("indicator__code", "region__code", "year", *_FIELDS):
        rate, count = (make_figure(*parts, measure=measure) for measure in (Measure.RATE, Measure.COUNT))
        found.setdefault((code, prefecture), {})[year] = (rate, count)
    return found


def _row(
    code: str,
    name: str,
    plan: Plan | None,
    versions: Mapping[int, tuple[PlanVersion | None, str]],
    public: Mapping[int, _Public],
    figures: _Figures,
    query: PlanComparisonQuery,
) -> PlanRow:
    if plan is None:
        return PlanRow(code=code, name=name, state=f"{NOT_PUBLIC}（登録なし）")
    version, state = versions[plan.pk]
    if version is None:
        return PlanRow(code=code, name=name, state=f"{NOT_PUBLIC}（{state}）", is_demo=plan.is_demo)
    found = public[version.pk]
    assert version.published_at is not None  # plan_version_published_has_day
    return PlanRow(
        code=code,
        name=name,
        state="公表" if state == State.PUBLISHED.label else f"公表（改定{state}）",
        is_demo=plan.is_demo,
        version_id=version.pk,
        version_number=version.number,
        published_on=timezone.localtime(version.published_at).date(),
        facts=found.facts,
        areas=found.areas,
        answers=found.answers,
        targets=tuple(
            _line(one, figures, with_findings=one.indicator == query.indicator)
            for one in found.facts.targets
            if one.is_of_prefecture
        ),
    )


def _line(fact: TargetFact, figures: _Figures, *, with_findings: bool) -> TargetLine:
    own = figures.get((fact.indicator, fact.region_code), {})
    at = 1 if fact.measure == "count" else 0
    newer = [year for year, pair in own.items() if year > fact.baseline_year and pair[at].value is not None]
    year = max(newer, default=None)
    actual = own[year][at] if year is not None else None
    value = actual.value if actual else None
    return TargetLine(
        fact=fact,
        actual_text=actual.text if actual else "",
        actual_year=year,
        progress=None if value is None else fact.course.progress(value),
        judgement=judge(fact.course, actual=value, year=year or 0),
        findings=find_plausibility(fact.course, _evidence(fact, figures)) if with_findings else (),
    )


def check_targets(facts: Iterable[TargetFact]) -> tuple[tuple[TargetFact, tuple[Finding, ...]], ...]:
    """The plausibility of the prefecture-wide ones of some targets, by one query for all their figures."""
    wanted = [one for one in facts if one.is_of_prefecture and find_definition(one.indicator) is not None]
    figures = _figures({one.indicator for one in wanted})
    return tuple((one, find_plausibility(one.course, _evidence(one, figures))) for one in wanted)


def _evidence(fact: TargetFact, figures: _Figures) -> Evidence:
    """What the target is held against: the other prefectures and its own past. Demand stands on the plan's own page."""
    at = 1 if fact.measure == "count" else 0
    by_place = {place: pairs for (code, place), pairs in figures.items() if code == fact.indicator}
    own = by_place.pop(fact.region_code, {})
    start = own.get(fact.baseline_year)
    rate = start[0].value if start else None
    factor = 1.0 if not at else rate / fact.baseline if rate is not None and fact.baseline else None
    return Evidence(
        own=_numbers(own, at=at),
        peers=[_numbers(pairs, at=0) for pairs in by_place.values()],
        peer_baseline=None if factor is None else fact.baseline * factor,
        peer_target=None if factor is None else fact.end * factor,
        demand={},
        is_count=bool(at),
        good_direction=get_definition(fact.indicator).direction.value,
    )


def _numbers(pairs: Mapping[int, tuple[Figure, Figure]], *, at: int) -> dict[int, float]:
    return {year: value for year, pair in pairs.items() if (value := pair[at].value) is not None}


def _sorted(rows: Sequence[PlanRow], query: PlanComparisonQuery) -> list[PlanRow]:
    """By the chosen column; those without a value last, whichever way; the demo below all."""
    if not query.sort:
        return list(rows)
    keyed = [(sort_value(row, query), row) for row in rows if not row.is_demo]
    valued = sorted((one for one in keyed if one[0] is not None), key=lambda one: one[0] or 0.0)
    if not query.is_ascending:
        valued.reverse()
    rest = [row for value, row in keyed if value is None]
    return [*(row for _, row in valued), *rest, *(row for row in rows if row.is_demo)]


def sort_value(row: PlanRow, query: PlanComparisonQuery) -> float | None:
    """The number a row stands at in the sorted column."""
    if row.facts is None:
        return None
    line = row.target(query.indicator)
    values: dict[str, float | None] = {
        "areas": row.areas,
        "active": row.facts.active.bodies,
        "hub": row.facts.hub.bodies,
        "indicators": len(row.facts.indicators),
        "targets": len(row.facts.targets),
        "policies": row.facts.policies,
        "held": row.held,
        "baseline": line.fact.baseline if line else None,
        "end": line.fact.end if line else None,
        "change": line.fact.change if line else None,
        "progress": line.progress if line else None,
    }
    return values.get(query.sort)
