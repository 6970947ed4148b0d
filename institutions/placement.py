"""A parsed list with every institution placed in its municipality by its address. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from institutions.parsers.addresses import AddressBook
from institutions.parsers.notification_list import NotificationList
from zaitaku.lib.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedList:
    """`unit_codes` maps institution code → code of its base unit; an institution that is absent could not be placed."""

    table: NotificationList
    unit_codes: Mapping[str, str]
    problems: tuple[Problem, ...]


def place_institutions(table: NotificationList, *, book: AddressBook) -> PlacedList:
    """Look every address up; each institution that cannot be placed is a problem with its cell."""
    unit_codes: dict[str, str] = {}
    problems = []
    for institution in table.institutions:
        placement = book.locate(institution.address)
        if placement.code:
            unit_codes[institution.code] = placement.code
        else:
            cell = table.cell(institution.row, "医療機関所在地(住所)")
            problems.append(Problem(placement.reason, table.sheet, cell, institution.address[:60]))
    return PlacedList(table=table, unit_codes=unit_codes, problems=tuple(problems))
