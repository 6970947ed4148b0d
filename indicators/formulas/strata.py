"""Standardisation by sex and age: expected numbers (SCR) and directly standardised rates.

Strata are the classes NDB opens its national counts in: men and women, 0–4 to 85–89 and 90 and over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indicators.formulas.figures import Figures, Floats, Gap
from indicators.formulas.methods import Limits
from indicators.formulas.resolve import resolve
from indicators.formulas.structure import Structure
from zaitaku.lib.statistics.standardisation import direct_rate

BANDS = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90-")
STRATA = tuple(f"{sex}{band}" for sex in "MF" for band in BANDS)
"""In the order of every array's last axis."""

FURTHEST_YEARS = 3
"""How many years the register by sex and age may lie from the counts: the shape of a population changes slowly."""


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Counts and people by sex and age.

    `counts`: (item, year) → rows × strata, NaN where hidden or not published; open data fill the nation's row only.
    `people`: year of the register → rows × strata. `sources`: of the people.
    """

    counts: Mapping[tuple[str, int], Floats] = field(default_factory=dict)
    people: Mapping[int, Floats] = field(default_factory=dict)
    sources: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def register_for(self, year: int) -> int | None:
        """The register by sex and age that stands for a year: the nearest, the later of two as near."""
        near = [known for known in self.people if abs(known - year) <= FURTHEST_YEARS]
        return min(near, key=lambda known: (abs(known - year), -known), default=None)


def expected_counts(
    strata: Strata, totals: Mapping[str, float], structure: Structure, *, year: int
) -> tuple[Figures, str, tuple[int, ...]]:
    """What the nation's rates by sex and age give with each region's people; in words; and the sources.

    `totals`: the nation's count of each item. People of region and nation come from the same register, so that the
    expected numbers of all regions add up to the national count.
    """
    register = strata.register_for(year)
    missing = [item for item in totals if (item, year) not in strata.counts]
    if register is None or missing:
        note = "性・年齢階級別の全国値がありません" if missing else f"{year}年に近い性・年齢階級別人口がありません"
        return Figures.absent(len(structure)), note, ()
    people = strata.people[register]
    events = sum(
        (fill_hidden(strata.counts[item, year][0], total=total, people=people[0]) for item, total in totals.items()),
        start=np.zeros(len(STRATA)),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(people[0] > 0, events / people[0], 0.0)
    expected = resolve(Figures.known(people @ rates), structure)
    note = f"全国の性・年齢階級別の率 × 住民基本台帳人口（{register}年1月1日、男女・5歳階級）"
    return expected, note, strata.sources.get(register, ())


def fill_hidden(counts: Floats, *, total: float, people: Floats) -> Floats:
    """The nation's counts with its hidden strata: what the total leaves over, shared out by people.

    NDB hides strata below ten; they hold a vanishing part (0.00 % of 訪問診療料), but a missing one would not do.
    """
    hidden = np.isnan(counts)
    if not hidden.any():
        return counts
    left = max(total - float(np.nansum(counts)), 0.0)
    share = np.where(hidden, people, 0.0)
    return np.where(hidden, left * share / max(float(share.sum()), 1.0), counts)


def standardised_rate(
    strata: Strata, items: Sequence[str], structure: Structure, *, year: int, multiplier: float
) -> tuple[Figures, Limits, Figures, str]:
    """The directly standardised rate of each region with its limits, its people, and the standard in words.

    The standard is the nation's population of the same register. A region without a count in some stratum has no rate;
    one with fewer than ten events neither (`zaitaku.lib.statistics.standardisation`).
    """
    register = strata.register_for(year)
    nothing = np.full(len(structure), np.nan)
    if register is None or any((item, year) not in strata.counts for item in items):
        absent = Figures.absent(len(structure))
        return absent, Limits(nothing, nothing), absent, f"{year}年の性・年齢階級別の値がありません"
    people = strata.people[register]
    counts = sum((strata.counts[item, year] for item in items), start=np.zeros(people.shape))
    found = direct_rate(counts, people, people[0], bands=STRATA, multiplier=multiplier, missing="carry")
    flags = np.where(np.isnan(found.value), np.uint16(Gap.NO_SOURCE), np.uint16(0))
    note = f"基準人口：全国の住民基本台帳人口（{register}年1月1日、男女・5歳階級）"
    return Figures(found.value, flags), Limits(found.lower, found.upper), Figures.known(people.sum(axis=1)), note
