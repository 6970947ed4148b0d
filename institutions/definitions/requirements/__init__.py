"""Requirement sets: what the 指針 of a plan period asks of each category. A changed 指針 is a new file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One required function; `only_with_beds` concerns bodies that admit patients."""

    number: int
    text: str
    only_with_beds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSet:
    """What is required of a category from a plan period on, with its goals and 関係機関の例."""

    key: str
    kind: str
    from_period: int
    title: str
    source: str
    to_be_confirmed: bool
    goals: tuple[str, ...]
    examples: tuple[str, ...]
    items: tuple[Item, ...]


@cache
def requirement_sets() -> tuple[RequirementSet, ...]:
    """All sets, the newest first."""
    sets = [_read(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))]
    return tuple(sorted(sets, key=lambda one: -one.from_period))


def _read(given: dict[str, Any]) -> RequirementSet:
    items = tuple(Item(**item) for item in given.pop("items"))
    return RequirementSet(
        **given | {"goals": tuple(given["goals"]), "examples": tuple(given["examples"]), "items": items}
    )


def requirement_set(kind: str, *, period: int) -> RequirementSet | None:
    """The set in force for a category in a plan period; None for a category without requirements (連携支援機関)."""
    return next((one for one in requirement_sets() if one.kind == kind and one.from_period <= period), None)
