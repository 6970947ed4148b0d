"""Which places of one level share a border, from the stored boundaries (国土数値情報).

Places across water (北海道 and 青森県, islands) share none, whatever bridge or tunnel joins them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from regions.geography import MUNICIPALITY, PREFECTURE, UNIT, read_topology
from regions.geometry.adjacency import adjacency

PREFECTURES, MUNICIPALITIES = PREFECTURE, MUNICIPALITY


def get_bordering(layer: str, code: str) -> tuple[str, ...]:
    """Codes of the places of the same layer that border on one, in order of code.

    `layer`: `PREFECTURES`, the key of a scheme, or `MUNICIPALITIES`, which has wards too.
    """
    geo = settings.BASE_DIR / "fixtures" / "geo"
    country = _borders(geo / "national.json", layer).get(code, frozenset())
    if layer != MUNICIPALITY:
        return tuple(sorted(country))
    inside = _borders(geo / "prefectures" / f"{code[:2]}.json", UNIT).get(code, frozenset())
    return tuple(sorted({*inside, *(other for other in country if other[:2] != code[:2])}))


@lru_cache(maxsize=64)
def _borders(path: Path, layer: str) -> Mapping[str, frozenset[str]]:
    """The neighbours of every shape of a layer; none where the file or the layer is not there."""
    if not path.is_file():
        return {}
    topology = read_topology(path)
    return adjacency(topology, layer) if layer in topology.layers else {}
