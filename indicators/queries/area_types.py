"""The bounds between the types of areas that are in force, and their history."""

from __future__ import annotations

from indicators.area_types import Bounds, BoundsChange, default_bounds
from indicators.definitions.similarity import Similarity, similarity
from indicators.similarity_models import AreaTypeChange


def get_similarity() -> Similarity:
    """What makes regions alike, with the types as they are in force."""
    return similarity().model_copy(update={"types": get_bounds().types})


def get_bounds() -> Bounds:
    """The bounds in force: the newest change, else those of the file."""
    newest = AreaTypeChange.objects.order_by("pk").last()
    return default_bounds() if newest is None else _bounds(newest)


def get_history() -> tuple[BoundsChange, ...]:
    """All changes, newest first."""
    before, lines = default_bounds(), []
    for change in AreaTypeChange.objects.select_related("by").order_by("pk"):
        after = _bounds(change)
        lines.append(
            BoundsChange(
                id=change.pk,
                at=change.at,
                by=str(change.by),
                before=before,
                after=after,
                reason=change.reason,
                source=change.source,
            )
        )
        before = after
    return tuple(reversed(lines))


def _bounds(change: AreaTypeChange) -> Bounds:
    return Bounds(
        small_below=change.small_below,
        middle_from=change.middle_from,
        middle_below=change.middle_below,
        large_from=change.large_from,
    )
