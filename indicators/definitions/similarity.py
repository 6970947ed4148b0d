"""What makes regions alike, as data: `similarity.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from zaitaku.lib.statistics.similarity import AreaType

_FILE = Path(__file__).with_name("similarity.toml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variable(_Part):
    """One variable that regions are compared by."""

    key: Literal["population", "density", "share_75", "share_85"]
    name: str


class TypeOfArea(_Part):
    """A class of areas by population, from `at_least` up to `below` (excluded)."""

    label: str
    at_least: float = 0
    below: float = float("inf")

    def as_type(self) -> AreaType:
        """The same for `zaitaku.lib.statistics`."""
        return AreaType(self.label, self.at_least, self.below)


class Similarity(_Part):
    """The variables, how many similar areas are named, and the types."""

    count: Annotated[int, Field(ge=1, le=20)]
    variables: Annotated[tuple[Variable, ...], Field(min_length=1)]
    types: tuple[TypeOfArea, ...]


@cache
def similarity() -> Similarity:
    """The variables and types in force."""
    return Similarity.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))
