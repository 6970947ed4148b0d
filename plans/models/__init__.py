"""What a prefecture decides: drafts of its areas now; plans, targets and documents beside them, one file per topic."""

from plans.models.areas import AreaDraft, DraftArea, DraftMove, DraftStep, DraftUnit, UnitLink

__all__ = ["AreaDraft", "DraftArea", "DraftMove", "DraftStep", "DraftUnit", "UnitLink"]
