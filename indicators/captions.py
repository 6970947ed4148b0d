"""What a picture of one view says about itself. Pure."""

from __future__ import annotations

from indicators.results import IndicatorResult, Level, Measure, Tab
from zaitaku.lib.pictures import Caption


def make_caption(result: IndicatorResult) -> Caption:
    """Title, filters in words, date of the data and 出典, for the pictures of a view."""
    query = result.query
    parts = [f"指標{result.definition.code}（定義第{result.definition.version}版）", f"単位：{result.unit}"]
    if query.measure == Measure.COUNT:
        parts.append(f"値：{query.measure.label}")
    if query.tab == Tab.CHART:
        parts.append(f"並び順：{query.order.label}")
    if result.own_name and query.level == Level.PREFECTURE:
        parts.append(f"目印：{result.own_name}")
    if query.as_at:
        parts.append(f"{query.as_at:%Y年%-m月%-d日}までに取り込まれた版")
    day = result.as_of
    return Caption(
        title=result.title,
        filters="　".join(parts),
        as_of=f"データ時点：{day.year}年{day.month}月{day.day}日" if day else "",
        source=source_text(result),
    )


def source_text(result: IndicatorResult) -> str:
    """`出典：総務省「…」、厚生労働省「…」26件を加工して作成`."""
    named = [f"{source.citation}{f'{source.files}件' if source.files > 1 else ''}" for source in result.sources]
    return f"出典：{'、'.join(named)}を加工して作成" if named else "出典：まだ取り込まれた資料がありません"
