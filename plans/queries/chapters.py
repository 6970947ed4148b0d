"""One chapter for its pages: what is being written, what others wrote meanwhile, and what it can be based on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from indicators.definitions.registry import all_definitions
from indicators.queries.citations import KeptCitation, get_citations_for
from indicators.queries.standings import get_region_standings
from indicators.results import Level
from indicators.standings import StandingRow
from institutions.models import Designation
from plans.formulas.citing import CITATION, with_citations
from plans.formulas.content import Record
from plans.formulas.text_difference import Line, Merged, compare_texts, merge_texts
from plans.models import Chapter, ChapterDraft, ChapterRevision
from plans.queries.cited import with_news
from regions.models import Region
from zaitaku.accounts.models import User
from zaitaku.lib import markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the editor opens with. `draft`: what one typed last time and did not save; `newer_by`: who saved since."""

    text: str
    base: int
    draft: ChapterDraft | None
    newer_by: str


def get_writing(chapter: Chapter, user: User) -> Writing:
    """One's own draft if there is one, else the chapter as it stands."""
    draft = ChapterDraft.objects.filter(chapter=chapter, user=user).first()
    if draft is None:
        return Writing(text=chapter.text, base=chapter.version, draft=None, newer_by="")
    return Writing(text=draft.text, base=draft.base, draft=draft, newer_by=newer_by(chapter, base=draft.base))


def newer_by(chapter: Chapter, *, base: int) -> str:
    """Who saved the newest version after `base`; empty if nobody did."""
    if chapter.version == base:
        return ""
    return str(chapter.revisions.select_related("by").order_by("-number")[0].by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides of a conflict: what each made of the common beginning, and a text with both."""

    theirs: str
    theirs_by: str
    theirs_version: int
    mine: str
    base_text: str
    base: int
    theirs_lines: tuple[Line, ...]
    mine_lines: tuple[Line, ...]
    merged: Merged


def get_sides(chapter: Chapter, user: User) -> Sides | None:
    """The conflict between one's draft and the chapter; None if there is none (any more)."""
    draft = ChapterDraft.objects.filter(chapter=chapter, user=user).first()
    if draft is None or draft.base == chapter.version:
        return None
    begun = chapter.revisions.filter(number=draft.base).first()
    base_text = begun.text if begun else ""
    return Sides(
        theirs=chapter.text,
        theirs_by=newer_by(chapter, base=draft.base),
        theirs_version=chapter.version,
        mine=draft.text,
        base_text=base_text,
        base=draft.base,
        theirs_lines=compare_texts(base_text, chapter.text),
        mine_lines=compare_texts(base_text, draft.text),
        merged=merge_texts(base_text, mine=draft.text, theirs=chapter.text),
    )


def list_revisions(chapter: Chapter) -> QuerySet[ChapterRevision]:
    """The saved states of a chapter, newest first."""
    return chapter.revisions.select_related("by").order_by("-number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a chapter can be based on."""

    citations: tuple[KeptCitation, ...]
    used: frozenset[int]
    standings: tuple[StandingRow, ...]
    designated: tuple[tuple[str, int], ...]

    @property
    def outdated(self) -> tuple[KeptCitation, ...]:
        """Figures of the text for which there is something newer."""
        return tuple(one for one in self.citations if one.id in self.used and one.news)


def get_evidence(chapter: Chapter, *, text: str) -> Evidence:
    """Cited figures, where the prefecture stands in the core indicators, and its designations."""
    code = chapter.plan.prefecture.code
    return Evidence(
        citations=get_citations_for(code),
        used=frozenset(int(number) for number in CITATION.findall(text)),
        standings=_standings(code),
        designated=_designated(chapter),
    )


def _standings(prefecture_code: str) -> tuple[StandingRow, ...]:
    core = [one.code for one in all_definitions() if one.core]
    try:
        found = get_region_standings(prefecture_code, level=Level.PREFECTURE, codes=core)
    except Region.DoesNotExist:
        return ()
    return tuple(row for row, _spread in found)


def _designated(chapter: Chapter) -> tuple[tuple[str, int], ...]:
    plan = chapter.plan
    kinds = Designation.objects.filter(
        prefecture=plan.prefecture, period=plan.period, status=Designation.Status.DESIGNATED, voided_at=None
    ).values_list("kind", flat=True)
    found = list(kinds)
    return tuple((kind.label, found.count(kind.value)) for kind in Designation.Kind)


def render_chapter(text: str, cited: Mapping[int, Record], *, document: str = "", below: int = 2) -> str:
    """The text as HTML: cited figures with footnotes, headings below those of the page."""
    return markdown.render(with_citations(text, cited), below=below, document=document)


def render_evidenced(text: str, citations: tuple[KeptCitation, ...]) -> str:
    """A text that is being written, with news about its figures."""
    return render_chapter(text, with_news(citations))
