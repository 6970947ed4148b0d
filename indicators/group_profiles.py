"""What the page of a group of municipalities shows: every indicator beside the nation and its prefecture. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.groups import Place
from indicators.results import DefinitionCard, Figure, SourceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One indicator of the group. `certainty` compares it with `comparator_name` in words."""

    card: DefinitionCard
    year: int
    figure: Figure
    nation: Figure
    prefecture: Figure | None
    certainty: str

    def comparator(self) -> Figure:
        """What the group is compared with: its prefecture where it lies in one, else the nation."""
        return self.nation if self.prefecture is None else self.prefecture

    @property
    def index(self) -> float | None:
        """The comparator's value is 100; None where either is missing or the comparator is 0."""
        return _index(self.figure.value, self.comparator().value)

    @property
    def index_limits(self) -> tuple[float, float] | None:
        """The limits of the interval, on the same scale."""
        base = self.comparator().value
        low, high = _index(self.figure.lower, base), _index(self.figure.upper, base)
        return None if low is None or high is None else (low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupProfile:
    """The whole page. `prefecture_name` is empty where the group lies in several."""

    name: str
    units: tuple[Place, ...]
    prefecture_name: str
    population: int | None
    aged_75: int | None
    population_year: int | None
    rows: tuple[GroupRow, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...]
    querystring: str
    reference: str

    @property
    def title(self) -> str:
        """`函館と小樽（2市区町村）`."""
        return f"{self.name}（{len(self.units)}市区町村）"

    @property
    def comparator_name(self) -> str:
        return self.prefecture_name or "全国"

    @property
    def phases(self) -> Iterable[tuple[str, tuple[GroupRow, ...]]]:
        """The rows with a value by 場面, in the order of the rows."""
        known = [row for row in self.rows if row.figure.value is not None]
        labels = dict.fromkeys(row.card.phase_label for row in known)
        return [(label, tuple(row for row in known if row.card.phase_label == label)) for label in labels]

    @property
    def without_value(self) -> tuple[GroupRow, ...]:
        """The rows without one, each with its reason."""
        return tuple(row for row in self.rows if row.figure.value is None)

    @property
    def drawn(self) -> tuple[GroupRow, ...]:
        """The rows with an index, which the chart shows."""
        return tuple(row for row in self.rows if row.index is not None)


def _index(value: float | None, base: float | None) -> float | None:
    return None if value is None or not base else round(value / base * 100, 1)
