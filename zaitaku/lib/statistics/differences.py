"""The difference of two independent figures from their own 95 % intervals (MOVER).

Zou GY, Donner A. Construction of confidence limits about effect measures: a general approach. Stat Med 2008;27:1693.
With estimates a, b and limits (la, ua), (lb, ub) the limits of a − b are
a − b − √((a − la)² + (ub − b)²) and a − b + √((ua − a)² + (b − lb)²). It needs nothing but what is shown anyway, and
unlike "the intervals do not overlap" it does not call real differences chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its interval; the limits are None where chance cannot be measured."""

    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """a − b with its limits; None where one of the two has no interval."""

    value: float
    lower: float | None = None
    upper: float | None = None

    @property
    def is_certain(self) -> bool | None:
        """Whether chance alone hardly explains it; None where that cannot be told."""
        if self.lower is None or self.upper is None:
            return None
        return self.lower > 0 or self.upper < 0


def difference(a: Estimate, b: Estimate) -> Difference:
    """How much higher `a` is than `b`."""
    value = a.value - b.value
    if a.lower is None or a.upper is None or b.lower is None or b.upper is None:
        return Difference(value=value)
    down = math.hypot(a.value - a.lower, b.upper - b.value)
    up = math.hypot(a.upper - a.value, b.value - b.lower)
    return Difference(value=value, lower=value - down, upper=value + up)
