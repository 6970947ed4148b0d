"""Today's content of a plan, read from its rows section by section; what a version keeps (docs/decisions/0060)."""

from __future__ import annotations

from typing import Any

from plans.formulas.content import SectionOf, make_content
from plans.models import Plan
from plans.queries.evaluation_topics import EVALUATION_TOPICS
from plans.queries.topics import TOPICS, Topic

_ALL: tuple[Topic, ...] = (*TOPICS, *EVALUATION_TOPICS)
SECTIONS: tuple[SectionOf, ...] = tuple(topic.section for topic in _ALL)


def get_content(plan: Plan) -> dict[str, Any]:
    """The plan as it stands now, as plain values."""
    return make_content(_head(plan), {topic.section.key: tuple(topic.read(plan)) for topic in _ALL})


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
