"""The live figures of a draft: people, resources and every indicator of every area, ready to be written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.draft import DraftFigures
from indicators.formulas.figures import Status

_WORDS = {Status.SUPPRESSED: "秘匿", Status.MISSING: "データなし", Status.NOT_APPLICABLE: "対象外"}
_STATES = {Status.SUPPRESSED: "suppressed", Status.MISSING: "missing", Status.NOT_APPLICABLE: "not_applicable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of one area as text; `state` is empty where there is a number, `note` its interval or the reason."""

    text: str
    note: str = ""
    state: str = ""
    value: float | None = None


def number_cell(value: float, *, decimals: int = 0) -> Cell:
    """A plain number; NaN is データなし."""
    if np.isnan(value):
        return Cell(text="データなし", state="missing")
    return Cell(text=f"{value:,.{decimals}f}", value=float(value))


def change_cell(later: float, earlier: float) -> Cell:
    """The change from one number to another in %."""
    if np.isnan(later) or np.isnan(earlier):
        return Cell(text="データなし", state="missing")
    if earlier == 0:
        return Cell(text="対象外", state="not_applicable")
    change = (later / earlier - 1) * 100
    return Cell(text=f"{change:+.1f}%".replace("-", "−"), value=float(change))


def figure_cells(found: DraftFigures, reasons: Mapping[int, str], *, decimals: int) -> tuple[Cell, ...]:
    """One indicator for every area, with its 95 % interval."""
    # Lists and not arrays: taken one by one, an element of an array costs ten times that of a list.
    values, statuses, causes = (part.tolist() for part in (found.value.value, found.value.status, found.value.reason))
    notes = _limits(found, decimals)
    return tuple(
        Cell(text=_WORDS[status], note=reasons.get(cause, ""), state=_STATES[status])
        if status in _WORDS
        else Cell(text=f"{value:,.{decimals}f}", note=note, value=value)
        for value, status, cause, note in zip(values, statuses, causes, notes, strict=True)
    )


def _limits(found: DraftFigures, decimals: int) -> list[str]:
    """The interval of each area in words; "" where there is none."""
    if found.limits is None:
        return [""] * len(found.value.value)
    pairs = zip(found.limits.lower.tolist(), found.limits.upper.tolist(), strict=True)
    return [
        "" if math.isnan(lower) or math.isnan(upper) else f"{lower:,.{decimals}f}〜{upper:,.{decimals}f}"
        for lower, upper in pairs
    ]


def decimals_for(values: NDArray[np.float64]) -> int:
    """Digits after the point for a row: whole numbers of a hundred and more need none."""
    known = values[~np.isnan(values)]
    if len(known) == 0 or np.all(known == np.round(known)):
        return 0
    return 0 if float(np.median(np.abs(known))) >= 1000 else 1


def spread(values: Sequence[float]) -> float | None:
    """Largest over smallest of the positive values: how unequal areas are; None with fewer than two."""
    known = [value for value in values if value > 0]
    return max(known) / min(known) if len(known) > 1 else None
