"""Designated bodies by unit, as far as they are registered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from institutions.models import Catchment, Designation

Bodies = Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDesignations:
    """Designations by the code of the unit they lie in or, hubs, serve; None: none is registered.

    `has_demo`: some of them are invented for the demo.
    """

    active: Bodies | None = None
    hubs: Bodies | None = None
    has_demo: bool = False

    @property
    def active_counts(self) -> dict[str, int] | None:
        """How many `active` institutions each unit has."""
        return None if self.active is None else {unit: len(found) for unit, found in self.active.items()}

    @property
    def hub_counts(self) -> dict[str, int] | None:
        """How many hubs serve each unit."""
        return None if self.hubs is None else {unit: len(found) for unit, found in self.hubs.items()}


def count_in(bodies: Bodies, units: Iterable[str]) -> int:
    """How many bodies several units have together; a hub that serves many counts once."""
    return len(frozenset[int]().union(*(bodies.get(unit, frozenset()) for unit in units)))


def get_unit_designations(prefecture_code: str) -> UnitDesignations:
    """The designations (位置付け) of the latest plan period that has any; two queries.

    A hub serves the municipalities of its catchment; without one, the municipality it lies in.
    """
    rows = Designation.objects.filter(
        prefecture__code=prefecture_code, status=Designation.Status.DESIGNATED, voided_at=None
    )
    found = list(rows.values_list("pk", "period", "kind", "body__unit__code", "body__is_demo"))
    newest = max((period for _pk, period, *_ in found), default=0)
    present = [row for row in found if row[1] == newest]
    active = [(unit, pk) for pk, _period, kind, unit, _demo in present if kind == Designation.Kind.ACTIVE and unit]
    hubs = {pk: unit for pk, _period, kind, unit, _demo in present if kind == Designation.Kind.HUB}
    return UnitDesignations(
        active=_by_unit(active) or None,
        hubs=_by_unit(_served(hubs)) or None,
        has_demo=any(is_demo for *_, is_demo in present),
    )


def _served(hubs: Mapping[int, str | None]) -> Collection[tuple[str, int]]:
    """Which hubs serve which units."""
    if not hubs:
        return []
    catchment = Catchment.objects.filter(designation__in=hubs).values_list("unit__code", "designation_id")
    served = list(catchment)
    with_catchment = {pk for _unit, pk in served}
    return [*served, *((unit, pk) for pk, unit in hubs.items() if unit and pk not in with_catchment)]


def _by_unit(pairs: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for unit, pk in pairs:
        found.setdefault(unit, set()).add(pk)
    return {unit: frozenset(bodies) for unit, bodies in found.items()}
