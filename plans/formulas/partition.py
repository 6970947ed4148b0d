"""A draft of areas as a value, and changes of it that can be taken back.

A `Change` holds what was before and after of everything it touches, so that undoing is the same change turned round and
two changes disturb each other exactly if they touch the same. Units are named by code, areas by number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

COLOURS = 12
LONGEST_NAME = 40
MOST_AREAS = 200


class ChangeRefused(Exception):
    """The change is not possible, with a sentence that says why and what to do."""


class ChangeStale(Exception):
    """What the change was made for is no longer there: somebody changed the same units or areas in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of a draft. `colour` is a place in the palette."""

    number: int
    name: str
    colour: int = 0
    is_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Areas by number and the area of each assigned unit."""

    areas: Mapping[int, Area] = field(default_factory=dict)
    area_of: Mapping[str, int] = field(default_factory=dict)

    def units_in(self, number: int) -> tuple[str, ...]:
        """The units of an area by code."""
        return tuple(sorted(unit for unit, area in self.area_of.items() if area == number))

    @property
    def members(self) -> Mapping[int, tuple[str, ...]]:
        """The units of every area by code, in one pass."""
        found: dict[int, list[str]] = {number: [] for number in self.areas}
        for unit in sorted(self.area_of):
            found[self.area_of[unit]].append(unit)
        return {number: tuple(units) for number, units in found.items()}

    def area(self, number: int) -> Area:
        """One area. Raises `ChangeRefused` if there is none."""
        if number not in self.areas:
            raise ChangeRefused("選んだ圏域は今の案にありません。画面を読み直して、もう一度選んでください。")
        return self.areas[number]


UnitMove = tuple[str, int | None, int | None]
AreaMove = tuple[int, Area | None, Area | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one step changes: units with the area before and after, areas as they were and are."""

    units: tuple[UnitMove, ...] = ()
    areas: tuple[AreaMove, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units or self.areas)

    def reversed(self) -> Self:
        """The change that takes this one back."""
        return type(self)(
            units=tuple((unit, after, before) for unit, before, after in self.units),
            areas=tuple((number, after, before) for number, before, after in self.areas),
        )

    def disturbs(self, other: Change) -> bool:
        """Whether both touch a unit or an area in common, or one puts units into an area the other takes away."""
        units, numbers = {unit for unit, *_ in self.units}, {number for number, *_ in self.areas}
        if units & {unit for unit, *_ in other.units} or numbers & {number for number, *_ in other.areas}:
            return True
        return bool(_removed(self) & _entered(other) or _removed(other) & _entered(self))


def _removed(change: Change) -> set[int]:
    return {number for number, _before, after in change.areas if after is None}


def _entered(change: Change) -> set[int]:
    return {after for _unit, _before, after in change.units if after is not None}


def apply(partition: Partition, change: Change) -> Partition:
    """The draft after a change. Raises `ChangeStale` if it is not what the change was made for."""
    areas, area_of = dict(partition.areas), dict(partition.area_of)
    for unit, before, after in change.units:
        if area_of.get(unit) != before:
            raise ChangeStale(unit)
        _put(area_of, unit, after)
    for number, was, becomes in change.areas:
        if areas.get(number) != was:
            raise ChangeStale(number)
        _put(areas, number, becomes)
    if any(area not in areas for area in area_of.values()):
        raise ChangeStale("units of an area that is gone")
    return Partition(areas=areas, area_of=area_of)


def _put(table: dict[Any, Any], key: object, value: object) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def difference(before: Partition, after: Partition) -> Change:
    """The change that leads from one draft to another."""
    units = sorted({*before.area_of, *after.area_of})
    numbers = sorted({*before.areas, *after.areas})
    return Change(
        units=tuple(
            (unit, before.area_of.get(unit), after.area_of.get(unit))
            for unit in units
            if before.area_of.get(unit) != after.area_of.get(unit)
        ),
        areas=tuple(
            (number, before.areas.get(number), after.areas.get(number))
            for number in numbers
            if before.areas.get(number) != after.areas.get(number)
        ),
    )


def assign(partition: Partition, units: Collection[str], *, to: int | None) -> Change:
    """Units into an area, or out of all (`to=None`). Raises `ChangeRefused` where a locked area is touched."""
    if not units:
        raise ChangeRefused("移す市区町村が選ばれていません。1つ以上選んでください。")
    if to is not None:
        _unlocked(partition.area(to))
    moved = [unit for unit in sorted(units) if partition.area_of.get(unit) != to]
    for area in sorted({partition.area_of[unit] for unit in moved if unit in partition.area_of}):
        _unlocked(partition.area(area))
    return Change(units=tuple((unit, partition.area_of.get(unit), to) for unit in moved))


def split(partition: Partition, units: Collection[str], *, name: str) -> Change:
    """A new area made of units that are taken out of theirs; without units, an empty one to be filled."""
    number = next_number(partition)
    if len(partition.areas) >= MOST_AREAS:
        raise ChangeRefused(f"1つの案に作れる圏域は{MOST_AREAS}までです。")
    area = Area(number=number, name=_free_name(partition, name), colour=next_colour(partition))
    moves = assign(partition, units, to=None).units if units else ()
    moved = tuple((unit, before, number) for unit, before, _none in moves)
    loose = tuple((unit, None, number) for unit in sorted(units) if unit not in partition.area_of)
    return Change(units=tuple(sorted((*moved, *loose))), areas=((number, None, area),))


def join(partition: Partition, number: int, *, into: int) -> Change:
    """All units of an area into another; the first is then gone."""
    if number == into:
        raise ChangeRefused("同じ圏域どうしは統合できません。別の圏域を選んでください。")
    gone, stays = partition.area(number), partition.area(into)
    _unlocked(gone)
    _unlocked(stays)
    units = partition.units_in(number)
    return Change(units=tuple((unit, number, into) for unit in units), areas=((number, gone, None),))


def remove(partition: Partition, number: int) -> Change:
    """Take an area away; its units are then assigned to none."""
    gone = partition.area(number)
    _unlocked(gone)
    units = partition.units_in(number)
    return Change(units=tuple((unit, number, None) for unit in units), areas=((number, gone, None),))


def rename(partition: Partition, number: int, *, name: str) -> Change:
    """Another name for an area."""
    area = partition.area(number)
    _unlocked(area)
    if name.strip() == area.name:
        return Change()
    return _becomes(area, replace(area, name=_free_name(partition, name)))


def recolour(partition: Partition, number: int, *, colour: int) -> Change:
    """Another colour for an area; a locked one may change it too, for it decides nothing."""
    area = partition.area(number)
    if not 0 <= colour < COLOURS:
        raise ChangeRefused("その色はありません。一覧から選んでください。")
    return _becomes(area, replace(area, colour=colour))


def lock(partition: Partition, number: int, *, is_locked: bool) -> Change:
    """Lock an area against changes, or open it again."""
    area = partition.area(number)
    return _becomes(area, replace(area, is_locked=is_locked))


def _becomes(area: Area, changed: Area) -> Change:
    return Change() if area == changed else Change(areas=((area.number, area, changed),))


def _unlocked(area: Area) -> None:
    if area.is_locked:
        raise ChangeRefused(f"「{area.name}」は固定されています。固定を外してから変更してください。")


def _free_name(partition: Partition, name: str) -> str:
    wanted = name.strip()
    if not wanted:
        raise ChangeRefused("圏域の名称を入力してください。")
    if len(wanted) > LONGEST_NAME:
        raise ChangeRefused(f"圏域の名称は{LONGEST_NAME}文字以内にしてください（入力は{len(wanted)}文字）。")
    if wanted in {area.name for area in partition.areas.values()}:
        raise ChangeRefused(f"「{wanted}」という圏域はすでにあります。別の名称にしてください。")
    return wanted


def next_number(partition: Partition) -> int:
    """A number that no area has."""
    return max(partition.areas, default=0) + 1


def next_colour(partition: Partition) -> int:
    """The colour the fewest areas have, the first of those."""
    uses = [sum(area.colour == colour for area in partition.areas.values()) for colour in range(COLOURS)]
    return uses.index(min(uses))


def from_groups(groups: Iterable[tuple[str, Iterable[str]]]) -> Partition:
    """A draft from names and their units; areas of one name are one area."""
    numbers: dict[str, int] = {}
    area_of: dict[str, int] = {}
    for name, units in groups:
        number = numbers.setdefault(name, len(numbers) + 1)
        area_of |= dict.fromkeys(units, number)
    areas = {number: Area(number=number, name=name, colour=(number - 1) % COLOURS) for name, number in numbers.items()}
    return Partition(areas=areas, area_of=area_of)


def coloured(partition: Partition, neighbours: Mapping[str, Collection[str]]) -> Partition:
    """The draft with colours of its areas chosen so that areas side by side differ, as far as the palette reaches."""
    beside: dict[int, set[int]] = {number: set() for number in partition.areas}
    for unit, number in partition.area_of.items():
        beside[number] |= {partition.area_of[other] for other in neighbours.get(unit, ()) if other in partition.area_of}
    colours: dict[int, int] = {}
    for number in partition.areas:
        taken = [colours[other] for other in beside[number] if other in colours]
        used = list(colours.values())
        colours[number] = min(range(COLOURS), key=lambda one: (taken.count(one), used.count(one), one))
    areas = {number: replace(area, colour=colours[number]) for number, area in partition.areas.items()}
    return Partition(areas=areas, area_of=partition.area_of)


def counterparts(one: Partition, other: Partition) -> dict[int, int]:
    """Which area of one draft corresponds to which of the other: most units in common first, each taken once."""
    common = Counter((number, other.area_of[unit]) for unit, number in one.area_of.items() if unit in other.area_of)
    found: dict[int, int] = {}
    for (mine, theirs), _units in sorted(common.items(), key=lambda pair: (-pair[1], pair[0])):
        if mine not in found and theirs not in found.values():
            found[mine] = theirs
    return found


def to_json(change: Change) -> dict[str, Any]:
    """For the database."""
    return {
        "units": [list(move) for move in change.units],
        "areas": [[number, _area_json(before), _area_json(after)] for number, before, after in change.areas],
    }


def from_json(document: Mapping[str, Any]) -> Change:
    """The change that `to_json` wrote."""
    return Change(
        units=tuple((unit, before, after) for unit, before, after in document["units"]),
        areas=tuple((number, _area(before), _area(after)) for number, before, after in document["areas"]),
    )


def _area_json(area: Area | None) -> list[Any] | None:
    return None if area is None else [area.number, area.name, area.colour, area.is_locked]


def _area(row: list[Any] | None) -> Area | None:
    return None if row is None else Area(number=row[0], name=row[1], colour=row[2], is_locked=row[3])
