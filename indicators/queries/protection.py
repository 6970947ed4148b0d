"""What disclosure control hides: the counts that must be protected, and the flags stored with their publications."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.definitions.disclosure import DisclosureRules, disclosure_rules, family_of
from indicators.formulas.figures import Floats, Gap
from indicators.formulas.indicator import Inputs
from indicators.formulas.resolve import Column
from indicators.formulas.structure import Structure
from indicators.models import Protection, Publication
from indicators.queries.inputs import read_observations, read_population

_GAPS = {Protection.State.PRIMARY: Gap.SMALL, Protection.State.SECONDARY: Gap.COMPLEMENTARY}
_POPULATION = "population.total"
_PROJECTION_STEP = 5  # years between two points of the official projection
HiddenByItem = dict[str, NDArray[np.uint16]]
HiddenCounts = dict[tuple[str, int], NDArray[np.uint16]]


@dataclass(frozen=True, slots=True, eq=False)
class FamilyYear:
    """The counts of people of one family in one year, the whole first. `digest`: all that decides what is hidden."""

    family: str
    year: int
    columns: Mapping[str, Column]
    population: Floats
    digest: str


def read_families(
    items: Collection[str],
    structure: Structure,
    *,
    rules: DisclosureRules | None = None,
    sources: Collection[int] | None = None,
) -> list[FamilyYear]:
    """Everything that must be protected together with the counts of people among `items`, by family and year."""
    applied = rules or disclosure_rules()
    families = sorted({family_of(item) for item in items if applied.apply_to(item)})
    if not families:
        return []
    observed = read_observations({item for family in families for item in family}, structure, sources=sources)
    newest = max((year for _item, year in observed), default=0)
    population = read_population({_POPULATION}, structure, up_to=newest + _PROJECTION_STEP, sources=sources)
    inputs = Inputs(structure, observed, population)
    found = []
    for family in families:
        for year in sorted({year for item, year in observed if item in family}):
            columns = {item: observed[item, year] for item in family if (item, year) in observed}
            people = inputs.denominator(_POPULATION, year)[0].value
            found.append(
                FamilyYear(
                    family[0], year, columns, people, _digest(columns, people, structure=structure, rules=applied)
                )
            )
    return found


def get_stored_flags(families: Iterable[FamilyYear], structure: Structure) -> HiddenCounts:
    """What the current publications hide, of the families that have not changed since."""
    hidden: HiddenCounts = {}
    current = {(known.family, known.year): known for known in Publication.objects.filter(is_current=True)}
    for wanted in families:
        publication = current.get((wanted.family, wanted.year))
        if publication is not None and publication.digest == wanted.digest:
            flags = _flags(publication.pk, structure=structure)
            nothing = np.zeros(len(structure), np.uint16)
            hidden |= {(item, wanted.year): flags.get(item, nothing) for item in wanted.columns}
    return hidden


def _flags(publication_id: int, *, structure: Structure) -> HiddenByItem:
    """The `Gap` flags of each item of a publication, for every row of the structure."""
    flags: HiddenByItem = {}
    found = Protection.objects.filter(publication_id=publication_id)
    for item, region, state in found.values_list("item__code", "region_id", "state"):
        of_item = flags.setdefault(item, np.zeros(len(structure), np.uint16))
        row = int(structure.rows_of(np.array([region], dtype=np.int64))[0])
        if row >= 0:
            of_item[row] = _GAPS[Protection.State(state)]
    return flags


def _digest(columns: Mapping[str, Column], population: Floats, *, structure: Structure, rules: DisclosureRules) -> str:
    """What a publication depends on: every figure, the regions, the people in them and the rules."""
    found = hashlib.sha256(f"{rules.digest}{structure.digest}".encode())
    found.update(population.tobytes())
    for item, column in columns.items():
        found.update(item.encode() + column.figures.value.tobytes() + column.figures.flags.tobytes())
    return found.hexdigest()
