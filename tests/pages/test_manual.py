"""Text with marks: what is made of it, and that nothing else gets through."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from tests.html import outline
from zaitaku.lib.markdown import first_paragraph, render, title

# Every element there is; what a text itself writes as HTML would show up beside them.
WRITTEN = {"a", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre", "sup"}
WRITTEN |= {"blockquote", "hr", "br", "div", "section", "table", "thead", "tbody", "tr", "th", "td"}
TEXT = """# 題名

一つ目の**段落**です。

## 表

| 列 | 値 |
|---|---|
| あ | `a < b` |

1. はじめ
2. [次へ](02-figures.md)

```
make <run>
```
"""


def test_headings_tables_lists_and_code_become_html() -> None:
    html = render(TEXT)
    assert "<h1>題名</h1>" in html
    assert "<strong>段落</strong>" in html
    assert '<th scope="row">あ</th>\n<td><code>a &lt; b</code></td>' in html
    assert '<li>はじめ</li>\n<li><a href="/help/figures/">次へ</a></li>' in html
    assert "<pre><code>make &lt;run&gt;\n</code></pre>" in html


def test_marks_work_where_no_spaces_part_words() -> None:
    assert render("これは**「重点」**の指標です。**必ず。**次の\n行も") == (
        "<p>これは<strong>「重点」</strong>の指標です。<strong>必ず。</strong>次の行も</p>\n"
    )
    assert "two lines" in render("two\nlines")


def test_footnotes_are_numbered_and_lead_back() -> None:
    html = render("診療所[^a]が減った。\n\n[^a]: 届出による。")
    assert '<a href="#fn1" id="fnref1">[1]</a>' in html
    assert "届出による。" in html


def test_title_and_summary_are_plain_words() -> None:
    assert title(TEXT) == "題名"
    assert first_paragraph(TEXT) == "一つ目の段落です。"


def test_a_link_with_a_script_stays_text() -> None:
    assert "<a" not in render("[x](javascript:alert(1))")
    assert "<a" not in render("[x](http://example.com/)")
    assert "<a" not in render("[x](//example.com/)")
    assert "<img" not in render("![x](https://example.com/x.png)")


@given(st.text(alphabet="<>\"&'`*[]()#|- \n1.:/abあjsp\x00", max_size=80))
@example("\x001\x00")  # looks like the place of a code span
def test_no_html_of_the_text_gets_through(text: str) -> None:
    html = render(text)
    found = outline(html)
    assert not found.inline
    assert set(re.findall("<([^ />]+)", html)) <= WRITTEN
