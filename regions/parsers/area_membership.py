"""Which municipality lies in which 構想区域, and which 二次医療圏 of the 7th plan the 構想区域 of 三重県 make up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regions.parsers.reading import Complaints, find_header, has_header
from zaitaku.lib.cells import code, label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.workbooks import Sheet, Workbook

_MEMBERSHIP_LABELS = ("muni_code", "muni_name", "area_code", "area_name", "pref_code", "mapping_source")
_PARENT_LABELS = ("area_code", "area_name", "muni_code", "parent_iryoken2_code", "parent_iryoken2_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One municipality or ward (5 digits) in one area (4 digits)."""

    unit_code: str
    area_code: str
    area_name: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaParent:
    """One 構想区域 and the 二次医療圏 it is a part of."""

    area_code: str
    parent_code: str
    parent_name: str


def sniff(book: Workbook) -> Edition | None:
    """The membership table or the table of parents, if the first row carries its headers."""
    if len(book.sheet_names) != 1:
        return None
    head = book.sheet(book.sheet_names[0], rows=2)
    if has_header(head, _PARENT_LABELS):
        return Edition(
            kind="area_parents",
            key="area_parents/24",
            publisher="三重県",
            title="三重県の構想区域と二次医療圏の対応（公表資料から作成）",
            edition="第7次",
            as_of=None,
            prefecture_code="24",
        )
    if has_header(head, _MEMBERSHIP_LABELS):
        return Edition(
            kind="area_membership",
            key="area_membership/A38-20",
            publisher="国土交通省",
            title="国土数値情報 医療圏データ（A38-20）と三重県の資料から作成した構想区域の構成市区町村",
            edition="A38-20",
            as_of=None,
            licence="国土数値情報利用約款（CC BY 4.0 互換）",
        )
    return None


def parse(book: Workbook) -> tuple[Membership, ...]:
    """Every line of the membership table. Raises `FileRefused` if a unit comes twice or an area has two names."""
    sheet = book.sheet(book.sheet_names[0])
    header, columns = find_header(sheet, _MEMBERSHIP_LABELS)
    complaints = Complaints([])
    members: list[Membership] = []
    area_of: dict[str, str] = {}
    name_of: dict[str, str] = {}
    for number in _filled_rows(sheet, header):
        cells = sheet.rows[number]
        member = Membership(
            unit_code=code(cells[columns["muni_code"]], width=5),
            area_code=code(cells[columns["area_code"]], width=4),
            area_name=text(cells[columns["area_name"]]),
            row=number + 1,
        )
        if member.unit_code in area_of:
            complaints.add("同じ市区町村が2度あります。", sheet=sheet, row=number, column=columns["muni_code"])
        if name_of.setdefault(member.area_code, member.area_name) != member.area_name:
            complaints.add("同じ圏域コードに違う名称があります。", sheet=sheet, row=number, column=columns["area_name"])
        area_of[member.unit_code] = member.area_code
        members.append(member)
    complaints.raise_if_any()
    return tuple(members)


def parse_parents(book: Workbook) -> tuple[AreaParent, ...]:
    """Each 構想区域 once with its parent. Raises `FileRefused` if an area has two parents."""
    sheet = book.sheet(book.sheet_names[0])
    header, columns = find_header(sheet, _PARENT_LABELS)
    complaints = Complaints([])
    parents: dict[str, AreaParent] = {}
    for number in _filled_rows(sheet, header):
        cells = sheet.rows[number]
        parent = AreaParent(
            area_code=code(cells[columns["area_code"]], width=4),
            parent_code=code(cells[columns["parent_iryoken2_code"]], width=4),
            parent_name=text(cells[columns["parent_iryoken2_name"]]),
        )
        if parents.setdefault(parent.area_code, parent) != parent:
            complaints.add(
                "同じ構想区域に違う二次医療圏があります。",
                sheet=sheet,
                row=number,
                column=columns["parent_iryoken2_code"],
            )
    complaints.raise_if_any()
    return tuple(parents.values())


def _filled_rows(sheet: Sheet, header: int) -> Iterable[int]:
    return (n for n in range(header + 1, len(sheet.rows)) if any(label(cell) for cell in sheet.rows[n]))
