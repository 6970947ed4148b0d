"""What the queries on bodies and designations give back. Pure: the checks and proposals are made of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

ACTIVE, HUB, SUPPORT = "active", "hub", "support"
CANDIDATE, DISCUSSING, DESIGNATED, RELEASED = "candidate", "discussing", "designated", "released"
MET, PARTLY, UNMET, UNVERIFIED = "met", "partly", "unmet", "unverified"
MEDICAL_KINDS = ("hospital", "clinic", "unknown")
"""Kinds an `active` body may have; 不明 is a 医科 institution whose list does not say which of the two it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """A region as a row names it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationRow:
    """One designation with everything lists, checks and exports show of it. `answers` counts items by answer."""

    id: int
    prefecture_code: str
    period: int
    kind: str
    kind_label: str
    status: str
    status_label: str
    body_id: int
    body_name: str
    body_kana: str
    body_kind: str
    body_kind_label: str
    code: str
    address: str
    unit: PlaceName | None
    latitude: float | None
    longitude: float | None
    position: str
    is_demo: bool
    listed_to: dt.date | None
    institution_id: int | None
    area: PlaceName | None
    reason: str
    evidence: str
    decided_on: dt.date
    designated_on: dt.date | None
    recheck_on: dt.date | None
    programme: PlaceName | None
    version: int
    catchment: tuple[PlaceName, ...] = ()
    answers: Mapping[str, int] = field(default_factory=dict)
    items: int = 0

    @property
    def is_medical(self) -> bool:
        """Whether the body is a hospital or clinic."""
        return self.body_kind in MEDICAL_KINDS

    @property
    def verified(self) -> int:
        """How many items are answered."""
        return sum(count for answer, count in self.answers.items() if answer != UNVERIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaUnits:
    """An area designations are made in and the base units that lie in it."""

    id: int
    code: str
    name: str
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationAreas:
    """The areas of a prefecture: its 在宅医療圏 if it has any, else the 二次医療圏 in force."""

    scheme_key: str
    scheme_name: str
    is_home_care: bool
    areas: tuple[AreaUnits, ...]

    def of_unit(self, unit_id: int | None) -> AreaUnits | None:
        """The area a base unit lies in."""
        return next((area for area in self.areas if unit_id in area.unit_ids), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureCount:
    """How many bodies a prefecture has designated in a period; `share_not_medical` is None without any `active`."""

    prefecture_code: str
    active: int
    hubs: int
    active_not_medical: int

    @property
    def share_not_medical(self) -> float | None:
        """Share of `active` bodies that are neither hospital nor clinic."""
        return self.active_not_medical / self.active if self.active else None
