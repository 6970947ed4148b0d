"""Who was counted: the institutions of one list that hold a notification, each with its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from institutions.definitions import notification_symbols
from institutions.formulas.holdings import current_holders
from institutions.models import Notification
from institutions.parsers.notification_list import COLUMNS, ListedNotification
from institutions.queries.lists import ImportedList
from zaitaku.lib.workbooks import cell_name

_SYMBOL_COLUMN = COLUMNS.index("受理記号") + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One institution and the notification it is counted for; `cell` is that of its 受理記号 in the list `source_id`.

    `cell` is empty where only a later list is kept whole: then its row in this list is no longer known.
    """

    code: str
    name: str
    unit_id: int | None
    unit_name: str
    symbol: str
    item: str
    started_on: dt.date | None
    source_id: int
    cell: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A notification as stored, with what is shown of its institution."""

    notification: ListedNotification
    source_id: int
    name: str
    unit_id: int | None
    unit_name: str


def list_holders(
    listed: ImportedList, *, items: Collection[str], unit_ids: Collection[int] | None = None
) -> tuple[Holder, ...]:
    """The institutions counted for `items` in a list, by the rule of the count: one current grade of each family.

    Only those of `unit_ids`, if given; else of the whole prefecture, with those that could not be placed. The register
    follows the newest list, so of an older list taken in later there may be fewer than were counted.
    """
    symbols = notification_symbols()
    wanted = {symbol.symbol for symbol in symbols.values() if symbol.item in items}
    families = {symbols[symbol].family for symbol in wanted} - {""}
    related = {one.symbol for one in symbols.values() if one.symbol in wanted or one.family in families}
    lines = _lines(listed, related)
    holders = current_holders((line.notification for line in lines), symbols)
    counted: dict[tuple[str, str], _Line] = {}
    for line in lines:
        held = line.notification
        if held.symbol in wanted and held.code in holders[held.symbol]:
            counted[held.code, held.symbol] = line
    chosen = (line for line in counted.values() if unit_ids is None or line.unit_id in unit_ids)
    return tuple(_holder(line, listed, symbols[line.notification.symbol].item) for line in chosen)


def _lines(listed: ImportedList, symbols: Collection[str]) -> list[_Line]:
    """The notifications that stood in the list, of one institution the latest last."""
    rows = (
        Notification.objects.listed_on(listed.as_of)
        .filter(institution__prefecture__code=listed.prefecture_code, symbol__in=symbols)
        .order_by("institution__code", "started_on", "pk")
        .values_list(
            "institution__code", "symbol", "number", "started_on", "effective_on", "source_row",
            "source_id", "institution__name", "institution__unit_id", "institution__unit__name",
        )
    )  # fmt: skip
    return [
        _Line(
            ListedNotification(
                code=code, symbol=symbol, number=number, started_on=started, effective_on=effective, row=row
            ),
            source,
            name,
            unit_id,
            unit_name or "",
        )
        for code, symbol, number, started, effective, row, source, name, unit_id, unit_name in rows
    ]


def _holder(line: _Line, listed: ImportedList, item: str) -> Holder:
    held = line.notification
    return Holder(
        code=held.code,
        name=line.name,
        unit_id=line.unit_id,
        unit_name=line.unit_name,
        symbol=held.symbol,
        item=item,
        started_on=held.started_on,
        source_id=listed.source_id,
        cell=cell_name(held.row, _SYMBOL_COLUMN) if line.source_id == listed.source_id else "",
    )
