"""The sections of a plan's content: for each topic its fields in official words, and how today's records are read.

Values are plain (text, numbers, lists, null), dates ISO text, choices their Japanese labels, so that a snapshot can be
read without this code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from indicators.queries.citations import get_cited
from institutions.definitions.requirements import requirement_set
from institutions.models import Designation
from institutions.results import MET
from plans.formulas.citing import CITATION
from plans.formulas.content import FieldOf, Record, SectionOf
from plans.models import Meeting, MeetingDecision, Plan
from plans.queries.cited import citation_record


@dataclass(frozen=True, slots=True)
class Topic:
    """A section and how its records are read."""

    section: SectionOf
    read: Callable[[Plan], Iterable[Record]]


def _section(key: str, label: str, name_field: str, *fields: tuple[str, str], text: frozenset[str]) -> SectionOf:
    return SectionOf(
        key=key,
        label=label,
        name_field=name_field,
        fields=tuple(FieldOf(name, words, is_text=name in text) for name, words in fields),
    )


def _values(one: Model, names: Iterable[str]) -> dict[str, Any]:
    """Fields of a row as plain values: choices as their label, days as ISO text."""
    found: dict[str, Any] = {"id": one.pk}
    for name in names:
        label = getattr(one, f"get_{name}_display", None)
        value = label() if label is not None else getattr(one, name)
        found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def _chapters(plan: Plan) -> Iterator[Record]:
    for chapter in plan.chapters.filter(removed_at__isnull=True):
        yield _values(chapter, ("key", "position", "title", "text"))


def _citations(plan: Plan) -> Iterator[Record]:
    """The figures that chapters refer to, as they were when they were cited."""
    texts = plan.chapters.filter(removed_at__isnull=True).values_list("text", flat=True)
    ids = {int(number) for text in texts for number in CITATION.findall(text)}
    yield from (citation_record(one) for one in get_cited(ids, prefecture_code=plan.prefecture.code))


def _designations(plan: Plan) -> Iterator[Record]:
    found = Designation.objects.filter(
        prefecture=plan.prefecture, period=plan.period, status=Designation.Status.DESIGNATED, voided_at__isnull=True
    )
    related = found.select_related("body", "area").prefetch_related("catchment__unit", "answers")
    for one in related.order_by("kind", "area__code", "body__name", "id"):
        yield {
            **_requirements(one),
            "id": one.pk,
            "kind": one.get_kind_display(),
            "area": one.area.name if one.area else "",
            "name": one.body.name,
            "address": one.body.address,
            "body_kind": one.body.get_kind_display(),
            "designated_on": one.designated_on.isoformat() if one.designated_on else None,
            "serves": [catchment.unit.name for catchment in one.catchment.all()],
        }


def _requirements(one: Designation) -> dict[str, int | None]:
    """How many of the items asked for in the period the body meets; nothing for a category without items."""
    wanted = requirement_set(one.kind, period=one.period)
    if wanted is None:
        return {"met": None, "asked": None}
    met = [answer for answer in one.answers.all() if answer.set_key == wanted.key and answer.answer == MET]
    return {"met": len(met), "asked": len(wanted.items)}


def _targets(plan: Plan) -> Iterator[Record]:
    names = (
        "indicator_code",
        "measure",
        "direction",
        "baseline_value",
        "baseline_year",
        "baseline_text",
        "baseline_source",
    )
    more = ("end_value", "end_year", "responsible", "reason")
    for target in plan.targets.filter(removed_at__isnull=True).select_related("region").prefetch_related("milestones"):
        yield {
            **_values(target, (*names, *more)),
            "region": target.region.name,
            "region_code": target.region.code,
            "milestones": {str(one.year): one.value for one in target.milestones.all()},
        }


def _demand(plan: Plan) -> Iterator[Record]:
    for one in plan.demand.select_related("area", "meeting"):
        yield {
            **_values(one, ("year", "natural_increase", "transferred", "home_share", "basis")),
            "area": one.area.name,
            "meeting": str(one.meeting) if one.meeting else "",
        }


def _policies(plan: Plan) -> Iterator[Record]:
    names = ("title", "scene", "theme", "text", "owner", "budget", "uses_fund", "starts", "ends", "status", "evidence")
    for policy in plan.policies.filter(removed_at__isnull=True).prefetch_related("steps"):
        steps = [f"{step.year}年度 {step.text}{'（済）' if step.is_done else ''}" for step in policy.steps.all()]
        yield {**_values(policy, names), "steps": steps}


def _logic_nodes(plan: Plan) -> Iterator[Record]:
    for node in plan.logic_nodes.select_related("policy"):
        yield {
            **_values(node, ("kind", "title", "indicator_code", "position")),
            "policy": node.policy.title if node.policy else "",
        }


def _logic_edges(plan: Plan) -> Iterator[Record]:
    for edge in plan.logic_edges.select_related("source", "target").order_by("id"):
        yield {
            **_values(edge, ("reason", "evidence")),
            "name": f"{edge.source.title} → {edge.target.title}",
            "source": edge.source_id,
            "target": edge.target_id,
        }


def _schedule(plan: Plan) -> Iterator[Record]:
    names = ("title", "starts_on", "ends_on", "place", "owner", "for_municipalities", "for_associations", "done_on")
    for item in plan.schedule.all():
        yield _values(item, (*names, "note"))


def _meetings(plan: Plan) -> Iterator[Record]:
    """Meetings that not every municipality may read are in no version: versions are compared, printed and published."""
    found = plan.meetings.filter(removed_at__isnull=True, readers=Meeting.Readers.OPEN)
    for meeting in found.prefetch_related("members", "decisions__changes"):
        yield {
            **_values(meeting, ("name", "body", "held_on", "place", "agenda", "minutes", "document", "url")),
            "members": [f"{one.organisation} {one.name}".strip() for one in meeting.members.all()],
            "decisions": [_decision(one) for one in meeting.decisions.all()],
        }


def _decision(one: MeetingDecision) -> str:
    """A decision with what it changed."""
    things = "、".join(change.name for change in one.changes.all())
    return f"{one.text}{f'（{one.change}）' if one.change else ''}{f'〔反映先：{things}〕' if things else ''}"


def _discharge_rules(plan: Plan) -> Iterator[Record]:
    names = ("name", "agreed_on", "participants", "hospitals", "hospitals_of", "care_managers", "care_managers_of")
    more = ("review_on", "document", "url", "contact", "note")
    for rule in plan.discharge_rules.select_related("area").prefetch_related("municipalities__municipality"):
        joined = [one.municipality.name for one in rule.municipalities.all()]
        yield {**_values(rule, (*names, *more)), "area": rule.area.name, "municipalities": joined}


_LONG = frozenset({"text", "reason", "evidence", "minutes", "agenda", "basis", "note", "participants"})

TOPICS: tuple[Topic, ...] = (
    Topic(
        _section("chapters", "章", "title", ("title", "章の名称"), ("position", "順番"), ("text", "本文"), text=_LONG),
        _chapters,
    ),
    Topic(
        _section(
            "citations", "引用した数値", "source", ("text", "数値"), ("source", "出典"), ("url", "画面"), text=_LONG
        ),
        _citations,
    ),
    Topic(
        _section(
            "designations",
            "位置付け",
            "name",
            ("kind", "区分"),
            ("area", "圏域"),
            ("name", "名称"),
            ("address", "所在地"),
            ("body_kind", "機関の種類"),
            ("designated_on", "位置付けた日"),
            ("serves", "担当する市区町村"),
            ("met", "満たす項目の数"),
            ("asked", "求められる項目の数"),
            text=_LONG,
        ),
        _designations,
    ),
    Topic(
        _section(
            "targets",
            "数値目標",
            "indicator_code",
            ("indicator_code", "指標"),
            ("region", "地域"),
            ("measure", "目標にする値"),
            ("direction", "方向"),
            ("baseline_text", "現状値"),
            ("baseline_year", "現状値の年（度）"),
            ("baseline_source", "現状値の出典"),
            ("milestones", "各年の目標"),
            ("end_value", "目標値"),
            ("end_year", "目標年度"),
            ("responsible", "担当"),
            ("reason", "目標値の考え方"),
            text=_LONG,
        ),
        _targets,
    ),
    Topic(
        _section(
            "demand",
            "在宅の整備目標",
            "area",
            ("area", "圏域"),
            ("year", "年度"),
            ("natural_increase", "高齢化による自然増（人/日）"),
            ("transferred", "追加的需要（人/日）"),
            ("home_share", "在宅への按分率"),
            ("meeting", "合意した協議の場"),
            ("basis", "算定の根拠"),
            text=_LONG,
        ),
        _demand,
    ),
    Topic(
        _section(
            "policies",
            "施策",
            "title",
            ("title", "施策の名称"),
            ("scene", "場面"),
            ("theme", "テーマ"),
            ("text", "内容"),
            ("owner", "担当"),
            ("budget", "予算（千円）"),
            ("uses_fund", "地域医療介護総合確保基金"),
            ("starts", "開始年度"),
            ("ends", "終了年度"),
            ("status", "状況"),
            ("evidence", "根拠"),
            ("steps", "ロードマップ"),
            text=_LONG,
        ),
        _policies,
    ),
    Topic(
        _section(
            "logic_nodes",
            "ロジックモデルの項目",
            "title",
            ("kind", "段階"),
            ("title", "内容"),
            ("policy", "施策"),
            ("indicator_code", "指標"),
            text=_LONG,
        ),
        _logic_nodes,
    ),
    Topic(
        _section(
            "logic_edges",
            "ロジックモデルのつながり",
            "name",
            ("name", "つながり"),
            ("reason", "つながる理由"),
            ("evidence", "根拠"),
            text=_LONG,
        ),
        _logic_edges,
    ),
    Topic(
        _section(
            "schedule",
            "年間スケジュール",
            "title",
            ("title", "内容"),
            ("starts_on", "開始"),
            ("ends_on", "終了"),
            ("owner", "担当"),
            ("place", "場所・方法"),
            ("for_municipalities", "市町村と共有"),
            ("for_associations", "医師会などと共有"),
            ("done_on", "済んだ日"),
            ("note", "備考"),
            text=_LONG,
        ),
        _schedule,
    ),
    Topic(
        _section(
            "meetings",
            "協議の場",
            "name",
            ("name", "会議の名称"),
            ("body", "会議体"),
            ("held_on", "開催日"),
            ("place", "場所・方法"),
            ("agenda", "議題"),
            ("minutes", "議事の要旨"),
            ("members", "構成員"),
            ("decisions", "決定・意見"),
            ("document", "資料の名称"),
            ("url", "資料のアドレス"),
            text=_LONG,
        ),
        _meetings,
    ),
    Topic(
        _section(
            "discharge_rules",
            "入退院支援ルール",
            "area",
            ("area", "圏域"),
            ("name", "ルールの名称"),
            ("agreed_on", "合意日"),
            ("municipalities", "参加する市町村"),
            ("participants", "参加機関"),
            ("hospitals", "参加病院数"),
            ("hospitals_of", "圏域の病院数"),
            ("care_managers", "参加居宅介護支援事業所数"),
            ("care_managers_of", "圏域の居宅介護支援事業所数"),
            ("review_on", "見直し予定日"),
            ("document", "文書の名称"),
            ("url", "ルールのアドレス"),
            ("contact", "問い合わせ先"),
            ("note", "備考"),
            text=_LONG,
        ),
        _discharge_rules,
    ),
)
