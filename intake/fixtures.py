"""The lists of institutions among the fixtures: written by `institutions`, loaded with their counts as imports are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import institutions.fixtures
from intake.kinds import store_notifications
from zaitaku.sources.fixtures import load_sources


def write(folder: Path, data: Path) -> None:
    """Write `folder/institutions/*.csv` from the official lists in `data/notifications`."""
    institutions.fixtures.write(folder, data)


def load(folder: Path) -> dict[str, int]:
    """Store every list of `folder/institutions`, inside the caller's transaction. Returns counts by kind of row."""
    sources = load_sources(folder)
    counts: Counter[str] = Counter()
    for table, key in institutions.fixtures.read_lists(folder):
        counts += Counter(store_notifications(table, sources[key]).counts)
    return dict(counts)
