"""Everything the engine needs beyond plain columns: strata for standardisation, and what must stay hidden."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from indicators.definitions.registry import with_components
from indicators.definitions.schema import Definition
from indicators.formulas.indicator import Inputs
from indicators.formulas.structure import Structure
from indicators.queries.inputs import read_inputs
from indicators.queries.protection import get_stored_flags, read_families
from indicators.queries.strata import read_strata

_BY_AGE = ("expected", "by_age")


def read_complete_inputs(
    definitions: Collection[Definition],
    structure: Structure,
    *,
    sources: Collection[int] | None = None,
    years: Collection[int] | None = None,
) -> Inputs:
    """All that the definitions, and the parts of composites, are computed from; only from `sources` if given, and only
    observations of `years` if given.

    Counts of people are shown as far as their current publication allows; what has none stays hidden.
    """
    everything = with_components(definitions)
    inputs = read_inputs(everything, structure, sources=sources, years=years)
    families = read_families({item for one in everything for item in one.items}, structure, sources=sources)
    by_age = {
        item.code
        for one in everything
        if one.denominator is not None and one.denominator.rule in _BY_AGE
        for item in one.numerator.items
    }
    return replace(
        inputs,
        hidden=get_stored_flags(families, structure),
        strata=read_strata(by_age, structure, sources=sources),
    )
