"""厚生労働省 介護サービス情報公表システム オープンデータ: one CSV a service, full and shortened header alike.

Copies that went through a spreadsheet have lost columns and leading zeros: columns are found by label, codes get their
zeros back and must then carry the right check digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from institutions.parsers.columns import dated_by_name, needed_columns, position, web_address
from zaitaku.lib.cells import label, text
from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.editions import Edition
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Row, Workbook, cell_name

KIND = "care_service"
_CODE = "都道府県コード又は市町村コード"
NEEDED = (
    _CODE, "都道府県名", "市区町村名", "事業所名", "サービスの種類", "住所", "緯度", "経度", "事業所番号", "定員",
)  # fmt: skip
_OPTIONAL = ("事業所名カナ", "法人の名称", "URL")
_OFFICE = re.compile(r"[0-9]{2}[0-9A-HJ-NPR-Z][0-9]{7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CareService:
    """One service of one office; `municipality_code` has 5 digits, `row` counts from 1, None is "not stated"."""

    office_number: str
    name: str
    kana: str
    service: str
    municipality_code: str
    address: str
    latitude: float | None
    longitude: float | None
    capacity: int | None
    corporation: str
    url: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CareServiceList:
    """All offices of one service, read from the file anew at each pass; raises `FileRefused` at a wrong cell."""

    edition: Edition
    service: str
    sheet: str
    read: Callable[[], Iterator[CareService]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[CareService]:
        return self.read()


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the header has every needed label. The day is only in the publisher's file name."""
    rows = book.sheet(book.sheet_names[0], rows=2).rows
    header = [label(cell) for cell in rows[0]] if rows else []
    if not {_CODE, "事業所番号", "サービスの種類"} <= set(header):
        return None
    if len(rows) < 2:
        raise refuse("事業所の行がありません。", sheet=book.sheet_names[0])
    service = label(dict(zip(header, rows[1], strict=False)).get("サービスの種類", ""))
    as_of = dated_by_name(book.filename)
    return Edition(
        kind=KIND,
        key=f"{KIND}/{service}/{as_of or book.sha256[:12]}",
        publisher="厚生労働省",
        title=f"介護サービス情報公表システム オープンデータ（{service}）",
        edition=f"{as_of:%Y年%-m月%-d日}" if as_of else "時点の記載なし",
        as_of=as_of,
    )


def parse(book: Workbook) -> CareServiceList:
    """The list, whose lines are read when they are asked for.

    One office number may stand in several lines (unit and conventional wards of one home): nothing is merged here.
    """
    edition = sniff(book)
    if edition is None:
        raise refuse("介護サービス情報公表システムの見出しがありません。")
    service = edition.key.split("/")[1]
    sheet = book.sheet_names[0]
    return CareServiceList(
        edition=edition,
        service=service,
        sheet=sheet,
        read=lambda: _read(book.lines(), sheet=sheet, service=service),
    )


def _read(lines: Iterator[Row], *, sheet: str, service: str) -> Iterator[CareService]:
    header = [label(cell) for cell in next(lines, ())]
    columns = needed_columns(header, NEEDED, optional=_OPTIONAL, sheet=sheet)
    for number, line in enumerate(lines, start=2):
        row = [text(cell) for cell in line]
        if not any(row):
            continue
        found = _service(row, columns, width=len(header), place=(sheet, number))
        if found.service != service:
            cell = cell_name(number, columns["サービスの種類"] + 1)
            raise refuse("1つのファイルに2種類のサービスがあります。", sheet=sheet, cell=cell, text=found.service)
        yield found


def _service(row: Sequence[str], columns: Mapping[str, int], *, width: int, place: tuple[str, int]) -> CareService:
    def bad(name: str, reason: str) -> FileRefused:
        column = columns[name]
        found = row[column] if column < len(row) else ""
        return refuse(reason, sheet=place[0], cell=cell_name(place[1], column + 1), text=found[:40])

    if len(row) != width:
        raise bad(_CODE, f"列の数（{len(row)}）が見出し（{width}）と違います。")
    said = {name: row[column] for name, column in columns.items()}
    code = said[_CODE].zfill(6)
    known = prefecture(code[:2])
    if not is_municipality_code(code) or known is None or known.name != said["都道府県名"]:
        raise bad(_CODE, "市町村コード（6桁、検査数字つき）が都道府県名と合いません。")
    office = said["事業所番号"].zfill(10)
    if not _OFFICE.fullmatch(office):
        raise bad("事業所番号", "事業所番号（10桁）ではありません。")
    for name in ("事業所名", "サービスの種類"):
        if not said[name]:
            raise bad(name, "空欄です。")
    try:
        latitude, longitude = position(said["緯度"], said["経度"])
    except ValueError as error:
        raise bad("緯度", "緯度・経度が数値ではありません。") from error
    capacity = said["定員"]
    if capacity and not (capacity.isascii() and capacity.isdecimal()):
        raise bad("定員", "定員が整数ではありません。")
    return CareService(
        office_number=office,
        name=said["事業所名"],
        kana=said.get("事業所名カナ", ""),
        service=label(said["サービスの種類"]),
        municipality_code=code[:5],
        address=said["住所"],
        latitude=latitude,
        longitude=longitude,
        capacity=int(capacity) if capacity else None,
        corporation=said.get("法人の名称", ""),
        url=web_address(said.get("URL", "")),
        row=place[1],
    )
