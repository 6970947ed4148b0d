"""Designated bodies by unit, as far as they are registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDesignations:
    """Designated bodies by the code of the unit they lie in or, hubs, serve; None: none is registered."""

    active: Mapping[str, int] | None = None
    hubs: Mapping[str, int] | None = None


def get_unit_designations(prefecture_code: str) -> UnitDesignations:  # noqa: ARG001 - filled by the register
    """The designations of a prefecture that are in force."""
    return UnitDesignations()
