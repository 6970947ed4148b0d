"""Who holds what: each institution counts once, in its current grade."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from institutions.definitions import NotificationSymbol
from institutions.parsers.notification_list import ListedNotification


def current_holders(
    notifications: Iterable[ListedNotification], symbols: Mapping[str, NotificationSymbol]
) -> dict[str, frozenset[str]]:
    """The codes of the institutions that hold each notification now, by symbol; every known symbol is there.

    Of the grades of one family (支援診1–3) the lists keep naming the former one for a while after a change. The grade
    that started last (算定開始年月日) is current; of two that started the same day it is the higher one.
    """
    latest: dict[tuple[str, str], tuple[dt.date, int, str]] = {}
    for held in notifications:
        symbol = symbols[held.symbol]
        rank = (held.started_on or dt.date.min, -symbol.grade, held.symbol)
        key = (held.code, symbol.family or held.symbol)
        if key not in latest or rank > latest[key]:
            latest[key] = rank
    holders: dict[str, set[str]] = {symbol: set() for symbol in symbols}
    for (code, _), (_, _, name) in latest.items():
        holders[name].add(code)
    return {symbol: frozenset(codes) for symbol, codes in holders.items()}


def count_by_unit(codes: Iterable[str], unit_codes: Mapping[str, str]) -> Counter[str]:
    """How many of the institutions lie in each base unit; those that could not be placed are under the empty code."""
    return Counter(unit_codes.get(code, "") for code in codes)
