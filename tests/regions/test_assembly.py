"""Putting code lists, membership and dated changes together: what is carried over, and what stops the build."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from regions.assembly import assemble_regions, assemble_schemes
from regions.definitions.reading import Change, Definitions, MergedArea, PastRegion, SchemeDefinition
from regions.parsers.area_membership import AreaParent, Membership
from regions.parsers.municipality_codes import CodeRow, CodeTable
from regions.parsers.population_projection import Block
from regions.parsers.standard_areas import StandardArea
from zaitaku.lib.problems import FileRefused

DAY = dt.date(2024, 1, 1)


def code_row(code: str, name: str) -> CodeRow:
    return CodeRow(code=code, name=name, name_kana="かな", prefecture_code=code[:2], row=1)


CITY, WARD, TOWN, VILLAGE = (
    code_row("22130", "浜松市"),
    code_row("22138", "浜松市中央区"),
    code_row("22301", "町"),
    code_row("22302", "村"),
)
CODES = CodeTable(
    as_of=DAY,
    prefectures=(code_row("22", "静岡県"),),
    municipalities=(CITY, TOWN, VILLAGE),
    designated_cities=(CITY,),
    wards=(WARD,),
)
STANDARD = tuple(
    StandardArea(code=code, prefecture="", group="", group_kana="", name="", name_kana="", changed_on=DAY, row=1)
    for code in ("22130", "22138", "22301", "22302")
)


def scheme(key: str) -> SchemeDefinition:
    return SchemeDefinition(
        key=key, kind="custom", name=key, effective_from=DAY, effective_to=None, to_be_confirmed=False, note=""
    )


DEFINITIONS = Definitions(
    past_regions=(
        PastRegion(code="22131", name="浜松市中区", name_kana="", parent_code="22130", valid_to=DAY),
        PastRegion(code="22132", name="浜松市東区", name_kana="", parent_code="22130", valid_to=DAY),
    ),
    changes=(
        Change(from_code="22131", to_code="22138", on=DAY, is_whole=True, note=""),
        Change(from_code="22132", to_code="22138", on=DAY, is_whole=True, note=""),
    ),
    schemes=tuple(scheme(key) for key in ("kosoiki", "iryoken2-7", "iryoken2-8", "hamadori")),
    merged_areas=(
        MergedArea(scheme="iryoken2-8", prefecture_code="22", code="22-1", name="合併", part_codes=("2208", "2209")),
    ),
)
MEMBERS = tuple(
    Membership(unit_code=unit, area_code=area, area_name=f"圏域{area}", row=1)
    for unit, area in (("22131", "2208"), ("22132", "2208"), ("22301", "2208"), ("22302", "2209"))
)
PARENTS = (AreaParent(area_code="2209", parent_code="2201", parent_name="親"),)
BLOCK = Block(code="22999", name="まとめ", member_names=("町", "村"))
REGIONS = assemble_regions(CODES, STANDARD, {"22301": "郡"}, DEFINITIONS)


def test_wards_are_counted_and_their_city_is_not() -> None:
    assert [row.code for row in REGIONS if row.is_base_unit] == ["22301", "22302", "22131", "22132", "22138"]
    assert next(row for row in REGIONS if row.code == "22138").valid_from == DAY
    assert next(row for row in REGIONS if row.code == "22301").valid_from is None


def test_units_that_have_gone_are_carried_over_and_listed() -> None:
    tables, transfers = assemble_schemes(MEMBERS, PARENTS, BLOCK, REGIONS, DEFINITIONS)
    areas = {t.definition.key: {area.code: area.unit_codes for area in t.areas} for t in tables}
    assert areas["kosoiki"] == {"2208": ("22138", "22301"), "2209": ("22302",)}
    assert areas["iryoken2-7"] == {"2201": ("22302",), "2208": ("22138", "22301")}
    assert areas["hamadori"] == {"22999": ("22301", "22302")}
    assert [(t.from_code, t.to_code) for t in transfers] == [("22131", "22138"), ("22132", "22138")]


def test_wards_merged_across_areas_stop_the_build() -> None:
    torn = (MEMBERS[0], replace(MEMBERS[1], area_code="2209"), *MEMBERS[2:])
    with pytest.raises(FileRefused, match="別々の圏域"):
        assemble_schemes(torn, PARENTS, BLOCK, REGIONS, DEFINITIONS)


def test_a_municipality_in_no_area_stops_the_build() -> None:
    with pytest.raises(FileRefused, match="どの圏域にも入っていません"):
        assemble_schemes(MEMBERS[:3], PARENTS, BLOCK, REGIONS, DEFINITIONS)


def test_a_member_of_the_block_that_is_not_known_stops_the_build() -> None:
    with pytest.raises(FileRefused, match="団体コードの表にありません"):
        assemble_schemes(MEMBERS, PARENTS, replace(BLOCK, member_names=("市",)), REGIONS, DEFINITIONS)


def test_a_change_on_another_day_than_the_official_list_says_stops_the_build() -> None:
    late = replace(DEFINITIONS, changes=(replace(DEFINITIONS.changes[0], on=dt.date(2024, 4, 1)),))
    with pytest.raises(FileRefused, match="施行年月日"):
        assemble_regions(CODES, STANDARD, {}, late)


def test_lists_with_other_codes_stop_the_build() -> None:
    with pytest.raises(FileRefused, match="一方にしかありません"):
        assemble_regions(CODES, STANDARD[1:], {}, DEFINITIONS)
