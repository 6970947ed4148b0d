"""Reading counts and people by sex and age for standardisation."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q

from indicators.formulas.figures import Floats
from indicators.formulas.strata import BANDS, STRATA, Strata
from indicators.formulas.structure import Structure
from indicators.models import Observation
from regions.models import Population

_OLDEST_OPEN_BAND = 90
_SEXES = {Population.Sex.MALE.value: 0, Population.Sex.FEMALE.value: len(BANDS)}
_PLACE = {stratum: place for place, stratum in enumerate(STRATA)}


def read_strata(items: Collection[str], structure: Structure, *, sources: Collection[int] | None = None) -> Strata:
    """The counts of the items by sex and age, and the residents' registers; nothing where no item is asked for."""
    if not items:
        return Strata()
    people, behind = _people(structure, sources=sources)
    return Strata(counts=_counts(items, structure, sources=sources), people=people, sources=behind)


def _counts(
    items: Collection[str], structure: Structure, *, sources: Collection[int] | None
) -> dict[tuple[str, int], Floats]:
    counts: dict[tuple[str, int], Floats] = {}
    found = Observation.objects.filter(item__code__in=list(items), stratum__in=STRATA, value__isnull=False)
    found = found.filter(_known(sources)).order_by(
        F("source__as_of").asc(nulls_first=True), "source__retrieved_on", "source_id"
    )
    rows = found.values_list("item__code", "year", "region_id", "stratum", "value")
    for item, year, region, stratum, value in rows:
        table = counts.setdefault((item, year), np.full((len(structure), len(STRATA)), np.nan))
        row = int(structure.rows_of(np.array([region], dtype=np.int64))[0])
        if row >= 0:
            table[row, _PLACE[stratum]] = value
    return counts


def _people(
    structure: Structure, *, sources: Collection[int] | None
) -> tuple[dict[int, Floats], dict[int, tuple[int, ...]]]:
    """Residents by register year, rows × strata; age classes from 90 on are one."""
    people: dict[int, Floats] = {}
    behind: dict[int, tuple[int, ...]] = {}
    found = Population.objects.filter(
        basis=Population.Basis.RESIDENT_REGISTER, sex__in=list(_SEXES), age_from__isnull=False
    )
    # The server packs a class of ages into two arrays: some fifty rows arrive instead of a hundred thousand.
    packed = (
        found.filter(_known(sources))
        .values_list("year", "source_id", "sex", "age_from")
        .annotate(regions=ArrayAgg("region_id"), counts=ArrayAgg("count"))
        .order_by("year", "source_id")
    )
    for (year, source), classes in itertools.groupby(packed, key=lambda row: row[:2]):
        people[year] = _table((row[2:] for row in classes), structure)  # of several editions the one with the latest id
        behind[year] = (source,)
    return people, behind


def _table(classes: Iterable[tuple[str, int, list[int], list[int]]], structure: Structure) -> Floats:
    """Rows × strata, summed; NaN in all strata for regions the register leaves out."""
    table = np.full((len(structure), len(STRATA)), np.nan)
    for sex, age, regions, counts in classes:
        band = _SEXES[sex] + min(age, _OLDEST_OPEN_BAND) // 5
        places = structure.rows_of(np.array(regions, dtype=np.int64))
        known = places >= 0
        table[places[known]] = np.nan_to_num(table[places[known]], nan=0.0)
        np.add.at(table[:, band], places[known], np.array(counts, dtype=np.float64)[known])
    return table


def _known(sources: Collection[int] | None) -> Q:
    """Rows of sources that count: not withdrawn, and among `sources` if ids are given."""
    counts = Q(source__withdrawn_at__isnull=True)
    return counts if sources is None else counts & Q(source_id__in=list(sources))
