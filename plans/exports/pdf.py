"""A plan as PDF by Typst: A4, Japanese font embedded, tagged (PDF/UA-1), table heads on every page, vectors.

The text of a plan never becomes Typst code: every piece of it is written as a quoted string.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.token import Token

from plans.exports.document import Block, Grid, Heading, Picture, PlanDocument, Prose
from plans.exports.prose import read_prose
from zaitaku.lib import markdown
from zaitaku.lib.fonts import FONT_FOLDER, FONT_NAME

# The font has one weight: a thin outline makes it bold.
_FRAME = """#set document(title: {title}, author: {author}, date: none)
#set text(font: {font}, lang: "ja", size: 10pt, cjk-latin-spacing: none)
#set page(paper: "a4", margin: (x: 20mm, top: 20mm, bottom: 22mm), footer: context [
  #set text(size: 8pt)
  #{footer} #h(1fr) #counter(page).display("1 / 1", both: true)
])
#set par(leading: 0.8em, justify: true, first-line-indent: 0pt)
#set heading(numbering: "1.1")
#show heading.where(level: 1): it => {{ pagebreak(weak: true); block(below: 1em, text(size: 15pt, it)) }}
#show heading.where(level: 2): set text(size: 12pt)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure: set block(breakable: true)
#show heading: set text(stroke: 0.3pt)
#show strong: it => text(stroke: 0.3pt, it.body)
#set table(stroke: 0.5pt + luma(120), inset: 4pt, fill: (_, y) => if y == 0 {{ luma(235) }})
"""


def write_pdf(document: PlanDocument) -> bytes:
    """The PDF. The same document gives the same bytes."""
    import typst

    with tempfile.TemporaryDirectory(prefix="zaitaku-pdf-") as name:
        folder = Path(name)
        source = "".join(_source(document, folder))
        (folder / "plan.typ").write_text(source, encoding="utf-8")
        made = typst.compile(
            str(folder / "plan.typ"),
            root=name,
            font_paths=[str(FONT_FOLDER)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
        )
    assert isinstance(made, bytes)
    return made


def _source(document: PlanDocument, folder: Path) -> Iterator[str]:
    yield _FRAME.format(
        title=_quoted(document.title),
        author=_quoted(document.subtitle),
        font=_quoted(FONT_NAME),
        footer=_quoted(document.footer),
    )
    yield from _title_page(document)
    yield f"#outline(title: {_quoted('目次')}, depth: 2)\n"
    for number, block in enumerate(document.blocks):
        yield _block(block, folder, number)
    if document.sources:
        yield f"\n#heading(level: 1, numbering: none, {_quoted('出典')})\n"
        yield "".join(f"#list.item({_text(source)})\n" for source in document.sources)


def _title_page(document: PlanDocument) -> Iterator[str]:
    yield f'#align(center)[#v(60mm) #text(size: 22pt, weight: "bold", {_quoted(document.title)}) '
    yield f"#v(6mm) #text(size: 13pt, {_quoted(document.subtitle)})]\n#v(20mm)\n"
    for label, value in document.marks:
        yield f"#align(center, text(size: 10pt, {_quoted(f'{label}：{value}')}))\n"
    yield "#pagebreak()\n"


def _block(block: Block, folder: Path, number: int) -> str:
    match block:
        case Heading():
            return f"\n#heading(level: {block.level}, {_quoted(block.text)})\n"
        case Prose():
            return _prose(block)
        case Grid():
            return _table(block)
        case Picture():
            file = f"figure-{number}.svg"
            (folder / file).write_bytes(block.svg)
            image = f"image({_quoted(file)}, width: 100%, alt: {_quoted(block.alt)})"
            return f"\n#figure({image}, caption: {_text(block.caption)}, supplement: [図], alt: {_quoted(block.alt)})\n"


def _table(grid: Grid) -> str:
    columns = ", ".join(f"{width}fr" for width in grid.widths)
    align = ", ".join("right" if number in grid.numbers else "left" for number in range(len(grid.header)))
    head = ", ".join(_text(cell) for cell in grid.header)
    cells = ",\n".join(", ".join(_text(cell) for cell in row) for row in grid.rows)
    table = f"table(columns: ({columns},), align: ({align},), table.header({head}),\n{cells})"
    small = f"{{ set text(size: 8.5pt); {table} }}"
    return f"\n#figure({small}, kind: table, caption: {_text(grid.caption)}, supplement: [表])\n"


def _quoted(text: str) -> str:
    """A Typst string. Without control characters, JSON's escapes are those of Typst."""
    return json.dumps(_CONTROL.sub(" ", text), ensure_ascii=False)


def _text(text: str) -> str:
    return f"text({_quoted(text)})"


def _prose(block: Prose) -> str:
    tokens = markdown.parse(block.text)
    return "\n" + "".join(_Writer(tokens, level=block.level).blocks()) + "\n"


# Fit for neither Typst nor Word; tabs and line ends are.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OPEN = {
    "paragraph_open": "#par[",
    "bullet_list_open": "#list(",
    "ordered_list_open": "#enum(",
    "list_item_open": "[",
    "blockquote_open": "#quote(block: true)[",
}
_CLOSE = {
    "paragraph_close": "]\n",
    "bullet_list_close": ")\n",
    "ordered_list_close": ")\n",
    "list_item_close": "],",
    "blockquote_close": "]\n",
}
_MARKS_OPEN = {"strong_open": "#strong[", "em_open": "#emph[", "s_open": "#strike["}
_MARKS_CLOSE = {"strong_close", "em_close", "s_close"}


class _Writer:
    """Typst markup of the tokens of one text."""

    def __init__(self, tokens: Sequence[Token], *, level: int) -> None:
        self.prose = read_prose(tokens, level=level)

    def blocks(self) -> Iterator[str]:
        table: list[list[str]] | None = None
        for token in self.prose.tokens:
            if token.type == "table_open":
                table = []
            elif token.type == "table_close" and table is not None:
                yield _plain_table(table)
                table = None
            elif table is not None:
                self._into_table(token, table)
            else:
                yield self._outside_table(token)

    def _into_table(self, token: Token, table: list[list[str]]) -> None:
        if token.type == "tr_open":
            table.append([])
        elif token.type == "inline":
            table[-1].append("".join(self.inline(token)))

    def _outside_table(self, token: Token) -> str:
        if token.type == "heading_open":
            return f"#heading(level: {self.prose.levels[id(token)]})["
        if token.type == "heading_close":
            return "]\n"
        if token.type == "inline":
            return "".join(self.inline(token))
        if token.hidden:
            return ""
        if token.type in {"fence", "code_block"}:
            return f"#raw({_quoted(token.content.rstrip())}, block: true)\n"
        if token.type == "hr":
            return "#line(length: 100%)\n"
        return _OPEN.get(token.type) or _CLOSE.get(token.type) or ""

    def inline(self, token: Token) -> Iterator[str]:
        for child in token.children or ():
            if child.type == "text":
                yield f"#{_text(child.content)}" if child.content else ""
            elif child.type == "code_inline":
                yield f"#raw({_quoted(child.content)})"
            elif child.type == "hardbreak":
                yield "#linebreak()"
            elif child.type == "link_open":
                yield f"#link({_quoted(str(child.attrs['href']))})["
            elif child.type == "link_close" or child.type in _MARKS_CLOSE:
                yield "]"
            elif child.type == "footnote_ref":
                note = self.prose.notes.get(child.meta["id"], ())
                yield f"#footnote[{''.join(piece for one in note for piece in self.inline(one))}]"
            else:
                yield _MARKS_OPEN.get(child.type, "")


def _plain_table(rows: Sequence[Sequence[str]]) -> str:
    if not rows or not rows[0]:
        return ""
    head = ", ".join(f"[{cell}]" for cell in rows[0])
    cells = ", ".join(f"[{cell}]" for row in rows[1:] for cell in row)
    return f"#table(columns: {len(rows[0])}, table.header({head}), {cells})\n"
