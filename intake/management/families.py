"""The families of fixtures, in the order in which they need each other."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import indicators.fixtures
import intake.fixtures
import regions.fixtures


class Family(Protocol):
    """What a `fixtures` module of an app offers."""

    def write(self, folder: Path, data: Path) -> None:
        """Write the app's tables below `folder` from the official files in `data`."""

    def load(self, folder: Path) -> dict[str, int]:
        """Store the app's tables from `folder`; returns counts by kind of row."""


# A family's tables lie in the folder of the same name.
FAMILIES: tuple[tuple[str, Family], ...] = (
    ("regions", regions.fixtures),
    ("institutions", intake.fixtures),
    ("observations", indicators.fixtures),
)
