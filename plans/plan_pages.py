"""What pages of plans show beside query results: links of sections, panels of the home page, contexts. No HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from indicators.home_panels import HomePanel, PanelItem
from plans.exports.document import Grid, Heading, Printing, Prose, make_document
from plans.formulas.content import Content, records
from plans.models import Plan
from plans.queries.comments import list_unseen
from plans.queries.plans import SectionRow, get_workspace, list_plans, rights_of
from plans.queries.reviews import indicator_names
from zaitaku.accounts.models import User
from zaitaku.accounts.queries import get_actor
from zaitaku.lib import markdown
from zaitaku.lib.prefectures import Prefecture


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A part of the plan with its page; no address where the page is not installed."""

    row: SectionRow
    url: str


def section_links(rows: Iterable[SectionRow], plan: Plan) -> list[SectionLink]:
    """The parts with the addresses that are installed."""
    return [SectionLink(row, next(_urls(row, plan), "")) for row in rows]


def _urls(row: SectionRow, plan: Plan) -> Iterator[str]:
    query = f"?prefecture={plan.prefecture.code}"
    for name in row.url_names:
        for arguments in ({"plan_id": plan.pk}, {}):
            try:
                yield reverse(name, kwargs=arguments) + ("" if arguments else query)
            except NoReverseMatch:
                continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a version on the page: a heading, HTML made from text with marks, or a table."""

    heading: str = ""
    html: str = ""
    grid: Grid | None = None


def document_parts(content: Content) -> list[Part]:
    """A snapshot as its page shows it: the same blocks as in Word and PDF."""
    printing = Printing(marks=(), pictures={}, indicator_names=indicator_names(content), sources=())
    document = make_document(content, printing)
    return [_part(block, number) for number, block in enumerate(document.blocks)]


def _part(block: object, number: int) -> Part:
    if isinstance(block, Heading):
        return Part(heading=block.text)
    if isinstance(block, Prose):
        return Part(html=markdown.render(block.text, below=2, document=f"c{number}"))
    assert isinstance(block, Grid), "a snapshot has no pictures"
    return Part(grid=block)


def data_editions(content: Content) -> list[str]:
    """The sources of all cited figures, each once."""
    return sorted({one["source"].partition("）。")[2] for one in records(content, "citations")} - {""})


def home_panel(request: HttpRequest, prefecture: Prefecture) -> HomePanel | None:
    """The plan of one's own prefecture: what comes next, late chapters, where one was named."""
    if not isinstance(request.user, User):
        return None
    rights = rights_of(get_actor(request.user), prefecture.code)
    plan = list_plans(prefecture.code).first() if rights.reads else None
    if plan is None:
        return None
    workspace = get_workspace(plan, rights=rights, today=timezone.localdate())
    url = reverse("plans:plan-detail", args=[plan.pk])
    items = [PanelItem(text=text, url=url) for text in workspace.next_steps]
    items += [
        PanelItem(
            text=f"「{row.title}」の期限です（担当：{row.owner or '未定'}）",
            url=reverse("plans:chapter-detail", args=[row.id]),
            due=f"{row.due_on:%Y年%-m月%-d日}",
            is_late=row.is_late,
        )
        for row in workspace.chapters
        if row.due_on and row.is_late
    ]
    items += [
        PanelItem(text=f"{one.comment.by}さんの意見に、あなたの名前が挙がっています", url=f"{url}#mentions")
        for one in list_unseen(request.user, plan=plan)
    ]
    return HomePanel(title=f"計画：{plan.title}", items=tuple(items), empty="いま行うことはありません。")
