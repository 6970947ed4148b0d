"""好事例 as hints of profiles."""

from __future__ import annotations

from collections.abc import Mapping

from indicators.profile_hints import ProfileHint
from indicators.profiles import ProfileQuery
from indicators.queries.similar import get_area_types
from indicators.results import Level
from plans.queries.practices import gap_reason, suggest_for_place


def make_hints(query: ProfileQuery, gaps: Mapping[str, str]) -> tuple[ProfileHint, ...]:
    """The cases that fit the gaps of the place; `gaps` are names of indicators by code."""
    against = "全国" if query.level == Level.PREFECTURE else "県全体"
    reasons = {code: gap_reason(name, against) for code, name in gaps.items()}
    found = suggest_for_place(query.prefecture, reasons, area_type=_type_of(query) if gaps else "")
    return tuple(
        ProfileHint(text=one.title, url=one.url, owner=one.prefecture, reason="".join(one.reasons), is_demo=one.is_demo)
        for one in found
    )


def _type_of(query: ProfileQuery) -> str:
    """The kind of an area; of a prefecture those of all its areas count, of a municipality none is told."""
    if query.level != Level.AREA:
        return ""
    return get_area_types(level=Level.AREA, scheme=query.scheme).get(query.code, "")
