"""Putting the official code lists, the membership tables and the dated changes together. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from regions.definitions.reading import Change, Definitions, MergedArea
from regions.parsers.area_membership import AreaParent, Membership
from regions.parsers.municipality_codes import CodeTable
from regions.parsers.population_projection import Block
from regions.parsers.standard_areas import StandardArea
from regions.tables import AreaRow, RegionRow, SchemeTable, Transfer
from zaitaku.lib.problems import FileRefused, Problem, refuse

# 北方領土: listed by the 総務省, with no residents and no data; shown as 対象外.
NORTHERN_TERRITORIES = frozenset({"01695", "01696", "01697", "01698", "01699", "01700"})
_SPECIAL_WARDS_TOTAL = "13100"  # 特別区部, a statistical total of e-Stat's list and no place


def assemble_regions(
    codes: CodeTable, standard: Sequence[StandardArea], districts: Mapping[str, str], definitions: Definitions
) -> list[RegionRow]:
    """Every nation, prefecture, municipality and ward, those that have gone included, in order of kind and code.

    Raises `FileRefused` if the two official lists do not hold the same codes.
    """
    _check_same_codes(codes, standard)
    began = _beginnings(standard, definitions.changes)
    designated = {row.code for row in codes.designated_cities}
    rows = [RegionRow(kind="nation", code="00", name="全国", name_kana="ぜんこく", parent_code="")]
    rows += [
        RegionRow(kind="prefecture", code=row.code, name=row.name, name_kana=row.name_kana, parent_code="00")
        for row in codes.prefectures
    ]
    rows += [
        RegionRow(
            kind="municipality",
            code=row.code,
            name=row.name,
            name_kana=row.name_kana,
            parent_code=row.prefecture_code,
            district=districts.get(row.code, ""),
            is_base_unit=row.code not in designated and row.code not in NORTHERN_TERRITORIES,
            is_designated_city=row.code in designated,
            is_out_of_scope=row.code in NORTHERN_TERRITORIES,
        )
        for row in codes.municipalities
    ]
    cities = {city.name: city.code for city in codes.designated_cities}
    rows += [
        RegionRow(
            kind="ward",
            code=row.code,
            name=row.name,
            name_kana=row.name_kana,
            parent_code=cities[row.name.rpartition("市")[0] + "市"],
            is_base_unit=True,
            valid_from=began.get(row.code),
        )
        for row in codes.wards
    ]
    rows += [
        RegionRow(
            kind="ward",
            code=past.code,
            name=past.name,
            name_kana=past.name_kana,
            parent_code=past.parent_code,
            is_base_unit=True,
            valid_to=past.valid_to,
        )
        for past in definitions.past_regions
    ]
    rank = ["nation", "prefecture", "municipality", "ward"]
    return sorted(rows, key=lambda row: (rank.index(row.kind), row.code))


def _check_same_codes(codes: CodeTable, standard: Sequence[StandardArea]) -> None:
    listed = {row.code for row in (*codes.municipalities, *codes.wards)}
    differ = listed ^ ({area.code for area in standard} - {_SPECIAL_WARDS_TOTAL})
    if differ:
        raise FileRefused(
            *(
                Problem("総務省の団体コードと標準地域コードの一方にしかありません。", text=code)
                for code in sorted(differ)
            )
        )


def _beginnings(standard: Sequence[StandardArea], changes: Iterable[Change]) -> dict[str, dt.date]:
    """The day each region that follows another began. e-Stat's 施行年月日 must say the same.

    The other days of that column are boundary changes and the like: a town whose border moved in 2024 existed before.
    """
    changed_on = {area.code: area.changed_on for area in standard}
    began: dict[str, dt.date] = {}
    for change in changes:
        if changed_on.get(change.to_code) != change.on:
            raise refuse("廃置分合の日が標準地域コードの施行年月日と一致しません。", text=change.to_code)
        began[change.to_code] = change.on
    return began


def assemble_schemes(
    members: Sequence[Membership],
    parents: Sequence[AreaParent],
    block: Block,
    regions: Sequence[RegionRow],
    definitions: Definitions,
) -> tuple[list[SchemeTable], list[Transfer]]:
    """構想区域 as published, 二次医療圏 of the 7th and 8th plan made of them, and the block of the projection.

    Each of the first three holds every base unit that exists exactly once; raises `FileRefused` otherwise. Also returns
    the units that were carried over to those that follow them.
    """
    units = {row.code for row in regions if row.is_base_unit and row.valid_to is None}
    area_of, transfers = _carry_over({row.unit_code: row.area_code for row in members}, units, definitions.changes)
    names = {row.area_code: row.area_name for row in members}
    vision = _areas("kosoiki", area_of, names)
    seventh_of = {row.area_code: row.parent_code for row in parents}
    names |= {row.parent_code: row.parent_name for row in parents}
    seventh = _areas("iryoken2-7", {u: seventh_of.get(area, area) for u, area in area_of.items()}, names)
    eighth = _merge("iryoken2-8", seventh, definitions.merged_areas)
    by_key = {"kosoiki": vision, "iryoken2-7": seventh, "iryoken2-8": eighth, "hamadori": [_block_area(block, regions)]}
    for key in ("kosoiki", "iryoken2-7", "iryoken2-8"):
        _check_covers(key, by_key[key], units)
    tables = [SchemeTable(definition=scheme, areas=tuple(by_key[scheme.key])) for scheme in definitions.schemes]
    return tables, transfers


def _carry_over(
    area_of: Mapping[str, str], units: set[str], changes: Sequence[Change]
) -> tuple[dict[str, str], list[Transfer]]:
    """Area by unit with the units that have gone replaced by those that follow them; all must lead to the same area."""
    current = {unit: area for unit, area in area_of.items() if unit in units}
    transfers = []
    for change in changes:
        area = area_of.get(change.from_code)
        if area is None or change.from_code in units:
            continue
        if current.setdefault(change.to_code, area) != area:
            raise refuse("再編前の区が別々の圏域にあるため、再編後の区の圏域が決まりません。", text=change.to_code)
        transfers.append(Transfer(from_code=change.from_code, to_code=change.to_code, on=change.on, area_code=area))
    return current, transfers


def _areas(scheme: str, area_of: Mapping[str, str], names: Mapping[str, str]) -> list[AreaRow]:
    units: dict[str, list[str]] = {}
    for unit, area in sorted(area_of.items()):
        units.setdefault(area, []).append(unit)
    return [
        AreaRow(scheme=scheme, code=code, name=names[code], prefecture_code=code[:2], unit_codes=tuple(units[code]))
        for code in sorted(units)
    ]


def _merge(scheme: str, areas: Sequence[AreaRow], merged: Sequence[MergedArea]) -> list[AreaRow]:
    """The areas of a later scheme: those merged become one, the others stay as they are."""
    into = {part: area for area in merged if area.scheme == scheme for part in area.part_codes}
    area_of = {unit: (into[a.code].code if a.code in into else a.code) for a in areas for unit in a.unit_codes}
    names = {area.code: area.name for area in areas} | {area.code: area.name for area in into.values()}
    return _areas(scheme, area_of, names)


def _block_area(block: Block, regions: Sequence[RegionRow]) -> AreaRow:
    """The municipalities projected only together, found by their names within the prefecture."""
    prefecture = block.code[:2]
    codes = {row.name: row.code for row in regions if row.kind == "municipality" and row.parent_code == prefecture}
    unknown = [name for name in block.member_names if name not in codes]
    if unknown:
        raise refuse("注記にある市町村が団体コードの表にありません。", text="、".join(unknown))
    units = tuple(sorted(codes[name] for name in block.member_names))
    return AreaRow(scheme="hamadori", code=block.code, name=block.name, prefecture_code=prefecture, unit_codes=units)


def _check_covers(key: str, areas: Iterable[AreaRow], units: set[str]) -> None:
    held = [unit for area in areas for unit in area.unit_codes]
    problems = [Problem(f"{key}：どの圏域にも入っていません。", text=unit) for unit in sorted(units - set(held))]
    problems += [Problem(f"{key}：現存しない市区町村です。", text=unit) for unit in sorted(set(held) - units)]
    if problems:
        raise FileRefused(*problems)
    assert len(held) == len(set(held)), "one unit, one area: the mapping is keyed by unit"
