"""What stands beside the figures of 指標詳細: position, deciles, funnel, surroundings, relations. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.formulas.funnels import Funnel
from indicators.related import Related
from indicators.results import Figure, RegionRow
from indicators.standings import QuantileBand, SimilarRegion, StandingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A similar region with its figure of this indicator."""

    region: SimilarRegion
    figure: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What lies in the own prefecture, and who is like it. `scheme`: key and name of the areas."""

    scheme: str
    scheme_name: str
    areas: tuple[StandingRow, ...]
    municipalities: tuple[RegionRow, ...]
    similar: tuple[Neighbour, ...]
    similarity_note: str
    prefecture: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailParts:
    """Each is empty where the view does not show it, or where it cannot be known."""

    standing: StandingRow | None = None
    age: str = ""
    bands: tuple[QuantileBand, ...] = ()
    funnel: Funnel | None = None
    around: Around | None = None
    related: tuple[Related, ...] = ()
