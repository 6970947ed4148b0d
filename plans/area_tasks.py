"""Long work about areas: proposing them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils import timezone

from plans.actions.area_drafts import create_draft, unused_name
from plans.formulas.districting_problem import Answer, Rule, Status
from plans.formulas.partition import coloured, from_groups
from plans.models import AreaDraft
from plans.queries.area_frame import get_frame
from plans.queries.area_problem import AreaProblem, Wishes, get_problem
from zaitaku.accounts.models import User
from zaitaku.jobs.actions import enqueue
from zaitaku.jobs.kinds import Progress, job_kind
from zaitaku.jobs.models import Job

SUGGEST = "suggest_areas"
_RULES = {
    Rule.NUMBER: "圏域の数",
    Rule.CONTIGUITY: "圏域がつながっていること",
    Rule.ACTIVE: "積極的役割を担う医療機関（候補）があること",
    Rule.HUB: "連携を担う拠点があること",
    Rule.POPULATION: "人口の上限・下限",
    Rule.DISTANCE: "距離の上限",
}


@job_kind(SUGGEST)
def suggest(parameters: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    """Propose areas for the prefecture of a draft; the proposal is a draft of its own."""
    from plans.formulas.districting import propose  # brings an optimiser along, which web pages never need

    draft = AreaDraft.objects.select_related("prefecture").get(pk=parameters["draft"])
    progress(0, 4, "市区町村の資料を読んでいます")
    asked = get_problem(draft.prefecture.code, Wishes(**parameters["wishes"]), on=timezone.localdate())
    steps = iter(range(1, 100))

    def report(message: str) -> None:
        progress(min(next(steps), 3), 4, message)

    answer = propose(asked.problem, seconds=parameters["seconds"], clock=time.monotonic, report=report)
    result = _said(answer, asked)
    if answer.seat_of is not None:
        made = _store(draft, answer, asked, by=User.objects.get(pk=parameters["by"]), job=str(parameters["token"]))
        result |= {"案": made.name, "案の画面": reverse("plans:draft-detail", kwargs={"draft_id": made.pk})}
    progress(4, 4, str(result["結果"]))
    return result


def _said(answer: Answer, asked: AreaProblem) -> dict[str, Any]:
    """The outcome in words, each with what it means."""
    words = {
        Status.OPTIMAL: "最適であることを証明しました。条件を満たす案に、移動の合計がこれより短いものはありません。",
        Status.STOPPED: f"時間の上限で止めました。最もよい案との差は、大きくても{answer.gap:.2%}です。",
        Status.UNKNOWN: "時間の上限までに案が見つかりませんでした。条件をゆるめるか、時間を延ばしてください。",
        Status.INFEASIBLE: _why_not(answer),
    }
    result: dict[str, Any] = {"結果": words[answer.status]}
    if answer.seat_of is not None:
        travellers = float(asked.problem.weight.sum())
        mean = answer.travel / travellers if travellers else 0.0
        result |= {"圏域の数": len(set(answer.seat_of.tolist())), "75歳以上の人の平均距離": f"{mean:.1f} km"}
    if asked.notes:
        result["注意"] = "\n".join(asked.notes)
    return result


def _why_not(answer: Answer) -> str:
    if not answer.broken:
        return "条件をすべて満たす案はありません。どれか1つをゆるめても成り立たず、複数の条件が互いに矛盾しています。"
    rules = "、".join(f"「{_RULES[rule]}」" for rule in answer.broken)
    return f"条件をすべて満たす案はありません。{rules}の条件をゆるめると成り立つ可能性があります。"


def _store(draft: AreaDraft, answer: Answer, asked: AreaProblem, *, by: User, job: str) -> AreaDraft:
    """The proposal as a draft, once however often the work runs; an area is named after its seat."""
    origin = f"自動提案（{job}）"
    known = AreaDraft.objects.filter(prefecture=draft.prefecture, origin=origin).first()
    if known is not None:
        return known
    assert answer.seat_of is not None
    members: dict[int, list[str]] = {}
    for code, seat in zip(asked.codes, answer.seat_of.tolist(), strict=True):
        members.setdefault(seat, []).append(code)
    groups = [(f"{asked.names[asked.codes[seat]]}圏域"[:40], codes) for seat, codes in members.items()]
    name = unused_name(draft.prefecture, f"{draft.name[:60]}への自動提案")
    frame = get_frame(draft.prefecture.code, on=timezone.localdate())
    partition = coloured(from_groups(groups), frame.neighbours)
    return create_draft(draft.prefecture, name=name, origin=origin, partition=partition, by=by)


def start_suggestion(draft: AreaDraft, wishes: Wishes, *, seconds: int, by: User) -> Job:
    """Hand the search to a worker."""
    parameters = {
        "draft": draft.pk,
        "wishes": asdict(wishes),
        "seconds": seconds,
        "by": by.pk,
        "token": f"{timezone.localtime():%Y年%m月%d日 %H:%M:%S}",
    }
    return enqueue(SUGGEST, title=f"圏域の自動提案（{draft.prefecture.name}）", parameters=parameters, by=by)
