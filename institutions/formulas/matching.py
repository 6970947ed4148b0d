"""Which institution of the 届出 lists a facility of another register is: by name and address, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from institutions.parsers.addresses import fold

# The legal form before or behind a hospital's name is written by some registers and not by others.
_LEGAL_FORMS = re.compile(
    r"(医療法人社団|医療法人財団|社会医療法人|特定医療法人|医療法人|社会福祉法人|一般社団法人|一般財団法人|公益社団法人"
    r"|公益財団法人|独立行政法人|地方独立行政法人|国立大学法人|学校法人|財団法人|社団法人)"
)
_BLOCK = re.compile(r"丁目|番地の|番地|番|号|ノ(?=\d)|[‐‑‒–—―−ー─-]")
_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_KANJI_BLOCK = re.compile(r"[一二三四五六七八九](?=丁目)")
ADDRESS, NAME = "address", "name"


@dataclass(frozen=True, slots=True)
class Known:
    """A facility of either register: its key there, name, address without regard to spelling, code of its base unit."""

    key: str
    name: str
    address: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class Found:
    """The matching institution's key and how it was found: `address` (name and address) or `name` (name and unit)."""

    key: str
    by: str


def match_facilities(facilities: Iterable[Known], institutions: Iterable[Known]) -> Mapping[str, Found]:
    """The institution of each facility that has exactly one; a facility that fits none or several is left out.

    An institution is given to one facility at most: where two facilities claim it in the same way, neither has it.
    """
    by_address: dict[tuple[str, str], set[str]] = {}
    by_name: dict[tuple[str, str], set[str]] = {}
    for one in institutions:
        name = fold_name(one.name)
        by_address.setdefault((name, fold_address(one.address)), set()).add(one.key)
        if one.unit_code:
            by_name.setdefault((name, one.unit_code), set()).add(one.key)
    claims: dict[Found, list[str]] = {}
    for facility in facilities:
        found = _match(facility, by_address, by_name)
        if found is not None:
            claims.setdefault(found, []).append(facility.key)
    surely = {found.key for found, keys in claims.items() if found.by == ADDRESS and len(keys) == 1}
    return {
        keys[0]: found
        for found, keys in claims.items()
        if len(keys) == 1 and (found.by == ADDRESS or found.key not in surely)
    }


def _match(
    facility: Known, by_address: Mapping[tuple[str, str], set[str]], by_name: Mapping[tuple[str, str], set[str]]
) -> Found | None:
    name = fold_name(facility.name)
    if len(same := by_address.get((name, fold_address(facility.address)), set())) == 1:
        return Found(next(iter(same)), ADDRESS)
    if facility.unit_code and len(same := by_name.get((name, facility.unit_code), set())) == 1:
        return Found(next(iter(same)), NAME)
    return None


def fold_name(name: str) -> str:
    """A name without its legal form, in one spelling."""
    return _LEGAL_FORMS.sub("", fold(name)) or fold(name)


def fold_address(address: str) -> str:
    """An address from its municipality on, in one spelling: `一丁目２番地３号` and `1-2-3` are the same."""
    text = _KANJI_BLOCK.sub(lambda digit: digit[0].translate(_DIGITS), fold(address))
    text = re.sub(r"^.{2,3}?[都道府県](?=.{2})", "", text)
    return re.sub(r"-+", "-", _BLOCK.sub("-", text)).strip("-")
