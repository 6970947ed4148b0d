"""The small Markdown of the manual: what it writes, and that nothing else gets through."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.html import outline
from zaitaku.lib.markdown import first_paragraph, render, title

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
    assert '<th scope="row">あ</th><td><code>a &lt; b</code></td>' in html
    assert '<ol><li>はじめ</li><li><a href="/help/figures/">次へ</a></li></ol>' in html
    assert "<pre><code>make &lt;run&gt;</code></pre>" in html


def test_title_and_summary_are_plain_words() -> None:
    assert title(TEXT) == "題名"
    assert first_paragraph(TEXT) == "一つ目の段落です。"


def test_a_link_with_a_script_stays_text() -> None:
    assert "<a" not in render("[x](javascript:alert(1))")
    assert "<a" not in render("[x](http://example.com/)")


@given(st.text(alphabet="<>\"&'`*[]()#|- \n1.:/abあjsp\x00", max_size=80))
@example("\x001\x00")  # looks like the place of a code span
def test_no_html_of_the_text_gets_through(text: str) -> None:
    html = render(text)
    found = outline(html)
    assert not found.inline
    assert "<script" not in html
    assert "<b" not in html.replace("<br>", "")
