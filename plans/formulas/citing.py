"""Figures cited in the text of a chapter: 「[[引用:12]]」 stands for citation 12. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plans.formulas.content import Record

# No more digits than a number of the database can have.
CITATION = re.compile(r"\[\[引用:([0-9]{1,12})\]\]")


def with_citations(text: str, cited: Mapping[int, Record]) -> str:
    """The text with each citation as its figure and a footnote that names its source; an unknown one says so."""
    notes: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        found = cited.get(int(match[1]))
        if found is None:
            return f"（引用{match[1]}は見つかりません）"
        notes[match[1]] = f"[^引用{match[1]}]: {found['source']}　{found['url']}"
        return f"{found['text']}[^引用{match[1]}]"

    replaced = CITATION.sub(put, text)
    return "\n\n".join([replaced, *notes.values()])
