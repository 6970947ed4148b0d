"""What the pictures of charts say about themselves."""

from __future__ import annotations

from collections.abc import Sequence

from indicators.results import SourceLine
from zaitaku.lib.pictures import Caption


def make_caption(title: str, *, filters: str, sources: Sequence[SourceLine]) -> Caption:
    """Title, filters in words, the newest date of the data, and the sources."""
    days = [source.as_of for source in sources if source.as_of]
    as_of = f"データ時点：{max(days).year}年{max(days).month}月{max(days).day}日" if days else ""
    cited = "、".join(source.citation for source in sources)
    return Caption(title=title, filters=filters, as_of=as_of, source=f"出典：{cited}を加工して作成" if cited else "")
