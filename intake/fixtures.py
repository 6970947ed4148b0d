"""The lists and registers of institutions among the fixtures: loaded with their counts, as imports are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import institutions.fixtures
from indicators.actions.observations import edition_of
from institutions import register_fixtures
from intake.kinds import store_notifications
from intake.registers import store_hospital_list, store_service_list
from zaitaku.sources.fixtures import load_sources
from zaitaku.sources.models import SourceFile


def write(folder: Path, data: Path) -> None:
    """Write `folder/institutions/*.csv` from the official lists and registers in `data`."""
    institutions.fixtures.write(folder, data)
    register_fixtures.write(folder, data)


def load(folder: Path) -> dict[str, int]:
    """Store every list of `folder/institutions`, inside the caller's transaction. Returns counts by kind of row."""
    sources = load_sources(folder)
    counts: Counter[str] = Counter()
    for table, key in institutions.fixtures.read_lists(folder):
        counts += Counter(store_notifications(table, sources[key]).counts)
    for line in register_fixtures.list_registers(folder):
        counts += Counter(_load_register(folder, line, sources[line["source"]]))
    return dict(counts)


def _load_register(folder: Path, line: Mapping[str, str], source: SourceFile) -> dict[str, int]:
    edition = edition_of(source)
    if line["service"]:
        return store_service_list(register_fixtures.read_services(folder, line, edition=edition), source)[0]
    return store_hospital_list(register_fixtures.read_hospitals(folder, line, edition=edition), source)[0]
