"""Access to care by floating catchments: supply in reach of people, shared with everyone else in its reach.

A weight matrix says who reaches what: people (origins) in rows, institutions (destinations) in columns, 1 in reach,
0 out of reach, between for decay. Dense arrays or scipy sparse matrices; the national table is sparse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from zaitaku.lib.geodesics import distances_km, positions_km
from zaitaku.lib.statistics.intervals import Floats

if TYPE_CHECKING:
    from scipy import sparse

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of GRS 80 (IUGG 1980)."""

HOME_VISIT_LIMIT_KM = 16.0
"""往診・訪問診療 are paid up to 16 km in a straight line from the institution."""


def binary_weights(costs: ArrayLike, *, threshold: float) -> sparse.csr_array:
    """1 where the cost (minutes or km) is at most the threshold; a missing cost is out of reach."""
    from scipy import sparse

    cost = np.asarray(costs, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return sparse.csr_array((cost <= threshold).astype(np.float64))


def step_weights(costs: ArrayLike, *, steps: Sequence[tuple[float, float]]) -> sparse.csr_array:
    """Falling weights by zones: `steps` is (threshold, weight) from near to far. Luo & Qi, Health Place 15 (2009)."""
    from scipy import sparse

    cost = np.asarray(costs, dtype=np.float64)
    reached = [cost <= threshold for threshold, _ in steps]
    return sparse.csr_array(np.select(reached, [weight for _, weight in steps], default=0.0))


def distance_weights(
    origins: ArrayLike, destinations: ArrayLike, *, threshold_km: float = HOME_VISIT_LIMIT_KM
) -> sparse.csr_array:
    """Binary weights from coordinates: both n × 2 latitude, longitude in degrees; great-circle distance.

    A k-d tree over points of the unit sphere finds the pairs in reach, so a national matrix is never built in full.
    """
    from scipy import sparse
    from scipy.spatial import cKDTree

    start, end = cKDTree(_on_sphere(origins)), cKDTree(_on_sphere(destinations))
    # A chord instead of an arc: 2·sin(d/2R). The tiny allowance keeps a pair at exactly the threshold in reach.
    chord = 2 * np.sin(threshold_km / (2 * EARTH_RADIUS_KM)) * (1 + 1e-12)
    pairs = start.sparse_distance_matrix(end, chord, output_type="coo_matrix")
    ones = np.ones(len(pairs.row))
    return sparse.csr_array((ones, (pairs.row, pairs.col)), shape=(start.n, end.n))


def geodesic_weights(
    origins: ArrayLike, destinations: ArrayLike, *, threshold_km: float = HOME_VISIT_LIMIT_KM
) -> sparse.csr_array:
    """Binary weights as `distance_weights`, but along the ellipsoid GRS 80: what a rule in kilometres means.

    Exactly at the threshold is in reach. The lines are good to some metres (`zaitaku.lib.geodesics`).
    """
    from scipy import sparse
    from scipy.spatial import cKDTree

    start, end = np.asarray(origins, dtype=np.float64), np.asarray(destinations, dtype=np.float64)
    shape = (len(start), len(end))
    if not all(shape):
        return sparse.csr_array(shape, dtype=np.float64)
    near, far = (cKDTree(positions_km(points[:, 0], points[:, 1])) for points in (start, end))
    pairs = near.sparse_distance_matrix(far, threshold_km * (1 + 1e-12), output_type="coo_matrix")
    length = distances_km(start[pairs.row, 0], start[pairs.row, 1], end[pairs.col, 0], end[pairs.col, 1])
    inside = length <= threshold_km
    return sparse.csr_array((np.ones(inside.sum()), (pairs.row[inside], pairs.col[inside])), shape=shape)


def two_step(demand: ArrayLike, supply: ArrayLike, weights: sparse.csr_array) -> Floats:
    """2SFCA: supply per person in reach of each origin, Σⱼ wᵢⱼ·Sⱼ ÷ Σᵢ wᵢⱼPᵢ. Luo & Wang, Environ. Plan. B 30 (2003).

    `supply` is capacity (visits, physicians, beds) of each institution; one that nobody reaches serves nobody. 0 means
    that nothing is in reach, which is a true zero.
    """
    people, capacity = _known(demand), _known(supply)
    return np.asarray(weights @ _per_person(capacity, weights.T @ people), dtype=np.float64)


def balanced_two_step(demand: ArrayLike, supply: ArrayLike, weights: sparse.csr_array) -> Floats:
    """BFCA: as 2SFCA, but neither people nor capacity are counted more than once. Paez et al., J. Transp. Geogr. 2019.

    Weights are made to add up to one over the institutions of each origin for demand, and over the origins of each
    institution for supply.
    """
    from scipy import sparse

    people, capacity = _known(demand), _known(supply)
    by_origin = sparse.diags_array(_inverse(np.asarray(weights.sum(axis=1), dtype=np.float64))) @ weights
    by_destination = weights @ sparse.diags_array(_inverse(np.asarray(weights.sum(axis=0), dtype=np.float64)))
    return np.asarray(by_destination @ _per_person(capacity, by_origin.T @ people), dtype=np.float64)


def opportunities_in_reach(supply: ArrayLike, weights: sparse.csr_array) -> Floats:
    """What each origin reaches in all, not shared with anyone: Σⱼ wᵢⱼSⱼ."""
    return np.asarray(weights @ _known(supply), dtype=np.float64)


def people_in_reach(demand: ArrayLike, weights: sparse.csr_array) -> Floats:
    """How many people reach each institution: Σᵢ wᵢⱼPᵢ."""
    return np.asarray(weights.T @ _known(demand), dtype=np.float64)


def _known(values: ArrayLike) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if np.isnan(x).any() or (x < 0).any():
        raise ValueError(
            "人口と供給量は0以上の数で、欠けがあってはいけません。欠けている地点を除いてから計算してください。"
        )
    return x


def _per_person(capacity: Floats, people: Floats) -> Floats:
    return np.where(people > 0, capacity / np.where(people > 0, people, 1.0), 0.0)


def _inverse(total: Floats) -> Floats:
    return np.where(total > 0, 1 / np.where(total > 0, total, 1.0), 0.0)


def _on_sphere(coordinates: ArrayLike) -> Floats:
    latitude, longitude = np.radians(np.asarray(coordinates, dtype=np.float64)).T
    return np.column_stack(
        (np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude))
    )
