"""What other bounds between the types of areas would change, before anybody saves them."""

from __future__ import annotations

from indicators.area_types import Bounds, LevelPreview, compare_types
from indicators.queries.similar import get_typed_regions
from indicators.results import Level

_LEVELS = (
    ("二次医療圏（第8次）", Level.AREA, "iryoken2-8"),
    ("市区町村", Level.MUNICIPALITY, ""),
    ("都道府県", Level.PREFECTURE, ""),
)


def preview_bounds(bounds: Bounds) -> tuple[LevelPreview, ...]:
    """How many regions of each level the bounds would give another type than they have, and which."""
    types = [kind.as_type() for kind in bounds.types]
    previews = []
    for name, level, scheme in _LEVELS:
        regions, now = get_typed_regions(level=level, scheme=scheme)
        _regions, then = get_typed_regions(level=level, scheme=scheme, types=types)
        previews.append(compare_types(name, regions, now, then))
    return tuple(previews)
