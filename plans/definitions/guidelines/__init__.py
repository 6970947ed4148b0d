"""What the 指針 asks a plan to hold, by the first period it is in force for. A changed 指針 is a new file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineItem:
    """One thing a plan shall hold. `key` names the check (`plans.formulas.guideline`)."""

    key: str
    title: str
    summary: str
    to_be_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """One edition with where it stands."""

    key: str
    title: str
    source: str
    first_period: int
    items: tuple[GuidelineItem, ...]


@cache
def guidelines() -> tuple[Guideline, ...]:
    """All editions, the newest first."""
    given = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))]
    read = [Guideline(**one | {"items": tuple(GuidelineItem(**item) for item in one["items"])}) for one in given]
    return tuple(sorted(read, key=lambda one: -one.first_period))


def guideline_for(period: int) -> Guideline:
    """The edition in force for a plan period; the oldest one for a period before it."""
    return next((one for one in guidelines() if one.first_period <= period), guidelines()[-1])
