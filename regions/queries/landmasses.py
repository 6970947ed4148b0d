"""Which municipalities are joined by land: what tells a straight line over the sea from one over land."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.conf import settings

from regions.geography import MUNICIPALITY, read_topology
from regions.geometry.adjacency import adjacency


def get_landmasses() -> Mapping[str, str]:
    """A landmass by code of municipality (cities whole, no wards), named by the smallest code on it.

    Bridges, tunnels and ferries join nothing: 本州 and 九州 are two landmasses. A municipality of several islands is
    one. Empty where the boundaries are not there.
    """
    return _landmasses(settings.BASE_DIR / "fixtures" / "geo" / "national.json")


@lru_cache(maxsize=4)
def _landmasses(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return MappingProxyType({})
    return MappingProxyType(join(adjacency(read_topology(path), MUNICIPALITY)))


def join(neighbours: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The smallest code of everything that can be walked to, for each code."""
    found: dict[str, str] = {}
    for start in sorted(neighbours):
        waiting = [start]
        while waiting:
            code = waiting.pop()
            if code not in found:
                found[code] = start
                waiting.extend(neighbours.get(code, ()))
    return found
