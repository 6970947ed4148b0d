"""The base unit of something published with a municipality code, or else with an address only."""

from __future__ import annotations

import datetime as dt

from institutions.parsers.addresses import AddressBook
from institutions.queries.places import get_address_book
from regions.models import Region
from zaitaku.lib.problems import refuse


class UnitFinder:
    """Base units valid on `day`; the address books of the prefectures are made when first asked for."""

    def __init__(self, *, day: dt.date) -> None:
        self._day = day
        units = list(Region.objects.base_units().valid_on(day).order_by("code").values_list("code", "pk", "kind"))
        prefectures = Region.objects.filter(kind=Region.Kind.PREFECTURE).values_list("code", "pk")
        self.unit_ids = {code: pk for code, pk, _ in units}
        self.unit_kinds = {code: kind for code, _, kind in units}
        self.prefecture_ids = dict(prefectures)
        self._books: dict[str, AddressBook] = {}
        if not self.unit_ids:
            raise refuse("市区町村が未登録です。先に地域のデータを読み込んでください。")

    def unit_code(self, code: str, address: str) -> str:
        """The code itself if it is a base unit, else (city with wards, former code) the unit of the address, or ""."""
        if code in self.unit_ids:
            return code
        book = self._books.get(code[:2])
        if book is None:
            book = self._books[code[:2]] = get_address_book(code[:2], day=self._day)
        return book.locate(address).code
