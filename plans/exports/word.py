"""A plan as Word: headings, captions, tables and notes in styles, so that a prefecture's own template restyles it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markdown_it.token import Token

from plans.exports.document import Block, Grid, Heading, Picture, PlanDocument, Prose
from plans.exports.prose import ProseTokens, read_prose
from zaitaku.lib import markdown

# What every office has; a template's own fonts win, since only the built-in one is touched.
_FONT = "游ゴシック"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_A4 = (Mm(210), Mm(297))
_TEXT_WIDTH = Mm(170)


class TemplateRefused(Exception):
    """The prefecture's template cannot be used; the message says why, in Japanese."""


def write_word(document: PlanDocument, *, template: bytes | None = None) -> bytes:
    """The .docx. `template`: a prefecture's own, whose styles, margins, header and footer are kept, its text removed.

    Raises `TemplateRefused`.
    """
    word = _open(template) if template is not None else _plain_page()
    word.core_properties.title = document.title
    word.core_properties.author = document.subtitle
    _title_page(word, document)
    page = _Page(word)
    for block in document.blocks:
        _write(page, block)
    if document.sources:
        word.add_heading("出典", level=1)
        for source in document.sources:
            page.paragraph("List Bullet", source)
    if template is None:
        _footer(word, document.footer)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _open(template: bytes) -> WordDocument:
    try:
        word = Document(io.BytesIO(template))
    except Exception as problem:
        raise TemplateRefused(
            "テンプレートを開けません。Word文書（.docx）として保存し直してください（.doc・.dotm は使えません）。"
        ) from problem
    missing = [name for name in ("Heading 1", "Normal") if name not in {style.name for style in word.styles}]
    if missing:
        raise TemplateRefused(
            f"テンプレートに「{'」「'.join(missing)}」のスタイルがありません。見出し1と標準が必要です。"
        )
    body = word.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return word


def _plain_page() -> WordDocument:
    """A4 with Japanese fonts, built on the library's default styles."""
    word = Document()
    section = word.sections[0]
    section.page_width, section.page_height = _A4
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    for name, size in (("Normal", 10.5), ("Heading 1", 16), ("Heading 2", 13), ("Heading 3", 11.5), ("Title", 22)):
        style = word.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    return word


def _title_page(word: WordDocument, document: PlanDocument) -> None:
    _Page(word).paragraph("Title", document.title)
    word.add_paragraph(_clean(document.subtitle))
    for label, value in document.marks:
        word.add_paragraph(_clean(f"{label}：{value}"))
    contents = word.add_paragraph()
    _field(contents, 'TOC \\o "1-2" \\h \\z \\u', "目次（右クリックして「フィールドの更新」を選ぶと表示されます）")


class _Page:
    """The document with its styles by name. The library looks each style up anew for every paragraph: half the time."""

    def __init__(self, word: WordDocument) -> None:
        self.word = word
        self.styles = {style.name: style.style_id for style in word.styles}

    def paragraph(self, style: str, text: str = "") -> Paragraph:
        """A paragraph in the style, or in 標準 where a template lacks it."""
        paragraph = self.word.add_paragraph(_clean(text))
        paragraph._p.style = self.styles.get(style)
        return paragraph


def _write(page: _Page, block: Block) -> None:
    word = page.word
    match block:
        case Heading():
            heading = word.add_heading(_clean(block.text), level=block.level)
            heading.paragraph_format.page_break_before = block.level == 1
        case Prose():
            _Prose(page, read_prose(markdown.parse(block.text), level=block.level)).write()
        case Grid():
            _caption(page, "表", block.caption, keep=True)
            _grid(page, block)
        case Picture():
            word.add_picture(io.BytesIO(block.png), width=_TEXT_WIDTH)
            shape = word.inline_shapes[len(word.inline_shapes) - 1]
            shape._inline.docPr.set("descr", _clean(block.alt))  # the library has no name for it
            _caption(page, "図", block.caption, keep=False)


def _caption(page: _Page, kind: str, text: str, *, keep: bool) -> None:
    """A caption that Word numbers by itself."""
    paragraph = page.paragraph("Caption")
    paragraph.add_run(f"{kind} ")
    _field(paragraph, f"SEQ {kind} \\* ARABIC", "")
    paragraph.add_run(f"　{_clean(text)}")
    paragraph.paragraph_format.keep_with_next = keep


def _grid(page: _Page, grid: Grid) -> None:
    table = page.word.add_table(rows=1, cols=len(grid.header))
    table._tbl.tblPr.style = page.styles.get("Table Grid")
    table.autofit = False
    _fill(table.rows[0], grid.header, frozenset())
    _repeat(table.rows[0])
    for row in grid.rows:
        _fill(table.add_row(), row, grid.numbers)
    whole = sum(grid.widths)
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = int(_TEXT_WIDTH * width / whole)
    _name_table(table, grid.caption)


def _fill(row: _Row, cells: Sequence[str], numbers: frozenset[int]) -> None:
    # Not `row.cells`, which works the whole grid out again for each row: long lists took minutes.
    for number, (cell, text) in enumerate(zip(row._tr.tc_lst, cells, strict=True)):
        paragraph = Paragraph(cell.p_lst[0], row.table)
        paragraph.add_run(_clean(text)).font.size = Pt(9)
        if number in numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: _Row) -> None:
    """The first row stands at the head of each page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _name_table(table: Table, text: str) -> None:
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), _clean(text))
    table._tbl.tblPr.append(caption)


def _footer(word: WordDocument, text: str) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{_clean(text)}　")
    _field(paragraph, "PAGE", "1")


def _field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field that Word fills in: number of the page, of the table, list of contents."""
    for kind in ("begin", None, "separate"):
        run = paragraph.add_run()
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {instruction} "
            run._r.append(text)
        else:
            _mark(run, kind)
    paragraph.add_run(shown)
    _mark(paragraph.add_run(), "end")


def _mark(run: Run, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run._r.append(mark)


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


class _Prose:
    """Writes the tokens of one text; notes come as a numbered list at its end, since the library has no footnotes."""

    def __init__(self, page: _Page, prose: ProseTokens) -> None:
        self.page, self.prose = page, prose
        self.lists: list[str] = []
        self.style = "Normal"
        self.row: list[str] | None = None
        self.rows: list[list[str]] = []

    def write(self) -> None:
        for token in self.prose.tokens:
            self._token(token)
        for number, note in sorted(self.prose.notes.items()):
            paragraph = self.page.word.add_paragraph()
            paragraph.add_run(f"注{number + 1}　").font.size = Pt(9)
            for token in note:
                self._inline(paragraph, token)

    def _token(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            self.lists.append("List Bullet" if token.type.startswith("bullet") else "List Number")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.lists.pop()
        elif token.type == "heading_open":
            self.style = f"Heading {min(self.prose.levels[id(token)], 9)}"
        elif token.type == "heading_close":
            self.style = "Normal"
        elif token.type in {"fence", "code_block"}:
            self.page.word.add_paragraph(_clean(token.content.rstrip()))
        elif token.type.startswith(("table", "tr")):
            self._table_token(token)
        elif token.type == "inline":
            self._text(token)

    def _table_token(self, token: Token) -> None:
        if token.type == "tr_open":
            self.row = []
        elif token.type == "tr_close" and self.row is not None:
            self.rows.append(self.row)
            self.row = None
        elif token.type == "table_close":
            header, *rows = self.rows
            widths = tuple(1.0 for _ in header)
            _grid(self.page, Grid(caption="", header=tuple(header), rows=tuple(map(tuple, rows)), widths=widths))
            self.rows = []

    def _text(self, token: Token) -> None:
        if self.row is not None:
            self.row.append("".join(child.content for child in token.children or ()))
            return
        style = self.style if self.style != "Normal" or not self.lists else self._list_style()
        self._inline(self.page.paragraph(style), token)

    def _list_style(self) -> str:
        """「List Bullet」, and 「List Bullet 2」 one level below; there are three."""
        depth = min(len(self.lists), 3)
        return self.lists[-1] if depth == 1 else f"{self.lists[-1]} {depth}"

    def _inline(self, paragraph: Paragraph, token: Token) -> None:
        bold = italic = strike = 0
        for child in token.children or ():
            step = {"open": 1, "close": -1}.get(child.type.rpartition("_")[2], 0)
            if child.type.startswith("strong"):
                bold += step
            elif child.type.startswith("em_"):
                italic += step
            elif child.type.startswith("s_"):
                strike += step
            else:
                for text, is_note in self._pieces(child):
                    run = paragraph.add_run(_clean(text))
                    # None: as the style has it.
                    run.bold, run.italic, run.font.strike = bold > 0 or None, italic > 0 or None, strike > 0 or None
                    run.font.superscript = is_note or None

    def _pieces(self, child: Token) -> Iterator[tuple[str, bool]]:
        if child.type == "footnote_ref":
            yield f"注{child.meta['id'] + 1}", True
        elif child.type == "hardbreak":
            yield "\n", False
        elif child.type in {"text", "code_inline"}:
            yield child.content, False
