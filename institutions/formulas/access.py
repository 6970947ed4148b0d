"""アクセス: how much supply people share within a straight line, and how many live where none reaches. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from zaitaku.lib.geodesics import distances_km
from zaitaku.lib.statistics.accessibility import geodesic_weights, people_in_reach, two_step

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Points with what is there: `points` (n × 2 latitude, longitude), `amounts` (people or capacity), `landmasses`.

    People are NaN where they are not known. A landmass is any number that is the same for what is joined by land.
    """

    points: Floats
    amounts: Floats
    landmasses: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The result for every origin, and the number of people who share each destination.

    `shares` is capacity per person (2SFCA), `counts` destinations in reach, `over_sea` those of them on another
    landmass; shape (origins,). `people` has the shape (destinations,).
    """

    pairs: sparse.csr_array
    shares: Floats
    counts: Integers
    over_sea: Integers
    people: Floats


def reach(origins: Places, destinations: Places, *, threshold_km: float) -> Reach:
    """2SFCA along the ellipsoid, every destination in reach counting in full. An origin of unknown people shares
    nothing away, but is told what it reaches."""
    pairs = geodesic_weights(origins.points, destinations.points, threshold_km=threshold_km)
    people = np.nan_to_num(origins.amounts, nan=0.0)
    listed = pairs.tocoo()
    apart = origins.landmasses[listed.row] != destinations.landmasses[listed.col]
    return Reach(
        pairs=pairs,
        shares=two_step(people, destinations.amounts, pairs),
        counts=np.diff(pairs.indptr).astype(np.int64),
        over_sea=np.bincount(listed.row[apart], minlength=len(people)).astype(np.int64),
        people=people_in_reach(people, pairs),
    )


def near_any(points: Floats, others: Floats, *, within_km: Floats) -> NDArray[np.bool_]:
    """Whether any of `others` lies within each point's own distance; shape (points,)."""
    if not len(others):
        return np.zeros(len(points), dtype=bool)
    length = distances_km(points[:, :1], points[:, 1:], others[:, 0], others[:, 1])
    return np.asarray((length <= within_km[:, None]).any(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A group of units: people, capacity per person weighted by people, and the people out of reach.

    None where the figure of one of the units is not known, or where nobody lives there.
    """

    people: int | None
    per_person: float | None
    out_of_reach: int | None

    @property
    def share_out_of_reach(self) -> float | None:
        """Per cent of the people."""
        return None if not self.people or self.out_of_reach is None else self.out_of_reach / self.people * 100


def summarise(units: Sequence[tuple[float | None, float | None, int | None]]) -> Share:
    """One group from its units, each (people, capacity per person, destinations in reach).

    A group is told only if every unit is: an average over the others would look complete.
    """
    if not units or any(part is None for unit in units for part in unit):
        return Share(people=None, per_person=None, out_of_reach=None)
    known = [(people or 0.0, per_person or 0.0, count) for people, per_person, count in units]
    people = sum(one[0] for one in known)
    total = sum(one[0] * one[1] for one in known)
    return Share(
        people=round(people),
        per_person=total / people if people else None,
        out_of_reach=round(sum(one[0] for one in known if one[2] == 0)),
    )
