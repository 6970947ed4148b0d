"""Comparison with a benchmark, and what the indicator's definition lets us say about it."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaitaku.lib.statistics.funnels import Signals

Positions = NDArray[np.int8]


class Position(IntEnum):
    """Where an area lies against its benchmark."""

    LOWER = -1
    SAME = 0
    HIGHER = 1
    NOT_COMPARED = 9


class Polarity(StrEnum):
    """Which direction the definition calls good; the values are those of the definition files."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"


class Verdict(IntEnum):
    """The judgement: better and worse exist only where the definition has a good direction."""

    WORSE = -1
    SAME = 0
    BETTER = 1
    NO_JUDGEMENT = 8
    NOT_COMPARED = 9


def compare_interval(lower: ArrayLike, upper: ArrayLike, benchmark: ArrayLike) -> Positions:
    """Higher when the whole interval lies above the benchmark, lower when below; a benchmark on a limit is the same."""
    low, high, target = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (lower, upper, benchmark)))
    conditions = [np.isnan(low + high + target), low > target, high < target]
    kinds = [np.int8(Position.NOT_COMPARED), np.int8(Position.HIGHER), np.int8(Position.LOWER)]
    return np.asarray(np.select(conditions, kinds, default=np.int8(Position.SAME)), dtype=np.int8)


def compare_funnel(signals: Signals, *, alarms_only: bool = False) -> Positions:
    """Higher or lower as a funnel signals it: from 95 % limits on, or from 99.8 % only."""
    reached = np.abs(signals) >= (2 if alarms_only else 1)
    position = np.where(reached, np.sign(signals), np.int8(Position.SAME))
    return np.where(signals == Position.NOT_COMPARED, np.int8(Position.NOT_COMPARED), position).astype(np.int8)


def judge(positions: Positions, *, polarity: Polarity) -> NDArray[np.int8]:
    """Turn positions into `Verdict`s; a neutral indicator gets no judgement, whatever the difference."""
    not_compared = positions == Position.NOT_COMPARED
    if polarity is Polarity.NEUTRAL:
        verdict = np.full(positions.shape, np.int8(Verdict.NO_JUDGEMENT))
    else:
        verdict = positions if polarity is Polarity.HIGHER else -positions
    return np.where(not_compared, np.int8(Verdict.NOT_COMPARED), verdict).astype(np.int8)
