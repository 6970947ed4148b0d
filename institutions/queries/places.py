"""The base units of a prefecture, as addresses name them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from institutions.definitions import former_names
from institutions.parsers.addresses import AddressBook, UnitName
from regions.models import Region
from zaitaku.lib.problems import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseUnit:
    """A municipality, or a ward of a designated city (`city`), that existed on the day asked for."""

    id: int
    kind: str
    code: str
    name: str
    city: str
    district: str


def list_base_units(prefecture_code: str, *, day: dt.date) -> tuple[BaseUnit, ...]:
    """The base units of a prefecture on `day`, in order of code."""
    units = Region.objects.base_units().valid_on(day).filter(code__startswith=prefecture_code).select_related("parent")
    return tuple(_base_unit(unit) for unit in units.order_by("code"))


def _base_unit(unit: Region) -> BaseUnit:
    city = unit.parent.name if unit.parent and unit.kind == Region.Kind.WARD else ""
    return BaseUnit(
        id=unit.pk,
        kind=unit.kind,
        code=unit.code,
        name=unit.name.removeprefix(city),
        city=city,
        district=unit.district,
    )


def get_address_book(prefecture_code: str, *, day: dt.date) -> AddressBook:
    """The names under which addresses of `day` are looked up. Raises `FileRefused` while no regions are loaded."""
    units = list_base_units(prefecture_code, day=day)
    prefecture = Region.objects.filter(kind=Region.Kind.PREFECTURE, code=prefecture_code).first()
    if not units or prefecture is None:
        raise refuse(f"都道府県{prefecture_code}の市区町村が未登録です。先に地域のデータを読み込んでください。")
    valid = {unit.code for unit in units}
    former = {name: code for name, code in former_names().get(prefecture_code, {}).items() if code in valid}
    return AddressBook.build(
        [UnitName(code=unit.code, name=unit.name, city=unit.city, district=unit.district) for unit in units],
        prefecture=prefecture.name,
        former=former,
    )
