"""The rules of disclosure control as data: `disclosure_rules.toml`, and which items must be protected together."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indicators.definitions.report_items import described_items
from zaitaku.lib.disclosure.rules import Measure, Tier

_FILE = Path(__file__).with_name("disclosure_rules.toml")
_NO_LIMIT = float("inf")


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PopulationTier(_Rule):
    """In municipalities of this population 0 < n < `hide_below` is hidden; `always`: every number, zero included."""

    population_from: Annotated[float, Field(ge=0)] = 0
    population_below: Annotated[float, Field(gt=0)] = _NO_LIMIT
    hide_below: Annotated[int, Field(ge=0)] = 0
    always: bool = False
    source: str

    @model_validator(mode="after")
    def _hides_something(self) -> Self:
        if not self.always and self.hide_below < 1:
            raise ValueError("hide_below か always のどちらかを書いてください。")
        return self

    def as_tier(self) -> Tier:
        """The same for `zaitaku.lib.disclosure`."""
        return Tier(
            Measure.PERSONS,
            hide_below=self.hide_below,
            population_from=self.population_from,
            population_below=self.population_below,
            always=self.always,
            source=self.source,
        )


class DisclosureRules(_Rule):
    """All rules: tiers of municipalities, the one of everything larger, and what they apply to."""

    note: str
    items_beginning_with: tuple[str, ...]
    protects_complements: bool
    tiers: Annotated[tuple[PopulationTier, ...], Field(min_length=1)]
    general: PopulationTier

    @model_validator(mode="after")
    def _tiers_leave_no_gap(self) -> Self:
        """Every population must fall in a tier: a gap would show what nobody decided to show."""
        reached = 0.0
        for tier in sorted(self.tiers, key=lambda tier: tier.population_from):
            if tier.population_from > reached:
                raise ValueError(f"人口{reached:g}から{tier.population_from:g}までの市区町村に規則がありません。")
            reached = max(reached, tier.population_below)
        if reached != _NO_LIMIT:
            raise ValueError(f"人口{reached:g}以上の市区町村に規則がありません。")
        return self

    def apply_to(self, item: str) -> bool:
        """Whether an item counts people and is ours to protect. An item nobody described is taken to count people."""
        if not item.startswith(self.items_beginning_with):
            return False
        known = described_items().get(item)
        return known is None or known.counts_people

    @property
    def digest(self) -> str:
        """SHA-256 of the rules."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@cache
def disclosure_rules() -> DisclosureRules:
    """The rules in force."""
    return parse_disclosure_rules(_FILE.read_text(encoding="utf-8"))


def parse_disclosure_rules(content: str) -> DisclosureRules:
    """Rules from the text of their file. Raises `pydantic.ValidationError` for rules that contradict themselves."""
    return DisclosureRules.model_validate(tomllib.loads(content))


@cache
def _families() -> dict[str, tuple[str, ...]]:
    """Every item of surveys and reports with all items of its family: the whole first, then its parts."""
    items = described_items()
    parts: dict[str, list[str]] = {}
    for item in items.values():
        parts.setdefault(item.not_above or item.code, [])
        if item.not_above:
            parts[item.not_above].append(item.code)
    families = {whole: (whole, *sorted(others)) for whole, others in parts.items()}
    return {code: family for family in families.values() for code in family}


def family_of(item: str) -> tuple[str, ...]:
    """The items that must be protected together with `item`: the whole first, then its parts (満足 of 回答者)."""
    return _families().get(item, (item,))


def with_families(items: Collection[str]) -> tuple[str, ...]:
    """The items and everything that is protected together with them."""
    return tuple(dict.fromkeys(member for item in items for member in family_of(item)))
