"""Several indicators as one: the weighted mean of their 偏差値, with declared weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indicators.formulas.figures import Figures, Floats, Gap
from indicators.formulas.structure import Structure
from zaitaku.lib.statistics.ranking import deviation_scores

NEUTRAL_SCORE = 50.0


def composite(
    parts: Sequence[Figures], weights: Sequence[float], reversed_parts: Sequence[bool], structure: Structure
) -> Figures:
    """Σ weight·score ÷ Σ weight, where a part's score is its 偏差値 among the regions of the same level and scheme.

    A region needs every part: an average over those that happen to be there would reward missing data. The nation is no
    peer of anyone and stands at 50 wherever all its parts have values.
    """
    flags = np.zeros(len(structure), np.uint16)
    score = np.zeros(len(structure))
    for part, weight, is_reversed in zip(parts, weights, reversed_parts, strict=True):
        own = _scores(part, structure)
        score += weight * (2 * NEUTRAL_SCORE - own if is_reversed else own)
        flags |= part.flags
    flags = np.where((flags == 0) & np.isnan(score), np.uint16(Gap.NOT_PUBLISHED), flags)
    figures = Figures(score / sum(weights), flags)
    return Figures(np.where(figures.has_number, figures.value, np.nan), flags)


def _scores(part: Figures, structure: Structure) -> Floats:
    """The 偏差値 of every region among its peers; where all are equal nobody stands out: 50 for each."""
    own = np.full(len(structure), np.nan)
    own[0] = NEUTRAL_SCORE
    for rows in structure.peers:
        has = part.has_number[rows]
        found = deviation_scores(np.where(has, part.value[rows], np.nan))
        own[rows] = np.where(has & np.isnan(found), NEUTRAL_SCORE, found)
    return own
