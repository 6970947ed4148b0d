"""Figures that a plan refers to, as records of its content."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.queries.citations import KeptCitation, get_citations_for
from plans.formulas.citing import CITATION
from plans.formulas.content import Record


def citation_record(one: KeptCitation) -> dict[str, object]:
    """A citation as content: the figure with its unit, what it is and where it comes from, and its page."""
    return {
        "id": one.id,
        "text": f"{one.value_text}{one.unit}",
        "source": f"{one.region_name}の{one.indicator_name}（{one.year}年度）。{'；'.join(one.sources)}",
        # The last line of the paragraph that was kept: the whole address and the day it was looked at.
        "url": one.text.rstrip().rpartition("\n")[2],
    }


def with_news(citations: Iterable[KeptCitation]) -> dict[int, Record]:
    """Records by number for a text that is being written: a newer figure is told beside, never in its place."""
    found: dict[int, Record] = {}
    for one in citations:
        record = citation_record(one)
        news = f"【{''.join(one.news)}】" if one.news else ""
        found[one.id] = {**record, "source": f"{record['source']}{news}"}
    return found


def cited_in(text: str, prefecture_code: str) -> dict[int, Record]:
    """What a text refers to; nothing is read for a text that refers to nothing."""
    if not CITATION.search(text):
        return {}
    return with_news(get_citations_for(prefecture_code))
