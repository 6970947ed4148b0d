"""What one institution counts for in アクセス: `access_capacity.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from institutions.definitions import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChoice:
    """A way to weigh institutions: a number by 受理記号; `is_assumption` where this project made the numbers up."""

    key: str
    label: str
    note: str
    is_assumption: bool
    weights: Mapping[str, float]


@cache
def capacity_choices() -> Mapping[str, CapacityChoice]:
    """The choices by key, in the order of the file; the first is the default."""
    with (FOLDER / "access_capacity.toml").open("rb") as file:
        read = [CapacityChoice(**row) for row in tomllib.load(file)["choices"]]
    return {choice.key: choice for choice in read}
