"""A plan of full size to measure on: every table filled as a large prefecture would fill it by the end of its period.

Texts are blocks of Japanese of the usual length, with tables, footnotes and headings; figures are made up from a seed
and are never shown to anybody.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plans.models import Plan, Policy
    from regions.models import Region
    from zaitaku.accounts.models import User

PREFECTURE, SCHEME, PERIOD = "01", "iryoken2-8", 2027
CHAPTER_BLOCKS, TARGETS, POLICIES, MEETINGS, DESIGNATIONS = 12, 30, 40, 20, 400
_BLOCK = """## 第{number}の課題

在宅医療の提供体制は、退院支援、日常の療養支援、急変時の対応、看取りの四つの場面ごとに整える。圏域の中で
**切れ目なく**提供されるよう、連携を担う拠点が調整を行う[^{number}]。二次医療圏にこだわらず、市町村や地域医師会の
単位も考える。

| 場面 | 現状 | 課題 |
|---|---|---|
| 退院支援 | 退院前カンファレンスを行う病院が増えている | 圏域をまたぐ退院の調整 |
| 急変時の対応 | 輪番を組む地域は限られる | 夜間と休日の往診 |

- 訪問診療を行う医療機関を増やす
- 訪問看護との連携を強める

[^{number}]: 第{number}の課題に関する注記。資料の版と年度を記す。

"""


def fill(by: User) -> Plan:
    """The plan. Needs the project's fixtures, the computed indicators among them."""
    from plans.actions.plans import create_plan, save_chapter
    from regions.models import AreaScheme, Region

    prefecture = Region.objects.get(kind=Region.Kind.PREFECTURE, code=PREFECTURE)
    scheme = AreaScheme.objects.get(key=SCHEME)
    plan = create_plan(prefecture, period=PERIOD, title="計測のための計画", by=by, scheme=scheme, is_demo=True)
    text = "".join(_BLOCK.format(number=number) for number in range(1, CHAPTER_BLOCKS + 1))
    for chapter in plan.chapters.all():
        save_chapter(chapter.pk, text=text, base=0, by=by)
    areas = list(Region.objects.filter(scheme=scheme, parent=prefecture).order_by("code"))
    policies = _policies(plan)
    _targets(plan, areas)
    _logic(plan, policies)
    _meetings(plan, areas)
    _designations(prefecture, areas)
    return plan


def _policies(plan: Plan) -> list[Policy]:
    from plans.models import Policy, RoadmapStep
    from plans.models.policies import Scene, Theme

    scenes, themes = list(Scene), [one for one in Theme if one]
    policies = Policy.objects.bulk_create(
        Policy(
            plan=plan,
            position=number,
            title=f"施策{number}",
            scene=scenes[number % len(scenes)],
            theme=themes[number % len(themes)],
            text="訪問診療に取り組む医療機関への支援を行い、研修と同行訪問の機会を設ける。" * 3,
            owner="在宅医療担当課",
            budget=1_000 * number,
            starts=PERIOD,
            ends=PERIOD + 2,
        )
        for number in range(POLICIES)
    )
    RoadmapStep.objects.bulk_create(
        RoadmapStep(policy=policy, year=year, text="研修会を開き、参加者に聞き取る")
        for policy, year in product(policies, plan.years)
    )
    return policies


def _targets(plan: Plan, areas: Sequence[Region]) -> None:
    from indicators.definitions.registry import official_definitions
    from indicators.queries.selected_values import get_codes_with_values
    from plans.models import Milestone, Target

    known = get_codes_with_values()
    codes = [one.code for one in official_definitions() if one.code in known]
    pairs = list(product([plan.prefecture, *areas], codes))[:TARGETS]
    targets = Target.objects.bulk_create(
        Target(
            plan=plan,
            position=number,
            indicator_code=code,
            region=region,
            direction=Target.Direction.RAISE,
            baseline_value=10.0,
            baseline_year=PERIOD - 3,
            baseline_text="10.0",
            baseline_source="計測のための値",
            end_value=13.0,
            end_year=PERIOD + 2,
            responsible="在宅医療担当課",
        )
        for number, (region, code) in enumerate(pairs)
    )
    Milestone.objects.bulk_create(
        Milestone(target=target, year=year, value=11.0 + step)
        for target, (step, year) in product(targets, enumerate(plan.years))
    )


def _logic(plan: Plan, policies: Sequence[Policy]) -> None:
    from plans.models import LogicEdge, LogicNode, Target

    codes = list(Target.objects.filter(plan=plan).values_list("indicator_code", flat=True))
    kinds = list(LogicNode.Kind)
    nodes = LogicNode.objects.bulk_create(
        LogicNode(
            plan=plan,
            kind=kind,
            title=f"{kind.label}の項目{number}",
            policy=policies[number] if kind == LogicNode.Kind.POLICY else None,
            indicator_code="" if kind == LogicNode.Kind.POLICY else codes[number % len(codes)],
            position=number,
        )
        for kind, size in zip(kinds, (20, 20, 12, 4), strict=True)
        for number in range(size)
    )
    columns = [[one for one in nodes if one.kind == kind] for kind in kinds]
    LogicEdge.objects.bulk_create(
        LogicEdge(plan=plan, source=source, target=right[at % len(right)], reason="研修を受けた医療機関が取り組む")
        for left, right in pairwise(columns)
        for at, source in enumerate(left)
    )


def _meetings(plan: Plan, areas: Sequence[Region]) -> None:
    from plans.models import DemandAgreement, Meeting, MeetingDecision, MeetingMember, ScheduleItem

    first = dt.date(PERIOD - 1, 4, 10)
    meetings = Meeting.objects.bulk_create(
        Meeting(plan=plan, name="地域医療構想調整会議", held_on=first + dt.timedelta(days=14 * number), minutes=_BLOCK)
        for number in range(MEETINGS)
    )
    MeetingMember.objects.bulk_create(
        MeetingMember(meeting=meeting, organisation=f"構成団体{number}", name="代表")
        for meeting, number in product(meetings, range(15))
    )
    MeetingDecision.objects.bulk_create(
        MeetingDecision(meeting=meeting, text="按分率を承認した") for meeting, _ in product(meetings, range(3))
    )
    DemandAgreement.objects.bulk_create(
        DemandAgreement(
            plan=plan,
            area=area,
            year=year,
            natural_increase=120.5,
            transferred=40.0,
            home_share=0.4,
            meeting=meetings[0],
        )
        for area, year in product(areas, plan.years)
    )
    ScheduleItem.objects.bulk_create(
        ScheduleItem(plan=plan, title=f"予定{number}", starts_on=first + dt.timedelta(days=9 * number), owner="担当課")
        for number in range(40)
    )


def _designations(prefecture: Region, areas: Sequence[Region]) -> None:
    from institutions.models import Body, Designation
    from regions.models import AreaMembership

    area_of = dict(AreaMembership.objects.filter(area__in=areas).values_list("unit_id", "area_id"))
    bodies = Body.objects.filter(prefecture=prefecture, unit_id__in=list(area_of)).order_by("pk")[:DESIGNATIONS]
    Designation.objects.bulk_create(
        Designation(
            prefecture=prefecture,
            period=PERIOD,
            kind=Designation.Kind.HUB if number % 10 == 0 else Designation.Kind.ACTIVE,
            body=body,
            area_id=area_of.get(body.unit_id or 0),
            status=Designation.Status.DESIGNATED,
            decided_on=dt.date(PERIOD - 1, 10, 1),
            designated_on=dt.date(PERIOD - 1, 10, 1),
        )
        for number, body in enumerate(bodies)
    )
