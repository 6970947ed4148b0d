"""The demo plan from its first chapter to a public version and what has been changed since."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from indicators.actions.citations import keep_citation
from indicators.citations import CitedFigure
from institutions.definitions.periods import current_period
from institutions.demo import make_demo_designations
from plans.actions.comments import add_comment, resolve_comment
from plans.actions.plans import create_plan, save_chapter, set_chapter_state
from plans.actions.versions import decide, publish_version, submit_plan
from plans.demo.agreed import fill_agreed
from plans.demo.areas import make_drafts
from plans.demo.script import PREFECTURE, SCHEME, People, Stage, demo_script
from plans.demo.topics import fill_topics
from plans.models import Chapter, Plan, PlanOutput, PlanVersion
from plans.outputs import request_output
from plans.queries.targets import baseline_address, find_baseline, get_target_regions
from plans.results import Conflict
from regions.models import AreaScheme, Region
from zaitaku.accounts.queries import get_actor

_CITED = re.compile(r"\{引用:([A-Z0-9_]+)\}")


def find_demo_plan() -> Plan | None:
    """The demo plan, if it has been made."""
    return Plan.objects.filter(is_demo=True).order_by("pk").first()


@transaction.atomic
def make_demo_plan(*, people: People, today: dt.date) -> Plan | None:
    """The whole demo; run again, it makes nothing anew. None where the prefecture has a plan of its own by now."""
    if (made := find_demo_plan()) is not None:
        return made
    prefecture = Region.objects.get(kind=Region.Kind.PREFECTURE, code=PREFECTURE)
    period = current_period(today=today).start
    if Plan.objects.filter(prefecture=prefecture, period=period).exists():
        return None
    plan = create_plan(
        prefecture,
        period=period,
        title=demo_script()["title"],
        by=people.official,
        scheme=AreaScheme.objects.get(key=SCHEME),
        is_demo=True,
    )
    stage = Stage(plan=plan, areas=get_target_regions(plan)[1:], people=people, today=today)
    make_demo_designations(prefecture, period=period, by=people.official)
    make_drafts(prefecture, by=people.official, on=today)
    _write_chapters(stage)
    fill_topics(stage)
    fill_agreed(stage)
    _publish(stage)
    _talk(stage)
    _set_states(stage)
    _order_document(stage)
    return plan


def _order_document(stage: Stage) -> None:
    """別表 of the public version, which a worker makes in a second; the other documents are a button away."""
    version = stage.plan.versions.get(state=PlanVersion.State.PUBLISHED)
    request_output(stage.plan, version, PlanOutput.Kind.TABLES, by=stage.people.official)


def _chapters(stage: Stage) -> dict[str, Chapter]:
    return {one.key: one for one in stage.plan.chapters.all()}


def _write_chapters(stage: Stage) -> None:
    """The texts, with the figures they cite."""
    chapters, cite = _chapters(stage), _citing(stage)
    for one in demo_script()["chapters"]:
        text = _CITED.sub(lambda found: cite(found[1]), one["text"].strip())
        _save(chapters[one["key"]], text=text, stage=stage)


def _save(chapter: Chapter, *, text: str, stage: Stage, note: str = "") -> None:
    saved = save_chapter(chapter.pk, text=text, base=chapter.version, by=stage.people.official, note=note)
    assert not isinstance(saved, Conflict)  # nobody else writes while this transaction lasts


def _citing(stage: Stage) -> Callable[[str], str]:
    """A function that keeps the newest figure of an indicator and gives the mark that a chapter refers to it by."""
    by = stage.people.official
    actor = get_actor(by)
    kept: dict[str, str] = {}

    def keep(code: str) -> str:
        cited: CitedFigure | None = find_baseline(stage.plan.prefecture, indicator_code=code, measure="rate")
        if cited is None:
            return "（値は未計算）"
        citation = keep_citation(cited, address=baseline_address(cited), host="", today=stage.today, by=by, actor=actor)
        return f"[[引用:{citation.pk}]]"

    def cite(code: str) -> str:
        if code not in kept:
            kept[code] = keep(code)
        return kept[code]

    return cite


def _publish(stage: Stage) -> None:
    """Handed in, returned, mended, handed in again, approved and made public."""
    later = demo_script()["later"]
    for number, one in enumerate(demo_script()["versions"]):
        if number:
            chapter = _chapters(stage)[later["chapter"]]
            _save(chapter, text=chapter.text + later["add"], stage=stage, note=later["note"])
        version = submit_plan(stage.plan, note=one["note"], by=stage.people.official)
        decided = decide(version, outcome=one["outcome"], reason=one["reason"], by=stage.people.approver)
    publish_version(decided)


def _talk(stage: Stage) -> None:
    """Comments with the people they name; one of them answered and dealt with."""
    chapters, people = _chapters(stage), stage.people
    city = Region.objects.filter(
        kind=Region.Kind.MUNICIPALITY, valid_to=None, code__in=people.city.scopes.values("code")
    ).first()
    for one in demo_script()["comments"]:
        by = people.named(one["by"])
        said = add_comment(
            stage.plan,
            text=one["text"],
            by=by,
            chapter=chapters[one["chapter"]],
            municipality=city if one["by"] == "city" else None,
        )
        _answer(stage, said, one)


def _answer(stage: Stage, said: Any, line: Mapping[str, Any]) -> None:
    if "reply" in line:
        add_comment(stage.plan, text=line["reply"], by=stage.people.official, parent=said)
    if line.get("resolved"):
        resolve_comment(said, by=stage.people.official, is_resolved=True)


def _set_states(stage: Stage) -> None:
    """How far each chapter of the next version is; the last step, since handing in moves them all."""
    chapters = _chapters(stage)
    for one in demo_script()["chapters"]:
        owner = None if one["status"] == Chapter.Status.NOT_STARTED else stage.people.official
        set_chapter_state(chapters[one["key"]], status=one["status"], owner=owner, due_on=stage.day(one["due"]))
