"""Fingerprints of what an indicator is computed from, so that nothing is computed twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

from indicators.definitions.disclosure import disclosure_rules, with_families
from indicators.definitions.registry import digest, with_components
from indicators.definitions.schema import Definition
from indicators.models import InputChange

# Raise it when the engine gives other values, or other standings, from the same inputs.
ENGINE = "4"

Changes = Mapping[str, Mapping[int, str]]
"""When the figures of an item changed last, by year; all years of the population changed together, in year 0."""
_POPULATION_ITEMS = f"{InputChange.POPULATION}."


def read_changes(items: Collection[str]) -> Changes:
    """When each item changed last. An item without figures has no year."""
    names = {_change_of(item) for item in items}
    by_name: dict[str, dict[int, str]] = {name: {} for name in names}
    for name, year, changed_at in InputChange.objects.filter(name__in=names).values_list("name", "year", "changed_at"):
        by_name[name][year] = changed_at.isoformat()
    return {item: by_name[_change_of(item)] for item in items}


def depends_on(definition: Definition) -> tuple[str, ...]:
    """The items that decide an indicator's values: its own and those of its components; the population where it makes
    the denominator by age; of counts of people, all that are protected together and the population of each place."""
    own = tuple(dict.fromkeys(item for part in with_components([definition]) for item in part.items))
    rule = definition.denominator.rule if definition.denominator else ""
    needs_people = rule in ("expected", "by_age") or any(disclosure_rules().apply_to(item) for item in own)
    return (*with_families(own), "population.total") if needs_people else own


def year_digests(definition: Definition, *, changes: Changes, structure: str) -> dict[int, str] | None:
    """One digest for each year with figures: engine, definition, regions and the state of every item in that year.

    None where a year is computed from other years too: then all of them change together.
    """
    if _joins_years(definition):
        return None
    basis = _basis(definition, structure=structure)
    items = depends_on(definition)
    own = definition.numerator.items
    years = {year for item in own for year in changes.get(item.code, ()) if item.exists_in(year)}
    return {year: _hash([*basis, *(_state(item, year, changes) for item in items)]) for year in sorted(years)}


def input_digest(definition: Definition, *, changes: Changes, structure: str) -> str:
    """One digest over the state of every item in all years."""
    states = (f"{item} {sorted(changes.get(item, {}).items())}" for item in depends_on(definition))
    return _hash([*_basis(definition, structure=structure), *states])


def _joins_years(definition: Definition) -> bool:
    """Whether a year is computed from figures of other years: pooled, interpolated, or through other indicators."""
    rule = definition.denominator.rule if definition.denominator else ""
    return bool(definition.components) or definition.pool_years > 1 or rule == "between_years"


def _basis(definition: Definition, *, structure: str) -> tuple[str, ...]:
    """What all years depend on."""
    parts = with_components([definition])
    protected = any(disclosure_rules().apply_to(item) for part in parts for item in part.items)
    return (ENGINE, *map(digest, parts), structure, disclosure_rules().digest if protected else "")


def _state(item: str, year: int, changes: Changes) -> str:
    return changes.get(item, {}).get(0 if item.startswith(_POPULATION_ITEMS) else year, "")


def _change_of(item: str) -> str:
    """The name under which the changes of an item are kept."""
    return InputChange.POPULATION if item.startswith(_POPULATION_ITEMS) else item


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
