"""Primary suppression: tiers by population as data, applied to counts of people, institutions or quantities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.intervals import Floats


class Measure(StrEnum):
    """What a count counts; each kind has rules of its own."""

    PERSONS = "persons"
    INSTITUTIONS = "institutions"
    ORAL_QUANTITY = "oral_quantity"
    INJECTION_QUANTITY = "injection_quantity"


@dataclass(frozen=True, slots=True)
class Tier:
    """One rule: in places with `population_from` ≤ population < `population_below`, hide 0 < n < `hide_below`.

    `always`: show no number at all there, zero included. `zero_is_shown` False hides 0 as a small number.
    """

    measure: Measure
    hide_below: float = 0
    population_from: float = 0
    population_below: float = np.inf
    always: bool = False
    zero_is_shown: bool = True
    source: str = ""


NDB_PERSON_TIERS = (
    Tier(Measure.PERSONS, always=True, population_below=2_000, source="NDBガイドライン案(2024-09)、介護DBガイドライン"),
    Tier(Measure.PERSONS, hide_below=20, population_from=2_000, population_below=25_000, source="同上"),
    Tier(Measure.PERSONS, hide_below=10, population_from=25_000, source="同上"),
)
"""The tiers for people in municipalities. A default to be confirmed and edited, not a law of nature."""

NDB_OTHER_TIERS = (
    Tier(Measure.INSTITUTIONS, hide_below=3, source="介護DBガイドライン"),
    Tier(Measure.ORAL_QUANTITY, hide_below=1_000, zero_is_shown=False, source="NDBガイドライン案(2024-09)"),
    Tier(Measure.INJECTION_QUANTITY, hide_below=400, zero_is_shown=False, source="NDBガイドライン案(2024-09)"),
)

GENERAL_PERSON_TIER = Tier(Measure.PERSONS, hide_below=10, source="NDBガイドライン案(2024-09)")
"""For areas, prefectures and the nation, where no population tier applies."""


def must_be_hidden(
    counts: ArrayLike, populations: ArrayLike, *, tiers: Sequence[Tier], measure: Measure = Measure.PERSONS
) -> NDArray[np.bool_]:
    """Which counts the tiers forbid to show. A missing count is not hidden but missing.

    A place whose population is unknown gets the strictest tier: every tier is taken to apply to it.
    """
    n, people = np.broadcast_arrays(np.asarray(counts, dtype=np.float64), np.asarray(populations, dtype=np.float64))
    hidden = np.zeros(n.shape, dtype=bool)
    for tier in tiers:
        if tier.measure is measure:
            hidden |= _in_tier(people, tier) & _too_small(n, tier)
    return hidden


def smallest_hidden_value(
    populations: ArrayLike, *, tiers: Sequence[Tier], measure: Measure = Measure.PERSONS
) -> Floats:
    """The least a hidden cell can be, as everyone knows it: 1 where zeros are shown, 0 where a zero is hidden too."""
    people = np.asarray(populations, dtype=np.float64)
    least = np.ones(people.shape)
    for tier in tiers:
        if tier.measure is measure and (tier.always or not tier.zero_is_shown):
            least[_in_tier(people, tier)] = 0
    return least


def _in_tier(people: Floats, tier: Tier) -> NDArray[np.bool_]:
    # A tier without an upper end holds regions that have no population of their own (inf), such as areas.
    below = (people < tier.population_below) | np.isinf(tier.population_below)
    return np.asarray(np.isnan(people) | ((people >= tier.population_from) & below))


def _too_small(n: Floats, tier: Tier) -> NDArray[np.bool_]:
    if tier.always:
        return ~np.isnan(n)
    return (n < tier.hide_below) & ((n > 0) if tier.zero_is_shown else (n >= 0))
