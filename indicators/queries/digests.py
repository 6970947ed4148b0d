"""Fingerprints of what an indicator is computed from, so that nothing is computed twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from django.db import connection

from indicators.definitions.disclosure import disclosure_rules, with_families
from indicators.definitions.registry import digest
from indicators.definitions.schema import Definition

# Raise it when the engine gives other values from the same inputs.
ENGINE = "2"

_ITEMS = """
SELECT item_id, count(*), max(id), sum(value), sum(status), max(source_id)
FROM indicators_observation
WHERE stratum = '' AND item_id = ANY(%s)
  AND source_id NOT IN (SELECT id FROM sources_sourcefile WHERE withdrawn_at IS NOT NULL)
GROUP BY item_id
"""
_POPULATION = """
SELECT source_id, count(*), max(id), sum(count)
FROM regions_population
WHERE source_id NOT IN (SELECT id FROM sources_sourcefile WHERE withdrawn_at IS NOT NULL)
GROUP BY source_id ORDER BY source_id
"""


def read_item_digests(items: Collection[str]) -> dict[str, str]:
    """The state of each item's observations, and of `population` as a whole.

    Observations are added or withdrawn with their source, never changed; count, newest id and sums tell the difference.
    """
    digests = dict.fromkeys(items, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code FROM indicators_item WHERE code = ANY(%s)", [list(items)])
        codes = dict(cursor.fetchall())
        cursor.execute(_ITEMS, [list(codes)])
        for item, *state in cursor.fetchall():
            digests[codes[item]] = repr(state)
        cursor.execute(_POPULATION)
        population = repr(cursor.fetchall())
    return {item: population if item.startswith("population.") else state for item, state in digests.items()}


def depends_on(definition: Definition) -> tuple[str, ...]:
    """The items that decide an indicator's values: its own; and of counts of people, all that are protected together
    and the population that decides which are small."""
    own = definition.items
    if not any(disclosure_rules().apply_to(item) for item in own):
        return own
    return tuple(dict.fromkeys((*with_families(own), "population.total")))


def input_digest(definition: Definition, *, items: Mapping[str, str], structure: str) -> str:
    """One digest over engine, definition, regions and the state of every item."""
    parts = [ENGINE, digest(definition), structure, *(items.get(item, "") for item in depends_on(definition))]
    if any(disclosure_rules().apply_to(item) for item in definition.items):
        parts.append(disclosure_rules().digest)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
