"""What the demo plan says (`plans/definitions/demo_plan.toml`), and who says it when."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from plans.models import Plan
from regions.models import Region
from zaitaku.accounts.models import User

_FILE = Path(__file__).resolve().parent.parent / "definitions" / "demo_plan.toml"
# The demo stands on the figures of the prefecture that the demo accounts work for (docs/decisions/0062).
PREFECTURE, SCHEME = "01", "iryoken2-8"


@cache
def demo_script() -> Mapping[str, Any]:
    """The text of the demo, part by part."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The demo accounts that act: who writes, who decides, and who speaks for a municipality."""

    official: User
    approver: User
    city: User

    def named(self, role: str) -> User:
        """The person a line of the script is spoken by."""
        return {"pref": self.official, "approver": self.approver, "city": self.city}[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The plan that is being filled, its areas, who acts, and the day the days of the script are counted from."""

    plan: Plan
    areas: Sequence[Region]
    people: People
    today: dt.date

    def day(self, offset: int | None) -> dt.date | None:
        """A day of the script."""
        return None if offset is None else self.today + dt.timedelta(days=offset)
