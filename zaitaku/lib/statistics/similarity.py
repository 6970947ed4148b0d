"""Areas like this one, by variables that are stated and with the distances shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.intervals import Floats


@dataclass(frozen=True, slots=True)
class Peer:
    """A similar area: its place in the input, the distance, and each variable's standardised difference (peer − area).

    `missing` names the variables that could not be compared because one of the two has no value.
    """

    place: int
    distance: float
    differences: dict[str, float]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaType:
    """A class of areas such as 大都市型: from `at_least` (included) up to `below` (excluded)."""

    label: str
    at_least: float = -np.inf
    below: float = np.inf


def standardise(values: ArrayLike) -> Floats:
    """Each variable (column) as (x − μ)/σ; a variable that does not vary is 0 for all; NaN stays NaN."""
    x = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(x)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, x, 0.0).sum(axis=0) / count
    sigma = np.sqrt((np.where(known, x - mean, 0.0) ** 2).sum(axis=0) / count)
    varies = sigma > 1e-12 * np.maximum(np.abs(mean), np.finfo(np.float64).tiny)
    return np.where(varies, (x - mean) / np.where(varies, sigma, 1.0), np.where(known, 0.0, np.nan))


def similar_areas(
    values: ArrayLike,
    place: int,
    *,
    variables: Sequence[str],
    count: int = 10,
    weights: ArrayLike | None = None,
    fewest_shared: int | None = None,
) -> list[Peer]:
    """The `count` areas nearest to the one at `place`, nearest first; ties in the order given.

    `values`: areas × variables, skewed ones (population, density) already as logarithms. The distance is the root of
    the weighted mean square of standardised differences over the variables both areas have, so that a missing variable
    neither helps nor harms; areas sharing fewer than `fewest_shared` (default: more than half) are not compared.
    """
    scores = standardise(values)
    if scores.ndim != 2 or scores.shape[1] != len(variables):
        raise ValueError(f"変数は{len(variables)}個ですが、値の列は{scores.shape[-1]}個です。")
    needed = len(variables) // 2 + 1 if fewest_shared is None else fewest_shared
    weight = np.ones(len(variables)) if weights is None else np.asarray(weights, dtype=np.float64)
    difference = scores - scores[place]
    distance = _distances(difference, weight, needed=needed)
    distance[place] = np.nan
    nearest = np.argsort(distance, kind="stable")[: min(count, int((~np.isnan(distance)).sum()))]
    return [_peer(int(other), float(distance[other]), difference[other], variables) for other in nearest]


def classify(values: ArrayLike, *, types: Sequence[AreaType]) -> list[str]:
    """The label of the first type each value falls in; "" for a value in a gap between types or without a value."""
    x = np.asarray(values, dtype=np.float64)
    inside = [(x >= kind.at_least) & (x < kind.below) for kind in types]
    labels = np.select(inside, [np.array(kind.label, dtype=object) for kind in types], default="") if types else x * 0
    return [str(label) for label in labels.tolist()] if types else [""] * x.size


def _distances(difference: Floats, weight: Floats, *, needed: int) -> NDArray[np.float64]:
    shared = ~np.isnan(difference)
    total = (shared * weight).sum(axis=1)
    enough = (shared.sum(axis=1) >= needed) & (total > 0)
    square = np.where(shared, difference**2 * weight, 0.0).sum(axis=1)
    return np.asarray(np.sqrt(square / np.where(enough, total, np.nan)), dtype=np.float64)


def _peer(place: int, distance: float, difference: Floats, variables: Sequence[str]) -> Peer:
    pairs = dict(zip(variables, difference.tolist(), strict=True))
    return Peer(
        place=place,
        distance=distance,
        differences={name: value for name, value in pairs.items() if not np.isnan(value)},
        missing=tuple(name for name, value in pairs.items() if np.isnan(value)),
    )
