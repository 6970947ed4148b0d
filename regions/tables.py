"""Tables of regions and areas as they are stored: what the parsers' rows are assembled into. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from regions.definitions.reading import SchemeDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """A nation, prefecture, municipality or ward. `parent_code` is empty for the nation only."""

    kind: str
    code: str
    name: str
    name_kana: str
    parent_code: str
    district: str = ""
    is_base_unit: bool = False
    is_designated_city: bool = False
    is_out_of_scope: bool = False
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """One area of a scheme with the base units it holds (5-digit codes, sorted)."""

    scheme: str
    code: str
    name: str
    prefecture_code: str
    unit_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An area's unit that no longer exists, carried over to the unit that follows it."""

    from_code: str
    to_code: str
    on: dt.date
    area_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeTable:
    """One scheme with all its areas."""

    definition: SchemeDefinition
    areas: tuple[AreaRow, ...]
