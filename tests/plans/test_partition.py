"""Drafts as values: every change can be taken back, and two people's changes are told apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from plans.formulas import partition as areas
from plans.formulas.partition import (
    Change,
    ChangeRefused,
    ChangeStale,
    Partition,
    apply,
    difference,
    from_groups,
    from_json,
    to_json,
)

UNITS = ("a", "b", "c", "d", "e", "f")
NAMES = st.sampled_from(["東", "西", "南", "北", "中央", ""])
CHOSEN = st.sets(st.sampled_from(UNITS), max_size=4)
NUMBERS = st.integers(0, 6)


class Undoing(RuleBasedStateMachine):
    """Any sequence of changes, undone and redone, leads through the same drafts as a list of copies would."""

    @initialize()
    def begin(self) -> None:
        self.now = from_groups([("東", "ab"), ("西", "cd")])
        self.copies = [self.now]
        self.changes: list[Change] = []
        self.at = 0

    def _do(self, change: Change) -> None:
        if not change:
            return
        self.now = apply(self.now, from_json(to_json(change)))
        del self.copies[self.at + 1 :], self.changes[self.at :]
        self.copies.append(self.now)
        self.changes.append(change)
        self.at += 1

    @rule(units=CHOSEN, to=st.none() | NUMBERS)
    def assign(self, units: set[str], to: int | None) -> None:
        try:
            self._do(areas.assign(self.now, units, to=to))
        except ChangeRefused:
            assert not units or to not in self.now.areas or self._is_locked(units, to)

    @rule(units=CHOSEN, name=NAMES)
    def split(self, units: set[str], name: str) -> None:
        try:
            self._do(areas.split(self.now, units, name=name))
        except ChangeRefused:
            assert not name or name in {a.name for a in self.now.areas.values()} or self._is_locked(units, None)
        else:
            assert {self.now.area_of[unit] for unit in units} <= {max(self.now.areas)}

    @rule(one=NUMBERS, other=NUMBERS)
    def join(self, one: int, other: int) -> None:
        try:
            self._do(areas.join(self.now, one, into=other))
        except ChangeRefused:
            return
        assert one not in self.now.areas

    @rule(number=NUMBERS, name=NAMES)
    def rename(self, number: int, name: str) -> None:
        try:
            self._do(areas.rename(self.now, number, name=name))
        except ChangeRefused:
            return
        assert self.now.areas[number].name == name

    @rule(number=NUMBERS, is_locked=st.booleans())
    def lock(self, number: int, *, is_locked: bool) -> None:
        if number in self.now.areas:
            self._do(areas.lock(self.now, number, is_locked=is_locked))

    @rule(number=NUMBERS)
    def remove(self, number: int) -> None:
        try:
            self._do(areas.remove(self.now, number))
        except ChangeRefused:
            return

    @rule()
    def undo(self) -> None:
        if self.at:
            self.at -= 1
            self.now = apply(self.now, self.changes[self.at].reversed())

    @rule()
    def redo(self) -> None:
        if self.at < len(self.changes):
            self.now = apply(self.now, self.changes[self.at])
            self.at += 1

    @invariant()
    def it_is_the_copy_made_then(self) -> None:
        assert self.now == self.copies[self.at]

    @invariant()
    def every_unit_lies_in_an_area_there_is_and_names_are_told_apart(self) -> None:
        assert set(self.now.area_of.values()) <= set(self.now.areas)
        names = [area.name for area in self.now.areas.values()]
        assert len(names) == len(set(names))

    def _is_locked(self, units: set[str], to: int | None) -> bool:
        touched = {self.now.area_of.get(unit) for unit in units} | {to}
        return any(area.is_locked for number, area in self.now.areas.items() if number in touched)


TestUndoing = Undoing.TestCase
TestUndoing.settings = settings(max_examples=25, stateful_step_count=40)


def test_a_locked_area_keeps_its_units_and_its_name() -> None:
    draft = from_groups([("東", "ab"), ("西", "cd")])
    draft = apply(draft, areas.lock(draft, 1, is_locked=True))
    refused: list[Callable[[], Change]] = [
        partial(areas.assign, draft, ["a"], to=2),
        partial(areas.assign, draft, ["c"], to=1),
        partial(areas.join, draft, 1, into=2),
        partial(areas.rename, draft, 1, name="別"),
        partial(areas.remove, draft, 1),
    ]
    for attempt in refused:
        with pytest.raises(ChangeRefused, match="固定を外して"):
            attempt()


def test_a_change_made_for_another_draft_is_not_applied() -> None:
    draft = from_groups([("東", "ab"), ("西", "cd")])
    change = areas.assign(draft, ["a"], to=2)
    with pytest.raises(ChangeStale):
        apply(from_groups([("東", "b"), ("西", "cd")]), change)


def test_changes_of_different_units_do_not_disturb_each_other_but_of_one_unit_do() -> None:
    draft = from_groups([("東", "ab"), ("西", "cd"), ("南", "e")])
    one, other = areas.assign(draft, ["a"], to=2), areas.assign(draft, ["c"], to=1)
    assert not one.disturbs(other)
    assert one.disturbs(areas.assign(draft, ["a"], to=3))
    assert one.disturbs(areas.remove(draft, 2)), "a unit moved into an area that somebody removed"


def test_the_difference_of_two_drafts_leads_from_one_to_the_other() -> None:
    one, other = from_groups([("東", "ab"), ("西", "cd")]), from_groups([("東", "abc"), ("新", "e")])
    assert apply(one, difference(one, other)) == other
    assert difference(one, one) == Change()
    assert apply(Partition(), difference(Partition(), one)) == one


def test_areas_side_by_side_get_different_colours() -> None:
    ring = {unit: {UNITS[i - 1], UNITS[(i + 1) % 6]} for i, unit in enumerate(UNITS)}
    draft = areas.coloured(from_groups([(unit, unit) for unit in UNITS]), ring)
    colour = {unit: draft.areas[number].colour for unit, number in draft.area_of.items()}
    assert all(colour[unit] != colour[other] for unit, others in ring.items() for other in others)


def test_areas_of_two_drafts_correspond_by_what_they_have_in_common_and_not_by_name() -> None:
    one, other = from_groups([("東", "abc"), ("西", "def")]), from_groups([("西", "ab"), ("東", "cdef")])
    assert areas.counterparts(one, other) == {1: 1, 2: 2}
