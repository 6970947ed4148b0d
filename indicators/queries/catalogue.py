"""The catalogue of indicators: what there is, for which years and levels, and what is still missing (指標カタログ)."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

import jaconv
from django.db.models import Count

from indicators.cards import make_card
from indicators.definitions import all_definitions
from indicators.definitions.schema import Kind, Phase
from indicators.models import HAS_VALUE, IndicatorValue
from indicators.results import (
    CatalogueEntry,
    CatalogueQuery,
    CatalogueResult,
    DefinitionCard,
    GridCell,
    Level,
)
from regions.models import Region

_LEVELS = {
    Region.Kind.PREFECTURE.value: Level.PREFECTURE,
    Region.Kind.AREA.value: Level.AREA,
    Region.Kind.MUNICIPALITY.value: Level.MUNICIPALITY,
    Region.Kind.WARD.value: Level.MUNICIPALITY,
}


def fold(text: str) -> str:
    """Text for searching, without white space: width, case and the two kanas are one."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(jaconv.kata2hira(normal).split())


def get_catalogue(query: CatalogueQuery) -> CatalogueResult:
    """All indicators that pass the filters, with the years and levels they have figures for, and the grid of all."""
    entries = _entries()
    words = [fold(word) for word in unicodedata.normalize("NFKC", query.words).split()]
    shown = tuple(entry for entry in entries if _matches(entry, query, words))
    return CatalogueResult(
        query=query,
        entries=shown,
        grid=_grid(entries),
        kinds=tuple((kind.value, f"{kind.letter} {kind.label}") for kind in Kind),
        total=len(entries),
        total_available=sum(entry.is_available for entry in entries),
    )


@cache
def _cards() -> tuple[tuple[DefinitionCard, str], ...]:
    """Every definition's card with the folded text it is found by; definitions do not change while the process runs."""
    phases = [phase.value for phase in Phase]
    kinds = [kind.value for kind in Kind]
    cards = [make_card(definition) for definition in all_definitions()]
    cards.sort(key=lambda card: (phases.index(card.phase), kinds.index(card.kind), card.code))
    return tuple((card, fold(f"{card.name} {card.name_kana} {card.code} {card.numerator}")) for card in cards)


def get_cards() -> tuple[DefinitionCard, ...]:
    """Every indicator in the words of its definition, by phase and kind."""
    return tuple(card for card, _ in _cards())


def _entries() -> tuple[CatalogueEntry, ...]:
    """Every indicator with what there is for it (one query)."""
    years: dict[str, set[int]] = defaultdict(set)
    levels: dict[str, set[Level]] = defaultdict(set)
    prefectures: dict[str, int] = defaultdict(int)
    found = (
        IndicatorValue.objects.filter(status__in=HAS_VALUE, region__kind__in=_LEVELS)
        .values_list("indicator__code", "region__kind", "year")
        .annotate(number=Count("region"))
        .order_by("year")
    )
    for code, kind, year, number in found:
        years[code].add(year)
        levels[code].add(_LEVELS[kind])
        if kind == Region.Kind.PREFECTURE:
            prefectures[code] = number
    return tuple(
        CatalogueEntry(
            definition=card,
            years=tuple(sorted(years[card.code])),
            levels=tuple(level for level in Level if level in levels[card.code]),
            prefectures=prefectures[card.code],
        )
        for card, _ in _cards()
    )


def _matches(entry: CatalogueEntry, query: CatalogueQuery, words: Iterable[str]) -> bool:
    card = entry.definition
    if query.phase and card.phase != query.phase:
        return False
    if query.kind and card.kind != query.kind:
        return False
    if query.available and entry.is_available != (query.available == "yes"):
        return False
    if query.only and not (card.core_label if query.only == "core" else card.is_official):
        return False
    text = _texts()[card.code]
    return all(word in text for word in words)


@cache
def _texts() -> dict[str, str]:
    return {card.code: text for card, text in _cards()}


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
