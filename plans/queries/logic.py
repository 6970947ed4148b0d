"""The logic model of a plan with the live figures of its indicators, its checks, and its drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from indicators.benchmark_words import TRENDS, data_age
from indicators.definitions.registry import all_definitions
from indicators.queries.standings import get_region_standings
from indicators.queries.versions import get_dates_counted
from indicators.results import Level
from indicators.standings import StandingRow
from plans.formulas.findings import Finding
from plans.formulas.logic_checks import COLUMNS, Aim, Edge, Model, Node, check_logic_model
from plans.formulas.logic_drawing import Box, draw_logic_model
from plans.models import LogicEdge, LogicNode, Plan
from plans.queries.targets import find_definition


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveIndicator:
    """An indicator where the prefecture stands today, in words; `has_value` False: `value` says why there is none."""

    code: str
    name: str
    value: str
    year: int | None
    interval: str
    rank: str
    trend: str
    age: str
    has_value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """A box with its indicator as it stands."""

    node: LogicNode
    live: LiveIndicator | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One stage of the model."""

    kind: str
    label: str
    rows: tuple[NodeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogicModel:
    """All of it, ready to be shown."""

    columns: tuple[Column, ...]
    edges: tuple[LogicEdge, ...]
    findings: tuple[Finding, ...]

    @property
    def rows(self) -> tuple[NodeRow, ...]:
        """All boxes, column by column."""
        return tuple(row for column in self.columns for row in column.rows)


def get_logic_model(plan: Plan) -> LogicModel:
    """The model of a plan: boxes, arrows, targets and policies in four queries, the figures in a few more."""
    nodes = list(plan.logic_nodes.select_related("policy"))
    edges = tuple(plan.logic_edges.select_related("source", "target").order_by("source__position", "id"))
    live = get_live_indicators(plan, {node.indicator_code for node in nodes if node.indicator_code})
    labels = dict(LogicNode.Kind.choices)
    columns = tuple(
        Column(
            kind=kind,
            label=str(labels[kind]),
            rows=tuple(NodeRow(node=one, live=live.get(one.indicator_code)) for one in nodes if one.kind == kind),
        )
        for kind in COLUMNS
    )
    return LogicModel(columns=columns, edges=edges, findings=check_logic_model(_model(plan, nodes, edges, live)))


def get_live_indicators(plan: Plan, codes: set[str]) -> Mapping[str, LiveIndicator]:
    """The indicators named, as the prefecture stands today. Unknown codes are left out."""
    known = {code: one for code in codes if (one := find_definition(code)) is not None}
    if not known:
        return {}
    found = get_region_standings(plan.prefecture.code, level=Level.PREFECTURE, codes=sorted(known))
    rows = {row.indicator_code: row for row, _ in found}
    dates = get_dates_counted({code: row.year for code, row in rows.items()})
    return {
        code: _live(code, one.shown_name, one.unit, rows.get(code), as_of=dates.get(code))
        for code, one in known.items()
    }


def _live(code: str, name: str, unit: str, row: StandingRow | None, *, as_of: dt.date | None) -> LiveIndicator:
    if row is None or row.figure.value is None:
        why = "まだ計算されていません" if row is None else row.figure.reason or row.figure.text
        return LiveIndicator(
            code=code, name=name, value=why, year=None, interval="", rank="", trend="", age="", has_value=False
        )
    figure = row.figure
    interval = "" if figure.lower is None else f"95％区間 {figure.lower:,.1f}–{figure.upper:,.1f}"
    ranks = "" if row.rank_low is None else f"（95％区間 {row.rank_low}–{row.rank_high}位）"
    return LiveIndicator(
        code=code,
        name=name,
        value=f"{figure.text}{unit}",
        year=row.year,
        interval=interval,
        rank="" if row.rank is None else f"{row.ranked}地域中{row.rank}位{ranks}",
        trend=TRENDS.get(row.trend, "推移は判定できません"),
        age=data_age(as_of, today=timezone.localdate()),
        has_value=True,
    )


def _model(
    plan: Plan, nodes: list[LogicNode], edges: tuple[LogicEdge, ...], live: Mapping[str, LiveIndicator]
) -> Model:
    definitions = all_definitions()
    return Model(
        nodes=[
            Node(id=one.pk, kind=one.kind, title=one.title, policy=one.policy_id, indicator=one.indicator_code)
            for one in nodes
        ],
        edges=[
            Edge(source=one.source_id, target=one.target_id, reason=one.reason, evidence=one.evidence) for one in edges
        ],
        aims=[
            Aim(indicator=code, direction=direction)
            for code, direction in plan.targets.filter(removed_at=None).values_list("indicator_code", "direction")
        ],
        policies=dict(plan.policies.filter(removed_at=None).values_list("pk", "title")),
        indicators={one.code: one.name for one in definitions},
        good={one.code: one.direction.value for one in definitions},
        valued={code for code, one in live.items() if one.has_value},
    )


def make_drawing(model: LogicModel, *, title: str, with_links: bool) -> str:
    """The model as SVG."""
    boxes = [
        Box(
            id=row.node.pk,
            column=number,
            title=row.node.title,
            notes=_notes(row.live),
            href=f"#node-{row.node.pk}",
        )
        for number, column in enumerate(model.columns)
        for row in column.rows
    ]
    edges = [(one.source_id, one.target_id) for one in model.edges]
    heads = [column.label for column in model.columns]
    return draw_logic_model(boxes, edges, heads=heads, title=title, with_links=with_links)


def _notes(live: LiveIndicator | None) -> tuple[str, ...]:
    if live is None:
        return ()
    year = "" if live.year is None else f"{live.year}年度　"
    return tuple(text for text in (f"◆{live.name}", live.value, f"{year}{live.rank}") if text)
