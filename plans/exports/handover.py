"""引継書 as Word and PDF, by the same writers as the plan's own documents."""

from __future__ import annotations

from collections.abc import Iterator

from plans.exports.document import Block, Grid, Heading, PlanDocument, Prose
from plans.handovers import Handover, HandoverSection

_URGENT = "！"


def make_handover_document(handover: Handover, *, host: str) -> PlanDocument:
    """The document; `host` stands before the addresses of pages, so that a printed one leads somewhere."""
    demo = "【デモ】" if handover.is_demo else ""
    whose = f"（{handover.person}の担当）" if handover.person else ""
    day = f"{handover.on.year}年{handover.on.month}月{handover.on.day}日"
    return PlanDocument(
        title=f"{demo}引継書{whose}　{handover.title}",
        subtitle=f"{handover.prefecture}　{handover.period}",
        marks=(
            ("時点", day),
            ("急ぐもの", f"{handover.urgent}件（行の初めに「{_URGENT}」）"),
            ("取扱い", "県の内部の資料。公表しない"),
        ),
        footer=f"{demo}引継書{whose}　{day}時点",
        blocks=tuple(_blocks(handover, host)),
        sources=(),
    )


def _blocks(handover: Handover, host: str) -> Iterator[Block]:
    for section in handover.sections:
        yield Heading(1, section.title)
        yield Prose(section.lead)
        yield _grid(section, host) if section.rows else Prose(section.empty)


def _grid(section: HandoverSection, host: str) -> Grid:
    rows = []
    for row in section.rows:
        first, *rest = row.cells
        address = row.url if row.url.startswith("http") else f"{host}{row.url}" if row.url else ""
        rows.append((f"{_URGENT}{first}" if row.is_urgent else first, *rest, address))
    widest = [max(len(row[at]) for row in rows) for at in range(len(section.columns) + 1)]
    return Grid(
        caption=section.title,
        header=(*section.columns, "画面"),
        rows=tuple(rows),
        # By what stands in the columns, within bounds, so that a long reason does not squeeze the days.
        widths=tuple(min(max(length, 8), 30) / 8 for length in widest),
    )
