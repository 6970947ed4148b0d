"""The catalogue of indicators: what there is, for which years and levels, and what is still missing (指標カタログ)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache

import jaconv
from django.db.models import Count
from django.utils import timezone

from indicators.cards import make_card
from indicators.catalogue_results import CatalogueEntry, CatalogueQuery, CatalogueResult, GridCell
from indicators.definitions import all_definitions, official_definitions
from indicators.definitions.own import outdated_codes, visible_own_definitions
from indicators.definitions.schema import Definition, Kind, Phase
from indicators.models import HAS_VALUE, IndicatorValue
from indicators.results import DefinitionCard, Level
from regions.models import Region

_SHORTEST_READING = 3
_LEVELS = {
    Region.Kind.PREFECTURE.value: Level.PREFECTURE,
    Region.Kind.AREA.value: Level.AREA,
    Region.Kind.MUNICIPALITY.value: Level.MUNICIPALITY,
    Region.Kind.WARD.value: Level.MUNICIPALITY,
}

_PHASES = [phase.value for phase in Phase]
_ONLY: dict[str, Callable[[DefinitionCard], bool]] = {
    "core": lambda card: bool(card.core_label),
    "official": lambda card: card.is_official,
    "own": lambda card: bool(card.owner),
    "unchecked": lambda card: not card.checked_by,
    "due": lambda card: card.next_review < timezone.localdate(),
}
_KINDS = [kind.value for kind in Kind]


def fold(text: str) -> str:
    """Text for searching, without white space: width, case and the two kanas are one."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(jaconv.kata2hira(normal).split())


def _spellings(word: str) -> tuple[str, ...]:
    """How a word may stand in the texts; Roman letters may be a code or a reading (`oushin`)."""
    is_reading = word.isascii() and word.isalpha() and len(word) >= _SHORTEST_READING
    return (fold(word), fold(jaconv.alphabet2kana(word.lower()))) if is_reading else (fold(word),)


def get_catalogue(query: CatalogueQuery) -> CatalogueResult:
    """All indicators that pass the filters, with the years and levels they have figures for, and the grid of all."""
    cards = _cards()
    entries, texts = _entries(cards), {card.code: text for card, text in cards}
    words = [_spellings(word) for word in unicodedata.normalize("NFKC", query.words).split()]
    shown = tuple(entry for entry in entries if _matches(entry, query, words, texts))
    return CatalogueResult(
        query=query,
        entries=shown,
        grid=_grid(entries),
        kinds=tuple((kind.value, f"{kind.letter} {kind.label}") for kind in Kind),
        total=len(entries),
        total_available=sum(entry.is_available for entry in entries),
        unchecked=sum(_ONLY["unchecked"](entry.definition) for entry in entries),
        due=sum(_ONLY["due"](entry.definition) for entry in entries),
    )


_Entry = tuple[DefinitionCard, str]
"""A card with the folded text it is found by."""


@cache
def _official_cards() -> tuple[_Entry, ...]:
    """The cards of the definition files, which do not change while the process runs."""
    return _in_order(official_definitions())


def _cards() -> tuple[_Entry, ...]:
    """The cards of all indicators that may be seen here."""
    if outdated_codes():
        return _in_order(all_definitions())
    own = visible_own_definitions()
    return tuple(sorted((*_official_cards(), *_in_order(own.values())), key=_place)) if own else _official_cards()


def _in_order(definitions: Iterable[Definition]) -> tuple[_Entry, ...]:
    cards = (make_card(definition) for definition in definitions)
    texts = ((card, fold(f"{card.name} {card.name_kana} {card.code} {card.numerator}")) for card in cards)
    return tuple(sorted(texts, key=_place))


def _place(entry: _Entry) -> tuple[int, int, bool, str]:
    """By phase and kind; the prefectures' own after the official ones."""
    card = entry[0]
    return _PHASES.index(card.phase), _KINDS.index(card.kind), bool(card.owner), card.code


def get_cards() -> tuple[DefinitionCard, ...]:
    """Every indicator in the words of its definition, by phase and kind."""
    return tuple(card for card, _ in _cards())


def _entries(cards: Iterable[_Entry]) -> tuple[CatalogueEntry, ...]:
    """Every indicator with what there is for it (one query)."""
    years: dict[str, set[int]] = defaultdict(set)
    levels: dict[str, dict[Level, set[int]]] = defaultdict(lambda: defaultdict(set))
    prefectures: dict[str, int] = defaultdict(int)
    found = (
        IndicatorValue.objects.filter(status__in=HAS_VALUE, region__kind__in=_LEVELS)
        .values_list("indicator__code", "region__kind", "year")
        .annotate(number=Count("region"))
        .order_by("year")
    )
    for code, kind, year, number in found:
        years[code].add(year)
        levels[code][_LEVELS[kind]].add(year)
        if kind == Region.Kind.PREFECTURE:
            prefectures[code] = number
    return tuple(
        CatalogueEntry(
            definition=card,
            years=tuple(sorted(years[card.code])),
            levels=tuple(level for level in Level if level in levels[card.code]),
            prefectures=prefectures[card.code],
            coverage=tuple((one, tuple(sorted(levels[card.code][one]))) for one in Level if one in levels[card.code]),
        )
        for card, _ in cards
    )


def _matches(
    entry: CatalogueEntry, query: CatalogueQuery, words: Iterable[Sequence[str]], texts: Mapping[str, str]
) -> bool:
    card = entry.definition
    if query.phase and card.phase != query.phase:
        return False
    if query.kind and card.kind != query.kind:
        return False
    if query.available and entry.is_available != (query.available == "yes"):
        return False
    if query.only and not _ONLY[query.only](card):
        return False
    return all(any(one in texts[card.code] for one in spellings) for spellings in words)


def _grid(entries: Iterable[CatalogueEntry]) -> tuple[tuple[str, str, tuple[GridCell, ...]], ...]:
    """Rows of phases, columns of kinds."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    available: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        key = (entry.definition.phase, entry.definition.kind)
        total[key] += 1
        available[key] += entry.is_available
    return tuple(
        (
            phase.value,
            phase.label,
            tuple(
                GridCell(
                    phase=phase.value,
                    kind=kind.value,
                    total=total[phase.value, kind.value],
                    available=available[phase.value, kind.value],
                )
                for kind in Kind
            ),
        )
        for phase in Phase
    )


def get_nearest_codes(code: str) -> tuple[DefinitionCard, ...]:
    """Up to five indicators whose code is written most like `code`, for a mistyped address."""
    cards = {card.code: card for card, _ in _cards()}
    return tuple(cards[name] for name in get_close_matches(code.upper(), cards, n=5, cutoff=0.5))
