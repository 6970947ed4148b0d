"""任意の地域: municipalities put together by a reader. What was typed or pasted → units, or sentences on what is wrong.

Pure: which places there are comes in as an argument.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.prefectures import PREFECTURES

MOST_UNITS = 500
LONGEST_NAME = 60
# What a list pasted from Excel, a mail or a document puts between two places.
_BETWEEN = re.compile(r"[\s,;、，；・\t]+")
_PREFECTURES = {prefecture.code: prefecture.name for prefecture in PREFECTURES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality or ward, past ones included. `city_code`: of a ward, its designated city."""

    id: int
    code: str
    name: str
    is_base_unit: bool
    is_out_of_scope: bool
    is_past: bool
    city_code: str

    @property
    def full_name(self) -> str:
        """`三重県津市`: names are not unique in the country."""
        return f"{_PREFECTURES.get(self.code[:2], '')}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenUnits:
    """The base units that were named, in order of code; `problems` refuse the group, `notes` only tell."""

    units: tuple[Place, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(unit.code for unit in self.units)

    @property
    def prefectures(self) -> tuple[str, ...]:
        """The codes of the prefectures they lie in."""
        return tuple(sorted({unit.code[:2] for unit in self.units}))


class Gazetteer:
    """All places by code, by name and by name with its prefecture."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.by_code: dict[str, Place] = {}
        self._by_name: dict[str, list[Place]] = {}
        for place in sorted(places, key=lambda place: not place.is_past):  # of one code the present place wins
            self.by_code[place.code] = place
        for place in self.by_code.values():
            short = place.name.removeprefix(self._city_name(place))
            for name in {place.name, place.full_name, short, f"{_PREFECTURES.get(place.code[:2], '')}{short}"}:
                self._by_name.setdefault(name, []).append(place)

    @cached_property
    def wards_of(self) -> Mapping[str, tuple[Place, ...]]:
        """The present wards of each designated city by its code."""
        wards: dict[str, list[Place]] = {}
        for place in self.by_code.values():
            if place.city_code and not place.is_past:
                wards.setdefault(place.city_code, []).append(place)
        return {city: tuple(sorted(found, key=lambda ward: ward.code)) for city, found in wards.items()}

    def named(self, name: str) -> Sequence[Place]:
        """The places of that name; present ones go before past ones."""
        found = self._by_name.get(name, [])
        return [place for place in found if not place.is_past] or found

    def _city_name(self, place: Place) -> str:
        city = self.by_code.get(place.city_code)
        return city.name if city else ""


def split_words(text: str) -> tuple[str, ...]:
    """The places in a pasted list, in full-width or half-width, each once."""
    folded = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(word.strip("\"'") for word in _BETWEEN.split(folded) if word.strip("\"'")))


def choose_units(words: Iterable[str], gazetteer: Gazetteer) -> ChosenUnits:
    """The units that the words (codes of 5 or 6 digits, or names) mean. What cannot stand is named, all at once."""
    chosen: dict[str, Place] = {}
    cities: list[Place] = []
    problems: list[str] = []
    for word in words:
        place, problem = _find(word, gazetteer)
        if place is None:
            problems.append(problem)
        elif not place.is_base_unit and gazetteer.wards_of.get(place.code):
            cities.append(place)
        else:
            chosen[place.code] = place
    problems += _both_at_once(cities, chosen, gazetteer)
    notes = [f"{city.name}は{len(gazetteer.wards_of[city.code])}の行政区に分けて数えます。" for city in cities]
    chosen |= {ward.code: ward for city in cities for ward in gazetteer.wards_of[city.code]}
    if not chosen and not problems:
        problems.append("市区町村が1つも選ばれていません。1つ以上選んでください。")
    if len(chosen) > MOST_UNITS:
        problems.append(f"{len(chosen)}の市区町村が選ばれています。1つの地域に入れられるのは{MOST_UNITS}までです。")
    units = tuple(chosen[code] for code in sorted(chosen))[:MOST_UNITS]
    return ChosenUnits(units=units, problems=tuple(problems), notes=tuple(notes))


def _find(word: str, gazetteer: Gazetteer) -> tuple[Place | None, str]:
    """The place a word means, or why it means none."""
    shown = word if len(word) <= LONGEST_NAME else f"{word[:LONGEST_NAME]}…"
    if word.isdecimal():
        place = gazetteer.by_code.get(word[:5]) if len(word) == 5 or is_municipality_code(word) else None
        if place is None:
            return None, f"コード「{shown}」の市区町村はありません。5桁（または検査数字を含む6桁）で入れてください。"
        return _standing(place)
    found = gazetteer.named(word)
    if not found:
        return None, f"「{shown}」という市区町村はありません。表記を確かめるか、コードで入れてください。"
    if len(found) > 1:
        listed = "・".join(f"{place.full_name}（{place.code}）" for place in found)
        return None, f"「{shown}」は{len(found)}つあります：{listed}。都道府県名を付けるか、コードで入れてください。"
    return _standing(found[0])


def _standing(place: Place) -> tuple[Place | None, str]:
    """The place if statistics cover it today."""
    if place.is_past:
        return (
            None,
            f"{place.full_name}（{place.code}）はいまはありません（廃止・再編）。現在の市区町村を選んでください。",
        )
    if place.is_out_of_scope:
        return None, f"{place.full_name}（{place.code}）は統計の対象外のため、入れられません。"
    return place, ""


def _both_at_once(cities: Sequence[Place], chosen: Mapping[str, Place], gazetteer: Gazetteer) -> list[str]:
    """A ward counts inside its city: naming both would count it twice."""
    problems = []
    for city in cities:
        twice = [ward.name for ward in gazetteer.wards_of[city.code] if ward.code in chosen]
        if twice:
            listed = "・".join(twice)
            problems.append(f"{city.name}と、その行政区（{listed}）が両方選ばれています。どちらかを外してください。")
    return problems
