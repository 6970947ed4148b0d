"""What was agreed, is due, was evaluated and is shared with other prefectures, for the demo plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.actions.demand import add_agreement
from plans.actions.discharge_rules import add_rule
from plans.actions.evaluations import save_policy_evaluation, save_target_evaluation, save_verification
from plans.actions.meetings import Changed, Person, add_decision, add_meeting
from plans.actions.practices import add_practice, publish_practice
from plans.actions.schedule import add_item
from plans.demo.script import Stage, demo_script
from plans.models import DemandAgreement, Meeting
from plans.queries.verifications import get_verifications
from regions.models import Region
from zaitaku.lib.fiscal_years import fiscal_year

_CAUSE = "デモ：担い手の広がりが、圏域によって違う。"
_NEXT = "デモ：遅れている圏域の拠点と、次の協議の場で話し合う。"
_BECAUSE = "デモ：ロードマップに書いていない実績も合わせてみた。"


def fill_agreed(stage: Stage) -> None:
    """Meetings with decisions, shares, the schedule, discharge rules, evaluations, 好事例."""
    meetings = {one["key"]: _meeting(stage, one) for one in demo_script()["meetings"]}
    pairs = zip(stage.areas, demo_script()["demand"], strict=False)
    demand = [_demand(stage, area, one, meetings) for area, one in pairs]
    for one in demo_script()["meetings"]:
        _decisions(stage, meetings[one["key"]], one, demand)
    for one in demo_script()["schedule"]:
        _schedule(stage, one)
    for area, one in zip(stage.areas, demo_script()["rules"], strict=False):
        _rule(stage, area, one)
    _evaluate(stage)
    _verify(stage)
    for one in demo_script()["practices"]:
        _practice(stage, one)


def _meeting(stage: Stage, line: Mapping[str, Any]) -> Meeting:
    changes = {name: line[name] for name in ("name", "place", "agenda", "minutes")}
    changes |= {"body": "デモ県在宅医療推進協議会", "held_on": stage.day(line["day"])}
    members = [Person(organisation, name, attended) for organisation, name, attended in line["members"]]
    return add_meeting(stage.plan, changes=changes, members=members)


def _demand(stage: Stage, area: Region, line: Mapping[str, Any], meetings: Mapping[str, Meeting]) -> DemandAgreement:
    return add_agreement(
        stage.plan,
        changes={
            "area": area,
            "year": stage.plan.years[-1],
            "natural_increase": line["natural"],
            "transferred": line["transferred"],
            "home_share": line["share"],
            "meeting": meetings.get(line.get("meeting", "")),
            "basis": "デモ：国の推計の方法にならって県が算定した例",
        },
    )


def _decisions(stage: Stage, meeting: Meeting, line: Mapping[str, Any], demand: list[DemandAgreement]) -> None:
    chapters = {one.key: one for one in stage.plan.chapters.all()}
    for one in line["decisions"]:
        if "chapter" in one:
            chapter = chapters[one["chapter"]]
            things = [Changed("chapters", chapter.pk, chapter.title)]
        else:
            agreed = [need for need in demand if need.meeting_id == meeting.pk]
            things = [Changed("demand", need.pk, f"{need.area.name}（{need.year}年度）") for need in agreed]
        add_decision(meeting, text=one["text"], change=one["change"], things=things)


def _schedule(stage: Stage, line: Mapping[str, Any]) -> None:
    is_shared = line.get("shared", True)
    changes = {
        "title": f"デモ：{line['title']}",
        "starts_on": stage.day(line["starts"]),
        "ends_on": stage.day(line.get("ends")),
        "done_on": stage.day(line.get("done")),
        "owner": line["owner"],
        "for_municipalities": is_shared,
        "for_associations": is_shared,
    }
    add_item(stage.plan, changes=changes)


def _rule(stage: Stage, area: Region, line: Mapping[str, Any]) -> None:
    changes = {
        "name": "デモ：入退院支援ルール",
        "agreed_on": stage.day(line["agreed"]),
        "review_on": stage.day(line["review"]),
        "participants": line["participants"],
        "hospitals": line["hospitals"],
        "hospitals_of": line["hospitals_of"],
        "note": line.get("note", ""),
    }
    add_rule(stage.plan, area=area, changes=changes)


def _evaluate(stage: Stage) -> None:
    """Some policies and all targets of the last year that is over; the rest is left, as it is in the course of work."""
    year, by = _year(stage), stage.people.official
    policies = {one.title: one for one in stage.plan.policies.all()}
    for line in demo_script()["evaluations"]:
        changes = {
            "actual": line["actual"],
            "judgement": line["judgement"],
            "changed_because": _BECAUSE,
            "cause": line["cause"],
            "next_action": line["next"],
        }
        save_policy_evaluation(policies[line["policy"]], year=year, base=0, changes=changes, by=by)
    for target in stage.plan.targets.select_related("region__scheme", "plan"):
        save_target_evaluation(target, year=year, base=0, changes={"cause": _CAUSE, "next_action": _NEXT}, by=by)


def _verify(stage: Stage) -> None:
    """The first bodies: one keeps its place, one is to be supported."""
    year = _year(stage)
    rows = get_verifications(stage.plan, year=year, sees_reports=True).rows
    for row, line in zip(rows, demo_script()["verifications"], strict=False):
        facts = [one.as_plain() for one in row.facts]
        changes = {"outcome": line["outcome"], "reason": line["reason"], "next_action": line["next"]}
        save_verification(
            stage.plan, row.designation.id, year=year, base=0, changes=changes, facts=facts, by=stage.people.official
        )


def _year(stage: Stage) -> int:
    return max(stage.plan.period, fiscal_year(stage.today) - 1)


def _practice(stage: Stage, line: Mapping[str, Any]) -> None:
    names = ("title", "theme", "scene", "area_type", "text", "result", "contact")
    changes = {**{name: line[name] for name in names}, "indicator_codes": [line["indicator"]]}
    practice = add_practice(stage.plan.prefecture, changes=changes, by=stage.people.official, is_demo=True)
    publish_practice(practice)
