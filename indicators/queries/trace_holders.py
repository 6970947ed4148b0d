"""The institutions behind a figure that was counted from a list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from indicators.traces import Side
from institutions.queries.holders import Holder, list_holders
from institutions.queries.lists import ImportedList
from zaitaku.sources.models import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Who was counted, in which sheet, and what must be said about the list; nothing if no list was counted."""

    holders: tuple[Holder, ...] = ()
    note: str = ""
    sheet: str = ""


def find_counted(numerator: Side, *, unit_ids: Collection[int] | None) -> Counted:
    """The institutions, where all of them stand in one list; else why they are not listed.

    `unit_ids` leaves those of some base units; without it those that could not be placed are there too.
    """
    parts = [
        part
        for item in numerator.items
        for part in item.used
        if part.is_count and part.source.kind == SourceFile.Kind.NOTIFICATION_LIST
    ]
    lists = {part.source.id: part.source for part in parts}
    if len(lists) > 1:
        return Counted(
            note="複数の名簿を数えた値です。医療機関の一覧は、構成する都道府県・年度ごとの「根拠」にあります。"
        )
    source = next(iter(lists.values()), None)
    if source is None or source.as_of is None:
        return Counted()
    listed = ImportedList(prefecture_code=source.prefecture_code, as_of=source.as_of, source_id=source.id)
    holders = list_holders(listed, items=[item.code for item in numerator.items], unit_ids=unit_ids)
    counted = round(sum(part.value or 0 for part in parts))
    note = ""
    if len(holders) != counted:
        note = (
            f"この版の名簿では{counted:,}か所を数えましたが、いま一覧にできるのは{len(holders):,}か所です。"
            "より新しい名簿が先に取り込まれたため、この版の医療機関の一覧は全部は残っていません。"
        )
    return Counted(holders=holders, note=note, sheet=source.sheets[0] if source.sheets else "")
