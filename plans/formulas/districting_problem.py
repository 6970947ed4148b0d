"""The problem of proposing areas, and what an answer to it is. Units are positions 0 … n − 1."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Rule(StrEnum):
    """The groups of constraints; one of them may be what makes a problem impossible."""

    NUMBER = "number"
    CONTIGUITY = "contiguity"
    ACTIVE = "active"
    HUB = "hub"
    POPULATION = "population"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Areas around seats: every unit belongs to the area of one seat unit, a seat to its own.

    `distance` in km (n, n); `weight` is how many people travel from each unit; `population` counts for the bounds;
    `active` and `hubs` are how many each unit has. None of an optional bound means that it is not asked for.
    """

    distance: Floats
    weight: Floats
    population: Floats
    neighbours: tuple[frozenset[int], ...]
    fewest: int
    most: int
    active: Ints | None = None
    hubs: Ints | None = None
    least_people: float | None = None
    most_people: float | None = None
    farthest: float | None = None
    is_contiguous: bool = True

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def cost(self) -> Floats:
        """Person-km of each unit to each seat; ∞ where the seat is too far."""
        cost = self.weight[:, None] * self.distance
        if self.farthest is not None:
            cost = np.where(self.distance > self.farthest, np.inf, cost)
        return cost

    def travel(self, seat_of: Ints) -> float:
        """Person-km of a whole answer."""
        return float(self.cost[np.arange(len(self)), seat_of].sum())

    def holds(self, seat_of: Ints) -> bool:
        """Whether an answer keeps every rule: the definition that the optimiser and its tests share."""
        seats = np.unique(seat_of)
        if not self.fewest <= len(seats) <= self.most or not np.isfinite(self.travel(seat_of)):
            return False
        return all(seat_of[seat] == seat and self._area_holds(np.flatnonzero(seat_of == seat)) for seat in seats)

    def _area_holds(self, members: NDArray[np.intp]) -> bool:
        people = float(self.population[members].sum())
        return (
            (self.active is None or bool(self.active[members].sum() >= 1))
            and (self.hubs is None or bool(self.hubs[members].sum() >= 1))
            and (self.least_people is None or people >= self.least_people - 1e-6)
            and (self.most_people is None or people <= self.most_people + 1e-6)
            and (not self.is_contiguous or len(components(members.tolist(), self.neighbours)) == 1)
        )


class Status(StrEnum):
    """How a search ended."""

    OPTIMAL = "optimal"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The seat of each unit, its travel in person-km, and a bound that no answer can go below.

    `INFEASIBLE`: there is no answer, and `broken` are the rules any one of which would have to be given up; if it is
    empty, several contradict each other together. `UNKNOWN`: time ran out before an answer was found.
    """

    status: Status
    seat_of: Ints | None = None
    travel: float = float("inf")
    bound: float = 0.0
    broken: tuple[Rule, ...] = ()

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of its travel; 0 is proven optimal."""
        if self.seat_of is None or self.travel <= 0:
            return 0.0
        return max(0.0, (self.travel - self.bound) / self.travel)


def components(members: Collection[int], neighbours: tuple[frozenset[int], ...]) -> list[set[int]]:
    """The connected parts of some units."""
    left, found = set(members), []
    while left:
        reached, waiting = set[int](), [min(left)]
        while waiting:
            unit = waiting.pop()
            if unit in left:
                left.discard(unit)
                reached.add(unit)
                waiting.extend(neighbours[unit] & left)
        found.append(reached)
    return found
