"""Whether a publication on regions says the same as what is stored. Nothing is changed: differences are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from regions.models import AreaMembership, AreaScheme, Region
from regions.parsers.area_membership import AreaParent, Membership
from regions.parsers.boundaries import BoundaryTable
from regions.parsers.municipality_codes import CodeTable
from regions.parsers.standard_areas import StandardArea
from zaitaku.lib.problems import Problem

# 特別区部, a statistical group of the 23 special wards, is listed like a city.
_GROUPS = {"13100"}
# Spellings of one and the same character in official lists (檮原町, 竜ヶ崎).
_SPELLINGS = str.maketrans("檮ヶ", "梼ケ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How many rows agree, what differs (each with its place), and what a person should know besides."""

    agreeing: int
    differences: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def compare_codes(table: CodeTable) -> Agreement:
    """Codes and names of 総務省 with the regions of the day of the list, both ways."""
    names = _names(Region.objects.filter(scheme=None).valid_on(table.as_of))
    rows = {row.code: row for row in (*table.prefectures, *table.municipalities, *table.wards)}
    said = {code: Problem(row.name, cell=f"A{row.row}") for code, row in rows.items()}
    return _compare(said, names)


def compare_standard_areas(areas: Iterable[StandardArea]) -> Agreement:
    """Codes and names of 標準地域コード with the regions that exist now.

    The nation's, the prefectures' and the cities' own lines are named by what stands in their columns.
    """
    names = _names(Region.objects.filter(scheme=None, valid_to=None))
    said: dict[str, Problem] = {}
    for area in areas:
        if area.code in _GROUPS:
            continue
        code = area.code[:2] if area.code.endswith("000") else area.code
        own = area.name or area.group or area.prefecture
        is_ward = area.name.endswith("区") and area.group.endswith("市")
        name = area.group + area.name if is_ward else area.prefecture if code in names and len(code) == 2 else own
        said[code] = Problem(name, cell=f"A{area.row}")
    return _compare(said, names)


def compare_membership(members: Iterable[Membership]) -> Agreement:
    """The 構想区域 of each unit with the stored ones. Units that no longer exist are notes: their successors count."""
    stored = dict(
        AreaMembership.objects.filter(scheme__kind=AreaScheme.Kind.VISION_AREA).values_list("unit__code", "area__code")
    )
    agreeing, differences, notes = 0, [], []
    for member in members:
        area = stored.get(member.unit_code)
        if area == member.area_code:
            agreeing += 1
        elif area is None:
            reason = "いまは無い市区町村です。定義された継承の規則（regions/definitions）で引き継ぎます。"
            notes.append(Problem(reason, cell=f"A{member.row}", text=member.unit_code))
        else:
            reason = f"登録では構想区域{area}ですが、この資料では{member.area_code}です。"
            differences.append(Problem(reason, cell=f"A{member.row}", text=member.unit_code))
    return Agreement(agreeing=agreeing, differences=tuple(differences), notes=tuple(notes))


def compare_parents(parents: Iterable[AreaParent]) -> Agreement:
    """Each 構想区域 lies in its 二次医療圏: all units of the one are units of the other."""
    inside = _units_by_area(AreaScheme.Kind.VISION_AREA)
    around = _units_by_area(AreaScheme.Kind.SECONDARY_MEDICAL_AREA)
    agreeing, differences = 0, []
    for parent in parents:
        units = inside.get(parent.area_code, set())
        if units and units <= around.get(parent.parent_code, set()):
            agreeing += 1
        else:
            reason = f"登録の二次医療圏{parent.parent_code} {parent.parent_name}に含まれていません。"
            differences.append(Problem(reason, text=parent.area_code))
    return Agreement(agreeing=agreeing, differences=tuple(differences))


def compare_boundaries(table: BoundaryTable) -> Agreement:
    """Codes with a boundary against the regions: any that is unknown differs; a region without one is a note."""
    ever = _names(Region.objects.filter(scheme=None))
    known = [one for one in table.outlines if one.code in ever]
    unknown = [one for one in table.outlines if one.code not in ever]
    has_prefectures = all(len(one.code) == 2 for one in table.outlines)
    wanted = Region.objects.filter(scheme=None, valid_to=None, is_out_of_scope=False)
    if has_prefectures:
        wanted = wanted.filter(kind=Region.Kind.PREFECTURE)
    elif table.has_wards:
        wanted = wanted.filter(is_base_unit=True)
    else:
        wanted = wanted.filter(kind=Region.Kind.MUNICIPALITY)
    drawn = {one.code for one in table.outlines}
    missing = [f"{code} {name}" for code, name in _names(wanted).items() if code not in drawn]
    return Agreement(
        agreeing=len(known),
        differences=tuple(
            Problem("登録されていない地域です。", cell=f"{one.feature}番目の図形", text=f"{one.code} {one.name}")
            for one in unknown
        ),
        notes=tuple(Problem("この資料には境界がない地域です。", text=place) for place in missing),
    )


def _names(regions: Iterable[Region]) -> dict[str, str]:
    return {region.code: region.name for region in regions}


def _units_by_area(kind: AreaScheme.Kind) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = AreaMembership.objects.filter(scheme__kind=kind).values_list("area__code", "unit__code")
    for area, unit in rows:
        found.setdefault(area, set()).add(unit)
    return found


def _compare(said: Mapping[str, Problem], names: Mapping[str, str]) -> Agreement:
    return Agreement(
        agreeing=sum(code in names and _same(names[code], place.reason) for code, place in said.items()),
        differences=tuple(_differences(said, names)),
    )


def _differences(said: Mapping[str, Problem], names: Mapping[str, str]) -> Iterator[Problem]:
    for code, place in said.items():
        if code not in names:
            yield Problem("登録されていない地域です。", cell=place.cell, text=f"{code} {place.reason}")
        elif not _same(names[code], place.reason):
            yield Problem(f"登録の名称は「{names[code]}」です。", cell=place.cell, text=f"{code} {place.reason}")


def _same(name: str, other: str) -> bool:
    return name.translate(_SPELLINGS) == other.translate(_SPELLINGS)
