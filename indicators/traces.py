"""Where one figure comes from, step by step down to the cell: frozen values that need no further query. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from indicators.results import DefinitionCard, Figure
from institutions.queries.holders import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAddress:
    """One figure: an indicator, a region, a year, and optionally the day it is looked at from.

    `kind` is a value of `Region.Kind`, or for an area the key of its scheme: every figure has one address.
    """

    code: str
    kind: str
    region: str
    year: int
    as_at: dt.date | None = None

    def querystring(self) -> str:
        """`?as_at=2026-10-01`, or nothing for the newest."""
        return f"?{urlencode({'as_at': self.as_at.isoformat()})}" if self.as_at else ""

    def on(self, day: dt.date | None) -> Self:
        """The same figure looked at from another day."""
        return replace(self, as_at=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """One official file. `known_on` is the day from which it counts here."""

    id: int
    kind: str
    publisher: str
    title: str
    edition: str
    as_of: dt.date | None
    licence: str
    url: str
    filename: str
    sha256: str
    retrieved_on: dt.date
    known_on: dt.date
    prefecture_code: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Title and edition."""
        return f"{self.title}　{self.edition}" if self.edition else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One published figure. `cell` is a cell or a range in `sheet`; empty where the figure is a count over the file.

    `is_used` is false for an edition that a newer one has replaced. `value` is None where there is no number or it must
    not be shown; `text` then says which.
    """

    kind: str
    region: str
    name: str
    year: int
    value: float | None
    text: str
    source: SourceFacts
    sheet: str = ""
    cell: str = ""
    is_used: bool = True

    @property
    def is_count(self) -> bool:
        """Whether the file was counted rather than a cell read."""
        return not self.cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A region whose figure would be needed, and why it is not there."""

    kind: str
    region: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTrace:
    """One item in one year: its figure for the region, how it was made, and the published figures it was made of."""

    code: str
    name: str
    unit: str
    year: int
    value: float | None
    text: str
    how: str
    parts: tuple[Part, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def used(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_used)

    @property
    def replaced(self) -> tuple[Part, ...]:
        """Editions that newer ones have replaced."""
        return tuple(part for part in self.parts if not part.is_used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Numerator or denominator: what it is in words, its number, the items added up, and any step between."""

    label: str
    words: str
    value: float | None
    text: str
    unit: str
    items: tuple[ItemTrace, ...] = ()
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """An indicator that a composite is made of."""

    code: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The whole way of one figure.

    `is_outdated` says that the stored value was computed from other inputs than those shown; `withheld` that the
    figure is hidden by the rules of disclosure, so that nothing it could be worked out from is shown either.
    """

    address: FigureAddress
    definition: DefinitionCard
    region_name: str
    level: str
    figure: Figure
    sentence: str
    sides: tuple[Side, ...]
    sources: tuple[SourceFacts, ...]
    engine: str
    computed_at: dt.datetime | None
    known_days: tuple[dt.date, ...] = ()
    components: tuple[Component, ...] = ()
    holders: tuple[Holder, ...] = ()
    holders_note: str = ""
    holders_sheet: str = ""
    edition_note: str = ""
    is_outdated: bool = False
    withheld: bool = False
