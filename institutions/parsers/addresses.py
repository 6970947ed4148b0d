"""Which municipality an address lies in, from its text alone.

Official lists leave their municipality column blank and mostly omit the prefecture; the 郡 may be there or not, and
names are spelled with small or large kana and old or new characters. An address is placed only if exactly one base
unit of the prefecture fits; otherwise the reason is returned and nobody guesses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# One spelling for the variants that occur in names of municipalities: の/之/ノ, ヶ/が/ケ, old and new characters.
_FOLD = str.maketrans(
    "ヶヵがガ之のﾉ龍澤濱嶋嶌檜鹽竈礪瀧櫻邊邉廣國區條澁萬惠齋齊曾豐彌壽與會靜關總眞德﨑髙冨諌鯵梼頴壷驒穗榮濟繩當莊釼劔劒",
    "ケケケケノノノ竜沢浜島島桧塩釜砺滝桜辺辺広国区条渋万恵斎斎曽豊弥寿与会静関総真徳崎高富諫鰺檮穎壺騨穂栄済縄当荘剣剣剣",
)
_IGNORED = re.compile(r"[\s\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_POSTCODE = re.compile(r"^〒?[0-9]{3}-?[0-9]{4}")
# The longest name of a base unit with its city has 11 characters, a prefecture 4, a 郡 6; 40 leave room for spaces.
_LOOKED_AT = 40
_LONGEST_DISTRICT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitName:
    """A base unit as an address names it: `city` is the designated city of a ward, `district` the 郡 of a town."""

    code: str
    name: str
    city: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """The code of the base unit an address lies in, or why there is none."""

    code: str = ""
    reason: str = ""


def fold(text: str) -> str:
    """A name or address in one spelling: NFKC, no white space or variation selectors, variants unified.

    Repeated until nothing changes: taking white space out may leave a letter beside a mark that composes with it.
    """
    while (folded := _IGNORED.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLD)) != text:
        text = folded
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """The names of one prefecture's base units, ready to be looked up."""

    prefecture: str
    names: Mapping[str, tuple[str, ...]] = field(repr=False)
    cities: frozenset[str] = field(repr=False)
    lengths: tuple[int, ...] = field(repr=False)

    @classmethod
    def build(
        cls, units: Iterable[UnitName], *, prefecture: str, former: Mapping[str, str] | None = None
    ) -> AddressBook:
        """From the base units of a prefecture. `former` maps names that are no longer in use to a unit's code."""
        names: dict[str, set[str]] = {}
        cities = set()
        for unit in units:
            if unit.city:
                cities.add(fold(unit.city))
            for name in {unit.name, unit.city + unit.name, unit.district + unit.name}:
                names.setdefault(fold(name), set()).add(unit.code)
        for name, code in (former or {}).items():
            names.setdefault(fold(name), set()).add(code)
        return cls(
            prefecture=fold(prefecture),
            names={name: tuple(sorted(codes)) for name, codes in names.items()},
            cities=frozenset(cities),
            lengths=tuple(sorted({len(name) for name in names}, reverse=True)),
        )

    def locate(self, address: str) -> Placement:
        """The base unit an address lies in; the longest name that fits wins."""
        text = _POSTCODE.sub("", fold(address[:_LOOKED_AT])).removeprefix(self.prefecture)
        if not text:
            return Placement(reason="所在地が空欄です。")
        codes = self._starting(text) or self._after_district(text)
        if len(codes) == 1:
            return Placement(codes[0])
        if codes:
            return Placement(reason="同じ名前の市区町村が県内に複数あり、どれか決められません。")
        if any(text.startswith(city) for city in self.cities):
            return Placement(reason="政令指定都市の区が分かりません。所在地に区名を補ってください。")
        return Placement(reason="県内の市区町村名で始まっていません。所在地を市区町村名から書いてください。")

    def _starting(self, text: str) -> tuple[str, ...]:
        for length in self.lengths:
            if codes := self.names.get(text[:length]):
                return codes
        return ()

    def _after_district(self, text: str) -> tuple[str, ...]:
        """The town or village behind a 郡 (`余市郡余市町…`); cities lie in no 郡."""
        end = text.find("郡", 1)
        while 0 < end <= _LONGEST_DISTRICT:
            for length in self.lengths:
                name = text[end + 1 : end + 1 + length]
                if name.endswith(("町", "村")) and (codes := self.names.get(name)):
                    return codes
            end = text.find("郡", end + 1)
        return ()
