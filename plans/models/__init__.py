"""What a prefecture decides: drafts of its areas, and the plan with its chapters and versions; one file per topic."""

from plans.models.areas import AreaDraft, DraftArea, DraftMove, DraftStep, DraftUnit, UnitLink
from plans.models.plan import (
    Chapter,
    ChapterDraft,
    ChapterRevision,
    Mention,
    Plan,
    PlanComment,
    PlanVersion,
    VersionDecision,
)

__all__ = [
    "AreaDraft",
    "Chapter",
    "ChapterDraft",
    "ChapterRevision",
    "DraftArea",
    "DraftMove",
    "DraftStep",
    "DraftUnit",
    "Mention",
    "Plan",
    "PlanComment",
    "PlanVersion",
    "UnitLink",
    "VersionDecision",
]
