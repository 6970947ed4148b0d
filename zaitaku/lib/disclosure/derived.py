"""Rates, ratios and limits give a hidden count away: what a published derived figure says about the count behind it.

The rule that follows is simple: whatever is computed from a hidden count (rate, SCR, interval, index, rank position
along an axis) is hidden with it. These functions show why, and test what is public.
"""

from __future__ import annotations

import math


def counts_behind(published: float, *, per_count: float, decimals: int) -> range:
    """All whole counts that give `published` when multiplied by `per_count` and rounded to `decimals`.

    `per_count`: what one case adds, such as 1,000 ÷ population for a rate per 1,000, or 100 ÷ expected for an SCR. Both
    ways of rounding a half are allowed for.
    """
    half = 0.5 * 10.0**-decimals
    edges = sorted(((published - half) / per_count, (published + half) / per_count))
    slack = 1e-9 * max(1.0, abs(edges[1]))
    return range(max(0, math.ceil(edges[0] - slack)), math.floor(edges[1] + slack) + 1)


def gives_count_away(published: float, *, per_count: float, decimals: int, hidden_below: float = math.inf) -> bool:
    """Whether a derived figure of a hidden count, known to be 1 or more and below `hidden_below`, leaves only one."""
    possible = [count for count in counts_behind(published, per_count=per_count, decimals=decimals) if count > 0]
    return sum(count < hidden_below for count in possible) == 1
