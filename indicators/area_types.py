"""The types of areas by population: the bounds between them, and what a change of them would do. Frozen values."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from indicators.definitions.similarity import TypeOfArea, similarity

_IN_A_GAP = "どの種類でもない"
_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The four bounds, in people, ascending: small below ≤ middle from < middle below ≤ large from."""

    small_below: int
    middle_from: int
    middle_below: int
    large_from: int

    @property
    def types(self) -> tuple[TypeOfArea, ...]:
        """The types between these bounds, the largest first."""
        large, middle, small = (one.label for one in similarity().types)
        return (
            TypeOfArea(label=large, at_least=self.large_from),
            TypeOfArea(label=middle, at_least=self.middle_from, below=self.middle_below),
            TypeOfArea(label=small, below=self.small_below),
        )

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Each type and what it holds, in words."""
        large, middle, small = (one.label for one in similarity().types)
        return (
            (large, f"{self.large_from:,}人以上"),
            (middle, f"{self.middle_from:,}人以上{self.middle_below:,}人未満"),
            (small, f"{self.small_below:,}人未満"),
        )

    @property
    def querystring(self) -> str:
        """The preview of these bounds."""
        return f"?{urlencode(asdict(self))}"


def default_bounds() -> Bounds:
    """Those of `similarity.toml`."""
    large, middle, small = similarity().types
    return Bounds(
        small_below=int(small.below),
        middle_from=int(middle.at_least),
        middle_below=int(middle.below),
        large_from=int(large.at_least),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundsChange:
    """One line of the history."""

    id: int
    at: dt.datetime
    by: str
    before: Bounds
    after: Bounds
    reason: str
    source: str

    @property
    def differences(self) -> tuple[tuple[str, str, str], ...]:
        """The types whose bounds changed: label, before, after."""
        pairs = zip(self.before.sentences, self.after.sentences, strict=True)
        return tuple((label, old, new) for (label, old), (_label, new) in pairs if old != new)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPreview:
    """How the regions of one level are typed now and would be. `moved`: name, type now, type then."""

    name: str
    regions: int
    now: Mapping[str, int]
    then: Mapping[str, int]
    moved: tuple[tuple[str, str, str], ...]

    @property
    def rows(self) -> tuple[tuple[str, int, int], ...]:
        """Each type, and the regions of none: how many now and then."""
        labels = [*(one.label for one in similarity().types), _IN_A_GAP]
        return tuple((label, self.now.get(label, 0), self.then.get(label, 0)) for label in labels)

    @property
    def shown(self) -> tuple[tuple[str, str, str], ...]:
        """The first of those that change."""
        return self.moved[:_NAMES_SHOWN]

    @property
    def hidden(self) -> int:
        """How many more change than are named."""
        return len(self.moved) - len(self.shown)


def compare_types(name: str, regions: Sequence[str], now: Sequence[str], then: Sequence[str]) -> LevelPreview:
    """The preview of one level from the names of its regions and their types, which are empty in a gap."""
    before, after = ([label or _IN_A_GAP for label in labels] for labels in (now, then))
    triples = zip(regions, before, after, strict=True)
    return LevelPreview(
        name=name,
        regions=len(regions),
        now=Counter(before),
        then=Counter(after),
        moved=tuple((region, old, new) for region, old, new in triples if old != new),
    )
