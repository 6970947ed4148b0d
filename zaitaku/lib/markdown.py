"""Text with marks, by markdown-it: the manual's pages and the chapters of plans, as HTML and as tokens for documents.

CommonMark with tables, footnotes and strike-through. HTML in the text is shown, not obeyed; pictures are not fetched; a
link leads only within the site, to a heading, or to https. Two things differ, because the text is Japanese: lines are
joined without a space, and `**「語」**の` is strong although CommonMark, which parts words by spaces, would not see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote import footnote_plugin

_LINK = re.compile(r"^(?:/(?!/)|#|https://|[0-9]{2}-[a-z-]+\.md(?:#|$))")
_MANUAL_FILE = re.compile(r"^[0-9]{2}-([a-z-]+)\.md")
# Kana, ideographs, and the punctuation and full-width forms that stand between them without spaces.
_CJK = re.compile(r"[　-〿぀-ヿ㐀-䶿一-鿿豈-﫿＀-￯𠀀-𮯯]")


def title(text: str) -> str:
    """The words of the first heading."""
    return next((_plain(one) for kind, one in _blocks(text) if kind == "h1"), "")


def first_paragraph(text: str) -> str:
    """The first paragraph without its marks, as plain text."""
    return next((_plain(one) for kind, one in _blocks(text) if kind == "p"), "")


def render(text: str, *, below: int = 0, document: str = "") -> str:
    """HTML of the whole text, its headings below the level `below`; `document` parts the footnotes of several texts."""
    parser = _parser()
    environment: EnvType = {"docId": document} if document else {}
    tokens = parser.parse(text.replace("\x00", ""), environment)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + below)}"
    return str(parser.renderer.render(tokens, parser.options, environment))


def parse(text: str) -> list[Token]:
    """The tokens of the text, from which documents are made."""
    return _parser().parse(text.replace("\x00", ""))


def plain(text: str) -> str:
    """The words alone, paragraphs parted by a line."""
    return "\n".join(_plain(token) for token in parse(text) if token.type == "inline")


def _blocks(text: str) -> Iterable[tuple[str, Token]]:
    """(tag, inline token) of headings and paragraphs that stand at the outermost level."""
    tokens = parse(text)
    return ((opened.tag, one) for opened, one in pairwise(tokens) if opened.level == 0 and one.type == "inline")


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type in {"text", "code_inline"})


class _JapaneseInline(StateInline):
    """Where no spaces part words, marks open and close wherever something stands behind or before them."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        if not canSplitWord or not (_CJK.match(before) or _CJK.match(after)):
            return scanned
        return Scanned(
            can_open=scanned.can_open or not after.isspace(),
            can_close=scanned.can_close or not before.isspace(),
            length=scanned.length,
        )


class _JapaneseParser(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _JapaneseInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline = _JapaneseParser()
    parser.enable(["table", "strikethrough"]).disable(["image", "html_inline", "html_block"]).use(footnote_plugin)
    parser.validateLink = lambda address: bool(_LINK.match(address))  # type: ignore[assignment, method-assign] # meant to be set
    parser.normalizeLink = lambda address: _MANUAL_FILE.sub(r"/help/\1/", address)  # type: ignore[assignment, method-assign] # too
    parser.core.ruler.push("table_heads", _name_table_heads)
    parser.add_render_rule("table_open", _open_table)
    parser.add_render_rule("table_close", _close_table)
    parser.add_render_rule("blockquote_open", _open_quote)
    parser.add_render_rule("softbreak", _join_lines)
    return parser


def _name_table_heads(state: object) -> None:
    """The first cell of each row is the row's head."""
    row: list[Token] = []
    for token in state.tokens:  # type: ignore[attr-defined] # a StateCore, which every rule has its own class of
        if token.type == "tr_open":
            row = []
        elif token.type in {"th_open", "td_open", "td_close"}:
            row.append(token)
            if token.type == "th_open":
                token.attrSet("scope", "col")
        elif token.type == "tr_close" and row and row[0].type == "td_open":
            row[0].tag = row[1].tag = "th"
            row[0].attrSet("scope", "row")


def _open_table(*_: object) -> str:
    return '<div class="table-scroll" tabindex="0" role="region" aria-label="表"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"


def _open_quote(*_: object) -> str:
    return '<blockquote class="notice">\n'


def _join_lines(_renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    """Nothing between Japanese characters, a space elsewhere."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return "" if _CJK.match(before) or _CJK.match(after) else " "
