"""What an official enters to make an indicator, and the facts about items it is judged by. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.definitions.schema import Basis, Method

OFFERED = (
    Method.RATE,
    Method.PROPORTION,
    Method.COUNT,
    Method.RATIO,
    Method.PER_AREA,
    Method.COVERAGE,
    Method.STANDARDISED_RATIO,
    Method.SHARE_OF_UNITS_WITH_NONE,
    Method.GAP_BETWEEN_UNITS,
    Method.GINI_BETWEEN_UNITS,
    Method.COMPOSITE,
)
"""What can be chosen in the browser; a directly standardised rate needs tables that no item search shows."""
UNITS_COUNT = "units.count"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """An item that exists: what it counts, in which years and at which levels there are figures of it.

    `years` is empty for items of a survey nobody handed in yet; `is_in_every_year` for those that need no file.
    """

    code: str
    name: str
    unit: str
    basis: Basis = Basis.NONE
    counts_people: bool = False
    years: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    is_in_every_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenItem:
    """An item of the numerator as it was entered."""

    code: str
    from_year: int | None = None
    to_year: int | None = None

    def holds(self, year: int) -> bool:
        return (self.from_year or 0) <= year <= (self.to_year or 9999)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPart:
    """An indicator of a composite as it was entered."""

    code: str
    weight: float
    is_reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDraft:
    """The form as entered. Empty texts and None take a default."""

    name: str
    kana: str
    phase: str
    kind: str
    why: str
    method: str
    items: tuple[ChosenItem, ...] = ()
    numerator_text: str = ""
    denominator: str = ""
    denominator_text: str = ""
    components: tuple[ChosenPart, ...] = ()
    multiplier: float | None = None
    unit: str = ""
    pool_years: int = 1
    direction: str
    interval: str = "auto"
    comparison: str
    levels: tuple[str, ...]
    caveats: tuple[str, ...]
    visibility: str
    checked_by: str = ""
    next_review: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with which field of the form (empty: with the whole)."""

    field: str
    reason: str


class DraftRefused(Exception):
    """The entries make no definition."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.reason for problem in self.problems))


def is_between_years(code: str) -> bool:
    """Projections stand for single years; in between a straight line is drawn."""
    return code.startswith("demand.")
