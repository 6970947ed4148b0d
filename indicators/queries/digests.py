"""Fingerprints of what an indicator is computed from, so that nothing is computed twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping

from django.db import connection

from indicators.definitions.registry import digest
from indicators.definitions.schema import Definition

# Raise it when the engine gives other values from the same inputs.
ENGINE = "1"

_ITEMS = """
SELECT item.code, count(*), max(o.id), sum(o.value), sum(o.status), max(o.source_id)
FROM indicators_observation o
JOIN indicators_item item ON item.id = o.item_id
JOIN sources_sourcefile source ON source.id = o.source_id AND source.withdrawn_at IS NULL
WHERE o.stratum = '' AND item.code = ANY(%s)
GROUP BY item.code
"""
_POPULATION = """
SELECT source_id, count(*), max(p.id), sum(count)
FROM regions_population p
JOIN sources_sourcefile source ON source.id = p.source_id AND source.withdrawn_at IS NULL
GROUP BY source_id ORDER BY 1
"""


def read_item_digests(items: Collection[str]) -> dict[str, str]:
    """The state of each item's observations, and of `population` as a whole.

    Observations are added or withdrawn with their source, never changed; count, newest id and sums tell the difference.
    """
    digests = dict.fromkeys(items, "")
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [list(items)])
        for code, *state in cursor.fetchall():
            digests[code] = repr(state)
        cursor.execute(_POPULATION)
        population = repr(cursor.fetchall())
    return {item: population if item.startswith("population.") else state for item, state in digests.items()}


def input_digest(definition: Definition, *, items: Mapping[str, str], structure: str) -> str:
    """One digest over engine, definition, regions and the state of every item."""
    parts = [ENGINE, digest(definition), structure, *(items.get(item, "") for item in definition.items)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
