"""Which units are neighbours, and into how many pieces an area falls."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

Neighbours = Mapping[str, frozenset[str]]


def with_links(neighbours: Neighbours, links: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Neighbours by land, joined by crossings over water (bridge, ferry)."""
    joined = {unit: set(found) for unit, found in neighbours.items()}
    for one, other in links:
        if one in joined and other in joined:
            joined[one].add(other)
            joined[other].add(one)
    return {unit: frozenset(found) for unit, found in joined.items()}


def pieces(units: Collection[str], neighbours: Neighbours) -> tuple[tuple[str, ...], ...]:
    """The connected parts of a set of units, the largest first; of equal ones, the one with the lowest code."""
    left = set(units)
    found = []
    while left:
        piece = _reach(min(left), left, neighbours)
        left -= piece
        found.append(tuple(sorted(piece)))
    return tuple(sorted(found, key=lambda piece: (-len(piece), piece)))


def _reach(start: str, within: Collection[str], neighbours: Neighbours) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for unit in neighbours.get(waiting.pop(), ()):
            if unit in within and unit not in reached:
                reached.add(unit)
                waiting.append(unit)
    return reached


def assumed_links(
    units: Collection[str], neighbours: Neighbours, distance: Mapping[tuple[str, str], float]
) -> tuple[tuple[str, str], ...]:
    """The fewest and shortest crossings that join all pieces into one: a minimum spanning tree over the pieces.

    `distance` in km by pair of codes in order. A start that the prefecture confirms or replaces, not a finding.
    """
    piece_of = {unit: number for number, piece in enumerate(pieces(units, neighbours)) for unit in piece}
    links = []
    for (one, other), _km in sorted(distance.items(), key=lambda pair: (pair[1], pair[0])):
        if one in piece_of and other in piece_of and piece_of[one] != piece_of[other]:
            links.append((min(one, other), max(one, other)))
            kept, gone = piece_of[one], piece_of[other]
            piece_of = {unit: kept if piece == gone else piece for unit, piece in piece_of.items()}
    return tuple(links)
