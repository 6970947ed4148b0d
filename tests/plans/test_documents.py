"""A plan as PDF and as Word, opened again: what was written stands in it, and nothing a text says is obeyed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from plans.exports.document import Grid, Heading, Picture, PlanDocument, Printing, Prose, make_document
from plans.exports.pdf import write_pdf
from plans.exports.prose import read_prose
from plans.exports.word import TemplateRefused, write_word
from plans.formulas.citing import with_citations
from zaitaku.lib import markdown

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 4"><rect width="10" height="4"/></svg>'
TEXT = """### 人口

**「訪問診療」**は[[引用:3]]である[^a]。

- 一
  - 二

| 圏域 | 数 |
|---|---|
| 甲 | 1 |

[^a]: 届出による。
"""
CONTENT: dict[str, Any] = {
    "schema": 1,
    "plan": {"title": "在宅医療計画", "prefecture_name": "デモ県", "period": 2027, "is_demo": True},
    "sections": {
        "chapters": [
            {"id": 1, "key": "present-state", "title": "現状と課題", "text": TEXT},
            {"id": 2, "key": "areas", "title": "圏域", "text": ""},
        ],
        "designations": [
            {
                "id": number,
                "kind": "積極的役割を担う医療機関",
                "area": "甲",
                "name": f"デモ診療所{number}",
                "address": "デモ市",
                "body_kind": "診療所",
                "designated_on": None,
                "serves": ["A市", "B町"],
            }
            for number in range(1, 101)
        ],
        "demand": [
            {
                "id": 1,
                "area": "甲",
                "year": 2029,
                "natural_increase": 12.0,
                "transferred": 8.0,
                "home_share": 0.25,
                "meeting": "協議の場",
                "basis": "",
            }
        ],
        "citations": [
            {"id": 3, "text": "366施設（令和7年度）", "source": "届出受理名簿", "url": "/indicators/DAY_S22/"}
        ],
    },
}


def _png() -> bytes:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (10, 4)).save(made, "PNG")
    return made.getvalue()


PRINTING = Printing(
    marks=(("版", "第1版"), ("データの版", "2026年10月")),
    pictures={"present-state": [Picture(name="map", caption="地図の説明", alt="甲と乙の地図", svg=SVG, png=_png())]},
    indicator_names={},
    sources=("厚生労働省「NDBオープンデータ」",),
)


@pytest.fixture(scope="module")
def document() -> PlanDocument:
    return make_document(CONTENT, PRINTING)


def test_each_chapter_is_followed_by_its_pictures_and_tables(document: PlanDocument) -> None:
    kinds = [type(block) for block in document.blocks]
    assert kinds == [Heading, Prose, Picture, Grid, Heading, Grid]
    demand = document.blocks[3]
    assert isinstance(demand, Grid)
    # 在宅 = 12 + 8 × 0.25, 介護 = 8 × 0.75.
    assert demand.rows == (("甲", "令和11年度(2029年度)", "12", "8", "25.0%", "14", "6", "協議の場"),)


def test_a_citation_stands_as_its_figure_with_its_source_in_a_note() -> None:
    cited = {3: CONTENT["sections"]["citations"][0]}
    assert with_citations("数は[[引用:3]]。", cited) == (
        "数は366施設（令和7年度）[^引用3]。\n\n[^引用3]: 届出受理名簿　/indicators/DAY_S22/"
    )
    assert with_citations("数は[[引用:9]]。", cited) == "数は（引用9は見つかりません）。"


def test_the_pdf_is_tagged_japanese_and_repeats_the_heads_of_tables(document: PlanDocument) -> None:
    reader = PdfReader(io.BytesIO(write_pdf(document)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    pages = [page.extract_text() for page in reader.pages]
    text = "".join(pages)
    for words in (
        "【デモ】在宅医療計画",
        "現状と課題",
        "366",
        "届出による",
        "地図の説明",
        "デモ診療所100",
        "厚生労働省",
    ):
        assert words in text
    assert sum("担当する市区町村" in page for page in pages) >= 2


def test_the_word_file_holds_headings_tables_and_pictures_with_their_words(document: PlanDocument) -> None:
    word = Document(io.BytesIO(write_word(document)))
    headings = [p.text for p in word.paragraphs if p.style is not None and p.style.name.startswith("Heading 1")]
    assert headings == ["現状と課題", "圏域", "出典"]
    assert [p.text for p in word.paragraphs if p.style is not None and p.style.name == "Heading 2"] == ["人口"]
    listed = word.tables[-1]
    assert len(listed.rows) == 101
    assert listed.rows[100].cells[2].text == "デモ診療所100"
    assert "tblHeader" in listed.rows[0]._tr.xml
    assert 'descr="甲と乙の地図"' in word.element.xml
    assert "注1" in "".join(p.text for p in word.paragraphs)


def test_a_prefectures_template_keeps_its_styles_and_loses_its_text(document: PlanDocument) -> None:
    own = Document()
    own.add_paragraph("ひな形の説明文")
    own.styles["Heading 1"].font.name = "県の書体"
    kept = io.BytesIO()
    own.save(kept)
    word = Document(io.BytesIO(write_word(document, template=kept.getvalue())))
    assert word.styles["Heading 1"].font.name == "県の書体"
    assert "ひな形の説明文" not in "".join(p.text for p in word.paragraphs)


def test_what_is_no_word_file_is_refused_in_words(document: PlanDocument) -> None:
    with pytest.raises(TemplateRefused, match="docx"):
        write_word(document, template=b"PK nothing")


def test_headings_of_a_text_never_skip_a_level() -> None:
    tokens = markdown.parse("### 甲\n\n# 乙\n\n#### 丙")
    prose = read_prose(tokens, level=1)
    assert [prose.levels[id(token)] for token in tokens if token.type == "heading_open"] == [2, 2, 3]


@settings(max_examples=10)
@given(st.text(alphabet='#$@\\"*_[](){}<>|-`~^=/ \n1aあ「」\x07', max_size=60))
def test_no_text_breaks_a_document_or_becomes_code(text: str) -> None:
    chapter = {"id": 1, "key": "own-1", "title": f"章{text}", "text": text}
    content = {**CONTENT, "sections": {"chapters": [chapter]}}
    document = make_document(content, PRINTING)
    assert PdfReader(io.BytesIO(write_pdf(document))).pages
    assert Document(io.BytesIO(write_word(document))).paragraphs
