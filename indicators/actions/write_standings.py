"""Storing where regions stand, in the transaction that stores the values it follows from (docs/decisions/0025)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q

from indicators.definitions.schema import Definition
from indicators.formulas.peers import (
    Peers,
    Records,
    Spreads,
    compared,
    find_peers,
    find_places,
    find_spreads,
    needs_years_before,
)
from indicators.formulas.standing import Column
from indicators.formulas.structure import Structure
from indicators.models import Indicator
from indicators.peer_models import PeerGroup, PeerStanding
from indicators.queries.columns import read_columns
from zaitaku.lib.statistics.trends import POINTS_USED

_TYPES = {
    "indicator_id": "int8", "group_id": "int8", "year": "int2", "counted": "int2", "compared": "int2",
    "mean": "float8", "deviation": "float8", "points": "float8[]", "places": "bytea",
}  # fmt: skip
_COPY = f"COPY indicators_peerstanding ({', '.join(_TYPES)}) FROM STDIN (FORMAT BINARY)"
_UPDATE = """
UPDATE indicators_peerstanding AS stored SET compared = other.compared, places = other.places
FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::int[], %s::bytea[])
     AS other (indicator, peers, year, compared, places)
WHERE (stored.indicator_id, stored.group_id, stored.year) = (other.indicator, other.peers, other.year)
"""
_Stored = Mapping[int, bool]
"""Of one indicator and group the years with figures that did not change: whether their places are stored."""


@dataclass(frozen=True, slots=True, eq=False)
class NewValues:
    """The values just computed of one indicator: every row of the structure, by year. `changed`: the years that were
    replaced, None for all."""

    indicator: Indicator
    definition: Definition
    columns: Mapping[int, Column]
    changed: frozenset[int] | None


def write_standings(replaced: Collection[NewValues], structure: Structure) -> None:
    """Store the standings that follow from new values; those of years that did not change stay as they are.

    The caller holds the transaction, and has deleted the standings of the replaced years with their values.
    """
    groups = _groups(structure)
    stored = _read_stored([one.indicator.pk for one in replaced if one.changed is not None])
    new, changed = [], []
    for one in replaced:
        maker = _Maker(one, structure)
        for group, peers in groups.items():
            made = maker.make(peers, stored.get((one.indicator.pk, group), {}))
            new += [(one.indicator.pk, group, *row) for row in made.rows]
            changed += [(one.indicator.pk, group, *row) for row in made.changed]
    _store(new, changed)


@dataclass(slots=True)
class _Made:
    """Rows of years with new values, in the order of `_TYPES` from `year` on; and of years without: new places."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    changed: list[tuple[int, int | None, bytes | None]] = field(default_factory=list)


class _Maker:
    """Makes the rows of one indicator, group by group; stored values of earlier years are read where a trend needs
    them."""

    def __init__(self, new: NewValues, structure: Structure) -> None:
        self._new, self._structure = new, structure
        self._columns = dict(new.columns)
        self._years = sorted(new.columns)
        empty = np.zeros((0, len(structure)))
        self._values = np.stack([new.columns[year].value for year in self._years]) if self._years else empty

    def make(self, peers: Peers, stored: _Stored) -> _Made:
        """The rows of one group."""
        made = _Made()
        spreads = find_spreads(self._values[:, peers.rows])
        computed = [year for year, counted in zip(self._years, spreads.counted, strict=True) if counted]
        newest = max([*computed, *stored], default=0)
        for number, year in enumerate(self._years):
            if spreads.counted[number]:
                places = self._places(peers, year) if year == newest else None
                made.rows.append((year, *_as_row(spreads, number, places)))
        made.changed += [(year, None, None) for year, has_places in stored.items() if has_places and year != newest]
        if newest in stored and not (stored[newest] and self._stands(newest)):
            places = self._places(peers, newest)
            made.changed.append((newest, compared(places), places.tobytes()))
        return made

    def _places(self, peers: Peers, year: int) -> Records:
        """The places of a year, with the years before it where there can be a trend."""
        before = range(year - POINTS_USED + 1, year) if needs_years_before(self._new.definition) else ()
        if self._new.changed is not None:
            missing = {year, *before} - self._columns.keys()
            at, rows = self._new.indicator.pk, self._structure
            self._columns |= read_columns(at, missing, rows_of=rows.rows_of, size=len(rows))
        columns = {one: self._columns[one] for one in (*before, year) if one in self._columns}
        return find_places(self._new.definition, columns, year, peers)

    def _stands(self, year: int) -> bool:
        """Whether the stored places of a year that did not change are still right."""
        touched = any(year - POINTS_USED < one < year for one in self._new.changed or ())
        return not (touched and needs_years_before(self._new.definition))


def _as_row(spreads: Spreads, number: int, places: Records | None) -> tuple[Any, ...]:
    return (
        int(spreads.counted[number]),
        None if places is None else compared(places),
        float(spreads.mean[number]),
        float(spreads.deviation[number]),
        spreads.points[number].tolist(),
        None if places is None else places.tobytes(),
    )


def _groups(structure: Structure) -> dict[int, Peers]:
    """The groups of the structure by their ids; regions that were not compared before make a new group."""
    known = {tuple(key): pk for pk, *key in PeerGroup.objects.values_list("pk", "kind", "scheme_id", "digest")}
    return {
        known.get((peers.kind, peers.scheme, peers.digest)) or _new_group(peers): peers
        for peers in find_peers(structure)
    }


def _new_group(peers: Peers) -> int:
    made, _is_new = PeerGroup.objects.get_or_create(
        kind=peers.kind,
        scheme_id=peers.scheme,
        digest=peers.digest,
        defaults={"region_ids": peers.region_ids.tolist()},
    )
    return made.pk


def _read_stored(indicators: Collection[int]) -> dict[tuple[int, int], dict[int, bool]]:
    """What is stored of indicators that were replaced in part, by indicator and group."""
    found = PeerStanding.objects.filter(indicator__in=indicators).annotate(has_places=Q(places__isnull=False))
    stored: dict[tuple[int, int], dict[int, bool]] = {}
    for indicator, group, year, has_places in found.values_list("indicator_id", "group_id", "year", "has_places"):
        stored.setdefault((indicator, group), {})[year] = has_places
    return stored


def _store(new: Collection[tuple[Any, ...]], changed: Collection[tuple[Any, ...]]) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if changed:
            cursor.execute(_UPDATE, [list(column) for column in zip(*changed, strict=True)])
        if new:
            with cursor.copy(_COPY) as copy:
                copy.set_types(list(_TYPES.values()))
                for row in new:
                    copy.write_row(row)
