"""The live figures of a draft: people, resources and every indicator of every area, ready to be written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.draft import DraftFigures
from indicators.formulas.figures import Figures, Status

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
    lower, upper = (None, None) if found.limits is None else (found.limits.lower, found.limits.upper)
    return tuple(
        _cell(found.value, at, reasons, decimals=decimals, limits=_limits(lower, upper, at, decimals))
        for at in range(len(found.value.value))
    )


def _limits(lower: NDArray[np.float64] | None, upper: NDArray[np.float64] | None, at: int, decimals: int) -> str:
    if lower is None or upper is None or np.isnan(lower[at]) or np.isnan(upper[at]):
        return ""
    return f"{lower[at]:,.{decimals}f}〜{upper[at]:,.{decimals}f}"


def _cell(figures: Figures, at: int, reasons: Mapping[int, str], *, decimals: int, limits: str) -> Cell:
    status = Status(int(figures.status[at]))
    if status in _WORDS:
        reason = reasons.get(int(figures.reason[at]), "")
        return Cell(text=_WORDS[status], note=reason, state=_STATES[status])
    value = float(figures.value[at])
    return Cell(text=f"{value:,.{decimals}f}", note=limits, value=value)


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
