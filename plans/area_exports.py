"""Drafts as tables to take away."""

from __future__ import annotations

import datetime as dt

from plans.queries.area_drafts import DraftState
from plans.queries.area_frame import get_frame
from zaitaku.lib.tables import Column, Table

_COLUMNS = (
    Column(name="市区町村コード", key="unit_code", description="5桁（検査数字なし）"),
    Column(name="圏域名", key="area", description="空欄は未割当"),
    Column(name="市区町村名", key="unit_name"),
)


def draft_table(state: DraftState, *, on: dt.date) -> Table:
    """A line for each unit; it can be handed in again as the start of another draft."""
    partition = state.partition
    rows = [
        (
            unit.code,
            partition.areas[partition.area_of[unit.code]].name if unit.code in partition.area_of else "",
            unit.name,
        )
        for unit in get_frame(state.prefecture_code, on=on).units
    ]
    return Table(title=f"圏域案「{state.name}」", columns=_COLUMNS, rows=rows)
