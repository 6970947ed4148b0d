"""Which shapes of a layer border on each other: they share an arc."""

from __future__ import annotations

from collections.abc import Mapping

from regions.geometry.topology import Topology


def adjacency(topology: Topology, layer: str) -> Mapping[str, frozenset[str]]:
    """The neighbours by land of every shape; islands have none."""
    shapes_of: dict[int, set[str]] = {}
    for code, rings in topology.layers[layer].items():
        for ring in rings:
            for number in ring:
                shapes_of.setdefault(number if number >= 0 else ~number, set()).add(code)
    found: dict[str, set[str]] = {code: set() for code in topology.layers[layer]}
    for codes in shapes_of.values():
        for code in codes:
            found[code] |= codes - {code}
    return {code: frozenset(codes) for code, codes in found.items()}
