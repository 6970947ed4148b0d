"""National totals that 全国ビュー shows with their dates (`national_facts.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: str
    source: str

    @property
    def day(self) -> str:
        """`2025年9月`, `2024年3月31日`; what is no date stands as it is written."""
        year, *rest = self.as_of.split("-")
        return (
            f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))
            if rest
            else year
        )


class AreaUnitTotals(_Fact):
    """How many prefectures draw their 在宅医療圏 by 二次医療圏, narrower, or not at all."""

    secondary: int
    narrower: int
    none: int


class DesignationTotals(_Fact):
    """Bodies of 積極的役割, those of them that are hospitals or clinics, and about how many 拠点."""

    active: int
    active_medical: int
    hubs_about: int

    @property
    def other_share(self) -> float:
        """Per cent of the bodies that are neither hospital nor clinic."""
        return round((self.active - self.active_medical) / self.active * 100, 1)


class WithoutSupportTotals(_Fact):
    """Units (wards counted apart) with neither 在支診 nor 在支病, and with ten or more."""

    none: int
    ten_or_more: int
    units: int


class NationalFacts(BaseModel):
    """All of them; `area_units` the newest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    area_units: tuple[AreaUnitTotals, ...]
    designations: DesignationTotals
    without_support: WithoutSupportTotals


@cache
def national_facts() -> NationalFacts:
    """The facts of the file."""
    content = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return NationalFacts.model_validate(tomllib.loads(content))
