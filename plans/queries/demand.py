"""在宅の整備目標 of a plan: what was agreed by area and year, with sums and checks, and the estimate beside it."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.queries.profile_outlook import get_demand
from plans.formulas.demand_shares import Need, YearSum, check_needs, sum_by_year
from plans.formulas.findings import Finding
from plans.formulas.plausibility import value_at
from plans.models import DemandAgreement, Plan
from plans.queries.targets import get_target_regions
from regions.models import AreaMembership, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One agreement with what follows from it."""

    agreement: DemandAgreement
    need: Need


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTable:
    """All of them. `sums` by year, `findings` what is to be mended."""

    rows: tuple[NeedRow, ...]
    sums: tuple[YearSum, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The official estimate of 訪問診療 of an area, レセプト件数/月; `increase` None if it does not fit, `note` why."""

    from_year: int
    to_year: int
    increase: float | None
    note: str


def get_demand_areas(plan: Plan) -> list[Region]:
    """The areas of the plan; the prefecture itself where there are none."""
    prefecture, *areas = get_target_regions(plan)
    return areas or [prefecture]


def get_demand_table(plan: Plan) -> DemandTable:
    """What was agreed, area by area and year by year (three queries)."""
    rows = tuple(
        NeedRow(
            agreement=one,
            need=Need(
                area=one.area.name,
                year=one.year,
                natural=one.natural_increase,
                transferred=one.transferred,
                share=one.home_share,
                is_agreed=one.meeting_id is not None,
            ),
        )
        for one in plan.demand.select_related("area", "meeting")
    )
    needs = [row.need for row in rows]
    findings = check_needs(needs, areas=[area.name for area in get_demand_areas(plan)])
    return DemandTable(rows=rows, sums=sum_by_year(needs), findings=findings)


def get_estimate(plan: Plan, area: Region, *, year: int) -> Estimate:
    """How much the estimate grows from the year before the plan to `year`; only where it fits the area exactly."""
    start = plan.period - 1
    units = list(AreaMembership.objects.filter(area=area).values_list("unit_id", flat=True))
    found = get_demand(area.pk, units, is_prefecture=area.kind == Region.Kind.PREFECTURE)
    series = dict(zip(found.years, found.values, strict=True))
    before, after = value_at(series, start), value_at(series, year)
    increase = None if before is None or after is None else round(after - before, 1)
    return Estimate(from_year=start, to_year=year, increase=increase, note=found.note)
