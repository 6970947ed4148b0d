"""Pictures of charts and maps: what is drawn, and that title, filters, date and source are inside."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import image

from zaitaku.lib.figures import OTHER, OWN, Chart, bar, base_figure, scatter
from zaitaku.lib.pictures import Caption, LegendEntry, draw_picture, draw_svg
from zaitaku.lib.pictures.captions import wrap
from zaitaku.lib.pictures.values import colour, dash, each, plain_text, symbol

CAPTION = Caption(
    title="在宅療養支援診療所数　都道府県別（2025年度）",
    filters="単位：か所　目印：三重県",
    as_of="データ時点：2025年10月1日",
    source="出典：厚生局「名簿」を加工して作成",
)
MAP = (
    '<figure><svg viewBox="0 0 100 50" xmlns="http://www.w3.org/2000/svg"><title>地図</title>'
    '<defs><pattern id="m-h" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0V4" stroke="#767676"/></pattern></defs>'
    '<g stroke="#595959" stroke-width=".4"><path d="M0 0l50 0 0 50-50 0z" fill="#08519C"><title>北海道</title></path>'
    '<path d="M50 0h50v50h-50z" fill="url(#m-h)"/></g><text x="5" y="5" dx="1" font-size="6">沖縄</text></svg></figure>'
)


def chart() -> Chart:
    figure = base_figure(height=300, y_title="か所")
    error = {"type": "data", "array": [2, 1], "arrayminus": [1, 1], "symmetric": False}
    figure.add_trace(bar(x=["r01", "r02"], y=[10, 20], marker={"color": [OWN, OTHER]}, error_y=error))
    figure.add_trace(scatter(x=["r01", "r02"], y=[5, None], mode="lines+markers+text", text=["点", ""]))
    figure.add_shape(type="line", x0=0, x1=1, xref="paper", y0=15, y1=15, line={"dash": "dash"})
    figure.add_annotation(
        x=1, xref="paper", y=15, text="全国<br>15.0", showarrow=False, bgcolor="rgba(255,255,255,0.8)"
    )
    figure.update_xaxes(tickvals=["r01", "r02"], ticktext=["北海道", "青森県"], tickangle=-90)
    return figure


def pixels(png: bytes) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
    return np.asarray(image.imread(io.BytesIO(png), format="png"), dtype=np.float64)


def share_of(picture: np.ndarray[tuple[int, int, int], np.dtype[np.float64]], hex_colour: str) -> float:
    wanted = [int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return float((np.abs(picture[:, :, :3] - wanted).max(axis=2) < 0.02).mean())


def test_a_png_holds_title_filters_date_and_source_and_is_drawn_twice_as_fine() -> None:
    png = draw_picture(chart(), caption=CAPTION, file_format="png")
    text = png.decode("latin-1").encode("latin-1").decode("utf-8", errors="ignore")
    for said in (CAPTION.title, CAPTION.filters, CAPTION.as_of, CAPTION.source):
        assert said in text
    assert pixels(png).shape[1] == 2000


def test_the_bars_have_the_height_of_their_figures() -> None:
    picture = pixels(draw_picture(chart(), caption=CAPTION, file_format="png"))
    own, other = share_of(picture, OWN), share_of(picture, OTHER)
    assert other / own == pytest.approx(2, rel=0.1)


def test_an_svg_names_title_and_source_and_has_its_letters_as_outlines() -> None:
    svg = draw_picture(chart(), caption=CAPTION, file_format="svg").decode()
    ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert CAPTION.title in svg
    assert CAPTION.source in svg
    # Letters are glyphs; words stand only in the metadata.
    assert "<text" not in svg
    assert "北海道" not in re.sub(r"<!--.*?-->", "", svg)


def test_the_same_chart_gives_the_same_bytes() -> None:
    for file_format in ("png", "svg"):
        first, second = (draw_picture(chart(), caption=CAPTION, file_format=file_format) for _ in range(2))
        assert first == second


def test_every_kind_of_axis_and_trace_is_drawn() -> None:
    figure = base_figure(height=300)
    figure.add_trace(scatter(x=[1, 10, 100], y=[1, 2, 3], mode="lines", line={"dash": "dot", "shape": "hv"}))
    figure.add_trace(scatter(x=[1, 10, 100], y=[2, 3, 4], fill="tonexty", fillcolor="rgba(0,0,0,0.1)"))
    figure.add_trace(scatter(x=[0, 1, 1], y=[0, 0, 1], fill="toself", xaxis="x2", yaxis="y2"))
    figure.add_trace(bar(y=["a", "b"], x=[3, -4], orientation="h", text=["3", "-4"], xaxis="x3", yaxis="y3"))
    figure.add_trace(bar(y=["a", "b"], x=[1, -1], orientation="h", xaxis="x3", yaxis="y3"))
    figure.update_layout(
        barmode="stack",
        xaxis={"type": "log", "domain": [0, 0.3], "range": [0, 2]},
        xaxis2={"domain": [0.4, 0.6], "side": "top", "title": {"text": "上"}},
        yaxis2={"anchor": "x2", "autorange": "reversed"},
        xaxis3={"domain": [0.7, 1], "ticksuffix": "%", "showline": True},
        yaxis3={"anchor": "x3"},
    )
    figure.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1, xref="x2", yref="y2", fillcolor="#DDDDDD", layer="below")
    figure.add_annotation(x=0.5, y=0.5, xref="x2", yref="y2", text="矢印", ax=20, ay=-20)
    assert draw_picture(figure, caption=CAPTION, file_format="png").startswith(b"\x89PNG")


def test_a_trace_that_has_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="pie"):
        draw_picture(
            Chart([{"type": "pie", "values": [1]}], base_figure(height=100).layout), caption=CAPTION, file_format="png"
        )


def test_a_map_is_framed_with_its_legend_and_needs_no_font() -> None:
    legend = [LegendEntry(fill="#08519C", label="多い")]
    svg = draw_svg(MAP, caption=CAPTION, file_format="svg", legend=legend).decode()
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    assert root.attrib["width"] == "1000"
    assert f"<title>{CAPTION.title}</title>" in svg
    assert CAPTION.source in svg
    assert "<text" not in svg
    assert 'fill="url(#m-h)"' in svg


def test_a_map_as_png_is_half_filled_and_half_hatched() -> None:
    legend = [LegendEntry(fill="url(#m-h)", label="秘匿")]
    png = draw_svg(MAP, caption=CAPTION, file_format="png", legend=legend)
    picture = pixels(png)
    drawn = picture[200:900]
    assert share_of(drawn, "#08519C") == pytest.approx(0.48, abs=0.05)
    assert 0.05 < share_of(drawn[:, 1000:], "#767676") < 0.5


def test_long_sources_are_broken_and_no_line_begins_with_a_closing_mark() -> None:
    lines = wrap("出典：" + "厚生労働省「調査」、" * 30, size=13, width=300)
    assert len(lines) > 5
    assert not any(line.startswith(("、", "」")) for line in lines)


def test_plotlys_words_are_understood() -> None:
    assert colour("rgba(255, 0, 16, 0.5)", OTHER) == ("#ff0010", 0.5)
    assert colour(None, OTHER) == (OTHER, 1.0)
    assert plain_text("a<br><b>b</b> &amp; c") == "a\nb & c"
    assert each([1], 2, 0) == [1, 0]
    assert symbol("diamond-open") == ("D", False)
    assert dash("unknown") == "solid"
