"""Everything public at once, against the hidden counts: all levels and schemes, any group of units, rates, intervals.

The attacker takes the figures of groups as they are shown (value, count, limits), turns each back into a count where
that can be done, and adds what follows to the system of all published sums. No hidden count may then be pinned down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from indicators.definitions import get_definition
from indicators.formulas.draft import compute_draft, make_draft_inputs
from indicators.formulas.figures import Figures, mask
from indicators.formulas.protection import Counts, ProtectedCounts
from indicators.formulas.structure import make_structure
from tests.indicators.test_protection import MEMBERS, PART, ROWS, UNITS, WHOLE, _counts, _protect
from zaitaku.lib.disclosure.attack import Publication, audit
from zaitaku.lib.disclosure.protection import Unprotectable
from zaitaku.lib.disclosure.tables import Cell, Knowledge, LinkedTable

STRUCTURE = make_structure(ROWS, MEMBERS)
AS_WISHED = get_definition("X_O06")  # 100 × PART ÷ WHOLE with Wilson limits
Z2 = 1.959963984540054**2
_count = st.integers(0, 40)
_units = st.tuples(*[st.tuples(_count, _count) for _ in UNITS])
_groups = st.lists(st.sets(st.sampled_from(range(len(UNITS))), min_size=1), min_size=1, max_size=4)


def _group_figures(family: Sequence[Counts], hidden: ProtectedCounts, members: set[int]) -> dict[str, float]:
    """What a visitor reads off a group: its counts, or what the rate and its limits give away of them."""
    shown = {one.item: _of_units(mask(one.figures, hidden.flags[one.item])) for one in family}
    area = np.array([0 if number in members else -1 for number in range(len(UNITS))])
    found = compute_draft([AS_WISHED], make_draft_inputs(shown), area_of_unit=area, areas=1)[AS_WISHED.code]
    assert found.denominator is not None
    assert found.limits is not None
    read = {PART: float(found.numerator.value[0]), WHOLE: float(found.denominator.value[0])}
    value, low, high = (float(x[0]) for x in (found.value.value, found.limits.lower, found.limits.upper))
    if not np.isnan(low):
        # Wilson: (low + high) / 2 = (p + z²/2n) / (1 + z²/n) gives n, and p the count, where they are not shown.
        middle, p = (low + high) / 200, value / 100
        if abs(1 - 2 * middle) > 1e-9 and abs(p - middle) > 1e-12:
            people = Z2 * (middle - 0.5) / (p - middle)
            read = {PART: round(people * p), WHOLE: round(people)}
    return {item: number for item, number in read.items() if not np.isnan(number)}


def _of_units(figures: Figures) -> Figures:
    return Figures(figures.value[STRUCTURE.units], figures.flags[STRUCTURE.units])


def _with_groups(hidden: ProtectedCounts, groups: Sequence[tuple[set[int], Mapping[str, float]]]) -> Publication:
    """All that is published, and one cell and one sum more for each figure of a group."""
    table, states = hidden.protected.table, hidden.protected.states
    place = {key: number for number, key in enumerate(table.keys)}
    more = [
        (f"group {sorted(members)}・{item}", value, [place[f"{UNITS[number]}・{item}"] for number in members])
        for members, figures in groups
        for item, value in figures.items()
    ]
    size, extra = len(table.keys), len(more)
    rows = np.zeros((extra, size + extra))
    for number, (_key, _value, parts) in enumerate(more):
        rows[number, parts], rows[number, size + number] = 1.0, -1.0
    wide = sparse.hstack([table.sums, sparse.csr_array((table.sums.shape[0], extra))])
    whole = LinkedTable(
        keys=(*table.keys, *(key for key, _value, _parts in more)),
        values=np.append(table.values, [value for _key, value, _parts in more]),
        sums=sparse.csr_array(sparse.vstack([wide, sparse.csr_array(rows)])),
        sum_names=(*table.sum_names, *(key for key, _value, _parts in more)),
    )
    bounds = {
        cell: tuple(np.append(np.broadcast_to(limit, size), np.zeros(extra)) for limit in limits)
        for cell, limits in hidden.protected.knowledge.bounds.items()
    }
    return Publication.of(
        whole,
        np.append(states, np.full(extra, Cell.SHOWN)).astype(states.dtype),
        knowledge=Knowledge({cell: (low, high) for cell, (low, high) in bounds.items()}),
    )


@settings(max_examples=25)
@given(_units, _groups)
def test_groups_rates_and_intervals_pin_down_no_hidden_count(
    numbers: tuple[tuple[int, int], ...], groups: list[set[int]]
) -> None:
    wholes: dict[int, float | None] = {unit: float(a + b) for unit, (a, b) in zip(UNITS, numbers, strict=True)}
    parts: dict[int, float | None] = {unit: float(a) for unit, (a, _b) in zip(UNITS, numbers, strict=True)}
    family = [_counts(STRUCTURE, WHOLE, wholes), _counts(STRUCTURE, PART, parts)]
    try:
        hidden = _protect(STRUCTURE, *family)
    except Unprotectable:
        return  # then nothing of it is published at all
    read = [(members, _group_figures(family, hidden, members)) for members in groups]
    for members, figures in read:
        for item, number in figures.items():
            true = {WHOLE: wholes, PART: parts}[item]
            assert number == sum(true[UNITS[unit]] or 0.0 for unit in members)
    assert audit(_with_groups(hidden, read)).passed


def test_the_attack_would_notice_a_group_with_a_hidden_unit() -> None:
    """The same attack succeeds at once if a group's sum is taken from unprotected figures."""
    values: dict[int, float | None] = dict(zip(UNITS, (4.0, 50.0, 60.0, 70.0, 80.0), strict=True))
    hidden = _protect(STRUCTURE, _counts(STRUCTURE, WHOLE, values), complements=False)
    assert not audit(_with_groups(hidden, [({0, 2}, {WHOLE: 64.0})])).passed


@pytest.mark.parametrize("unit", range(len(UNITS)))
def test_a_group_of_one_hidden_unit_has_no_figure(unit: int) -> None:
    values: dict[int, float | None] = dict(zip(UNITS, (4.0, 5.0, 6.0, 7.0, 8.0), strict=True))
    wholes: dict[int, float | None] = {one: (number or 0) + 50 for one, number in values.items()}
    family = [_counts(STRUCTURE, WHOLE, wholes), _counts(STRUCTURE, PART, values)]
    assert PART not in _group_figures(family, _protect(STRUCTURE, *family), {unit})
