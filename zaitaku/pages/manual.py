"""The manual for officials: `docs/ja/*.md`, the same text in the repository and under /help/."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from zaitaku.lib.markdown import first_paragraph, render, title


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One page of the manual. `slug` is the file's name without its number (`01-start.md` → `start`)."""

    slug: str
    title: str
    summary: str
    html: SafeString


@cache
def get_topics() -> tuple[Topic, ...]:
    """All topics in the order of their numbers; read once, they change only with the program."""
    folder = Path(settings.BASE_DIR) / "docs" / "ja"
    return tuple(_read(path) for path in sorted(folder.glob("[0-9][0-9]-*.md")))


def get_topic(slug: str) -> Topic | None:
    """The topic with this slug, or None."""
    return next((topic for topic in get_topics() if topic.slug == slug), None)


def _read(path: Path) -> Topic:
    text = path.read_text(encoding="utf-8")
    # Safe: `render` escapes everything and writes only its own few elements.
    html = mark_safe(render(text))  # noqa: S308
    return Topic(slug=path.stem.split("-", 1)[1], title=title(text), summary=first_paragraph(text), html=html)
