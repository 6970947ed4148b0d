"""What disclosure control hides, as it was stored with a publication."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from indicators.formulas.figures import Gap
from indicators.formulas.structure import Structure
from indicators.models import Protection

_GAPS = {Protection.State.PRIMARY: Gap.SMALL, Protection.State.SECONDARY: Gap.COMPLEMENTARY}


def get_hidden_flags(publication_id: int, *, structure: Structure) -> dict[str, NDArray[np.uint16]]:
    """The `Gap` flags of each item of a publication, for every row of the structure."""
    flags: dict[str, NDArray[np.uint16]] = {}
    found = Protection.objects.filter(publication_id=publication_id)
    for item, region, state in found.values_list("item__code", "region_id", "state"):
        of_item = flags.setdefault(item, np.zeros(len(structure), np.uint16))
        row = int(structure.rows_of(np.array([region], dtype=np.int64))[0])
        if row >= 0:
            of_item[row] = _GAPS[Protection.State(state)]
    return flags
