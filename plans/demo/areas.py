"""Three drafts of areas to look at side by side. None is adopted: what the demo decides stays inside its plan."""

from __future__ import annotations

import datetime as dt

from plans.actions.area_drafts import change_draft, create_draft
from plans.demo.script import SCHEME
from plans.formulas.partition import Change, Partition, join, split
from plans.queries.area_starts import get_start
from regions.models import Region
from zaitaku.accounts.models import User

_FIRST, _SPLIT, _JOINED = (
    "デモ案A（二次医療圏のまま）",
    "デモ案B（最大の圏域を分ける）",
    "デモ案C（小さな2圏域を合わせる）",
)

# There is nothing to part and join in less.
_FEWEST = 2


def make_drafts(prefecture: Region, *, by: User, on: dt.date) -> None:
    """The areas as they are; with the largest one parted; with the two smallest ones joined."""
    start = get_start(f"scheme:{SCHEME}", prefecture_code=prefecture.code, on=on)
    if len(start.areas) < _FEWEST:
        return
    origin = "デモ：二次医療圏から"
    create_draft(prefecture, name=_FIRST, origin=origin, partition=start, by=by, is_demo=True)
    for name, command, said in ((_SPLIT, _part, "最大の圏域を分けた"), (_JOINED, _unite, "小さな2圏域を合わせた")):
        draft = create_draft(prefecture, name=name, origin=origin, partition=start, by=by, is_demo=True)
        change_draft(draft.pk, command, version=draft.version, text=f"デモ：{said}", by=by)


def _by_size(partition: Partition) -> list[int]:
    return sorted(partition.areas, key=lambda number: (len(partition.units_in(number)), number))


def _part(partition: Partition) -> Change:
    units = partition.units_in(_by_size(partition)[-1])
    return split(partition, units[: len(units) // 2], name="デモ圏域")


def _unite(partition: Partition) -> Change:
    smallest, next_one, *_ = _by_size(partition)
    return join(partition, smallest, into=next_one)
