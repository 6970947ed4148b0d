"""Today's content of a plan, read from its rows section by section; what a version keeps (docs/decisions/0060).

A topic adds itself here: its `SectionOf` and the function that reads its records (plain values, each with an `id`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from plans.formulas.content import FieldOf, Record, SectionOf, make_content
from plans.models import Plan

CHAPTERS = SectionOf(
    key="chapters",
    label="章",
    name_field="title",
    fields=(
        FieldOf("title", "章の名称"),
        FieldOf("position", "順番"),
        FieldOf("text", "本文", is_text=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A section and how its records are read."""

    section: SectionOf
    read: Callable[[Plan], Iterable[Record]]


def _chapters(plan: Plan) -> Iterable[Record]:
    return plan.chapters.filter(removed_at__isnull=True).values("id", "key", "position", "title", "text")


TOPICS: tuple[Topic, ...] = (Topic(CHAPTERS, _chapters),)
SECTIONS: tuple[SectionOf, ...] = tuple(topic.section for topic in TOPICS)


def get_content(plan: Plan) -> dict[str, Any]:
    """The plan as it stands now, as plain values."""
    return make_content(_head(plan), {topic.section.key: tuple(topic.read(plan)) for topic in TOPICS})


def _head(plan: Plan) -> dict[str, Any]:
    return {
        "prefecture": plan.prefecture.code,
        "prefecture_name": plan.prefecture.name,
        "period": plan.period,
        "title": plan.title,
        "scheme": plan.scheme.key if plan.scheme else None,
        "scheme_name": plan.scheme.name if plan.scheme else None,
        "is_demo": plan.is_demo,
    }
