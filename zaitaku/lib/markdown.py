"""The small part of Markdown the manual is written in, as HTML: headings, paragraphs, lists, tables, code, links.

Everything is escaped first; a link leads only within the site, to a heading, or to https. No raw HTML passes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

_INLINE_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:/|#|https://)[^)\s]*|[0-9]{2}-[a-z-]+\.md(?:#[^)\s]*)?)\)")
_MANUAL_FILE = re.compile(r"^[0-9]{2}-([a-z-]+)\.md")
_HEADING = re.compile(r"(#{1,4}) +(.+)")
_BULLET = re.compile(r"[-*] +(.+)")
_NUMBER = re.compile(r"[0-9]+\. +(.+)")


def title(text: str) -> str:
    """The words of the first heading."""
    match = re.search(r"^# +(.+)$", text, re.MULTILINE)
    return match[1].strip() if match else ""


def first_paragraph(text: str) -> str:
    """The first paragraph without its marks, as plain text."""
    for block in _blocks(text):
        if not _HEADING.match(block[0]):
            return re.sub(r"[*`]", "", _LINK.sub(r"\1", "".join(block)))
    return ""


def render(text: str) -> str:
    """HTML of the whole text; NUL, which no text of a person holds and which marks places here, is left out."""
    return "\n".join(_render_block(block) for block in _blocks(text.replace("\x00", "")))


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between empty lines; a fenced code block is one run; a heading stands alone."""
    block: list[str] = []
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
            block.append(line)
            if not fenced:
                yield block
                block = []
        elif fenced:
            block.append(line)
        elif _HEADING.match(line):
            if block:
                yield block
            yield [line]
            block = []
        elif line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _render_block(block: list[str]) -> str:
    first = block[0]
    if first.startswith("```"):
        code = "\n".join(line for line in block if not line.startswith("```"))
        return f"<pre><code>{html.escape(code)}</code></pre>"
    if heading := _HEADING.match(first):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    if first.startswith("|"):
        return _table(block)
    if first.startswith("> "):
        return f'<div class="notice"><p>{_inline("".join(line.removeprefix("> ") for line in block))}</p></div>'
    for tag, pattern in (("ul", _BULLET), ("ol", _NUMBER)):
        if pattern.match(first):
            return _list(block, tag=tag, pattern=pattern)
    return f"<p>{_inline(''.join(block))}</p>"


def _list(block: list[str], *, tag: str, pattern: re.Pattern[str]) -> str:
    items: list[str] = []
    for line in block:
        if match := pattern.match(line):
            items.append(match[1])
        else:  # a continuation of the item above
            items[-1] += line.strip()
    return f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _table(block: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block]
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in rows[0])
    body = "".join(
        f'<tr><th scope="row">{_inline(row[0])}</th>{"".join(f"<td>{_inline(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows[2:]
    )
    return (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="表">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _inline(text: str) -> str:
    """Code spans are taken out first, so that nothing inside them is read as a mark."""
    spans: list[str] = []

    def keep(match: re.Match[str]) -> str:
        spans.append(f"<code>{match[1]}</code>")
        return f"\x00{len(spans) - 1}\x00"

    escaped = _INLINE_CODE.sub(keep, html.escape(text))
    escaped = _STRONG.sub(r"<strong>\1</strong>", escaped)
    escaped = _LINK.sub(_anchor, escaped)
    restore: Callable[[re.Match[str]], str] = lambda match: spans[int(match[1])]  # noqa: E731
    return re.sub("\x00([0-9]+)\x00", restore, escaped)


def _anchor(match: re.Match[str]) -> str:
    address = _MANUAL_FILE.sub(r"/help/\1/", match[2])
    return f'<a href="{address}">{match[1]}</a>'
