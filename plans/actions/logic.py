"""Changing the logic model: boxes, their order, and the arrows between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from plans.models import LogicEdge, LogicNode, Plan
from plans.results import PlanRefusal


@transaction.atomic
def add_node(plan: Plan, *, changes: Mapping[str, Any]) -> LogicNode:
    """A box at the end of its column."""
    last = plan.logic_nodes.aggregate(last=Max("position"))["last"] or 0
    return LogicNode.objects.create(plan=plan, position=last + 1, **changes)


@transaction.atomic
def move_node(node: LogicNode, *, up: bool) -> None:
    """Change places with the neighbour in the same column; at its end nothing happens."""
    column = list(LogicNode.objects.select_for_update().filter(plan=node.plan_id, kind=node.kind))
    at = column.index(node)
    to = at - 1 if up else at + 1
    if 0 <= to < len(column):
        column[at], column[to] = column[to], column[at]
        for position, one in enumerate(column, start=1):
            LogicNode.objects.filter(pk=one.pk).exclude(position=position).update(position=position)


def remove_node(node: LogicNode) -> None:
    """Delete a box with its arrows. The audit log keeps what was there."""
    node.delete()


def add_edge(plan: Plan, *, source: LogicNode, target: LogicNode, reason: str, evidence: str) -> LogicEdge:
    """An arrow between two boxes of the plan. Raises `PlanRefusal` for one that exists or leads to itself."""
    if source == target:
        raise PlanRefusal("同じ項目どうしはつなげません。別の項目を選んでください。")
    if LogicEdge.objects.filter(source=source, target=target).exists():
        raise PlanRefusal("このつながりはすでにあります。理由と根拠は一覧で直せます。")
    return LogicEdge.objects.create(plan=plan, source=source, target=target, reason=reason, evidence=evidence)


def explain_edge(edge: LogicEdge, *, reason: str, evidence: str) -> None:
    """Why one leads to the other, and on what evidence."""
    LogicEdge.objects.filter(pk=edge.pk).update(reason=reason, evidence=evidence)


def remove_edge(edge: LogicEdge) -> None:
    """Delete an arrow."""
    edge.delete()
