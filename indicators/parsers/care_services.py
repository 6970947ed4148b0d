"""厚生労働省 介護サービス情報公表システム オープンデータ: one CSV a service, full and shortened header alike.

Copies that went through a spreadsheet have lost columns and leading zeros: columns are found by label, codes get their
zeros back and must then carry the right check digit.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zaitaku.lib.cells import label
from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Workbook, cell_name

KIND = "care_service"
_CODE = "都道府県コード又は市町村コード"
NEEDED = (
    _CODE, "都道府県名", "市区町村名", "事業所名", "サービスの種類", "住所", "緯度", "経度", "事業所番号", "定員",
)  # fmt: skip
_OFFICE = re.compile(r"[0-9]{2}[0-9A-HJ-NPR-Z][0-9]{7}")
_DATED = re.compile(r"(20\d{2})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class CareService:
    """One service of one office; `municipality_code` has 5 digits, `row` counts from 1, None is "not stated"."""

    office_number: str
    name: str
    service: str
    municipality_code: str
    address: str
    latitude: float | None
    longitude: float | None
    capacity: int | None
    row: int


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the header has every needed label. The day is only in the publisher's file name."""
    header = [label(cell) for cell in next(iter(book.sheet(book.sheet_names[0], rows=1).rows), ())]
    if not {_CODE, "事業所番号", "サービスの種類"} <= set(header):
        return None
    first = book.sheet(book.sheet_names[0], rows=2).rows[1:]
    if not first:
        raise refuse("事業所の行がありません。", sheet=book.sheet_names[0])
    service = label(first[0][header.index("サービスの種類")])
    match = _DATED.search(book.filename)
    as_of = parse_date("-".join(match.groups())) if match else None
    return Edition(
        kind=KIND,
        key=f"{KIND}/{service}/{as_of or book.sha256[:12]}",
        publisher="厚生労働省",
        title=f"介護サービス情報公表システム オープンデータ（{service}）",
        edition=f"{as_of:%Y年%-m月%-d日}" if as_of else "時点の記載なし",
        as_of=as_of,
    )


def parse(book: Workbook) -> tuple[CareService, ...]:
    """Every line of the file. Raises `FileRefused` with the cell.

    One office number may stand in several lines (unit and conventional wards of one home): nothing is merged here.
    """
    return tuple(read_services(book.content, sheet=book.sheet_names[0]))


def read_services(content: bytes, *, sheet: str) -> Iterator[CareService]:
    """The services one by one, without holding the whole file as rows."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""))
    header = [label(cell) for cell in next(reader, [])]
    missing = [name for name in NEEDED if header.count(name) != 1]
    if missing:
        raise refuse(f"見出し「{'」「'.join(missing)}」が1つずつありません。", sheet=sheet, cell="A1")
    columns = {name: header.index(name) for name in NEEDED}
    for number, row in enumerate(reader, start=2):
        if any(cell.strip() for cell in row):
            yield _service(row, columns, width=len(header), place=(sheet, number))


def _service(row: Sequence[str], columns: Mapping[str, int], *, width: int, place: tuple[str, int]) -> CareService:
    def bad(name: str, reason: str) -> FileRefused:
        column = columns[name]
        text = row[column] if column < len(row) else ""
        return refuse(reason, sheet=place[0], cell=cell_name(place[1], column + 1), text=text[:40])

    if len(row) != width:
        raise bad(_CODE, f"列の数（{len(row)}）が見出し（{width}）と違います。")
    code = row[columns[_CODE]].strip().zfill(6)
    known = prefecture(code[:2])
    if not is_municipality_code(code) or known is None or known.name != row[columns["都道府県名"]].strip():
        raise bad(_CODE, "市町村コード（6桁、検査数字つき）が都道府県名と合いません。")
    office = row[columns["事業所番号"]].strip().zfill(10)
    if not _OFFICE.fullmatch(office):
        raise bad("事業所番号", "事業所番号（10桁）ではありません。")
    for name in ("事業所名", "サービスの種類"):
        if not row[columns[name]].strip():
            raise bad(name, "空欄です。")
    try:
        latitude, longitude = (_coordinate(row[columns[name]]) for name in ("緯度", "経度"))
    except ValueError as error:
        raise bad("緯度", "緯度・経度が数値ではありません。") from error
    capacity = row[columns["定員"]].strip()
    if capacity and not capacity.isdecimal():
        raise bad("定員", "定員が整数ではありません。")
    return CareService(
        office_number=office,
        name=row[columns["事業所名"]].strip(),
        service=label(row[columns["サービスの種類"]]),
        municipality_code=code[:5],
        address=row[columns["住所"]].strip(),
        latitude=latitude,
        longitude=longitude,
        capacity=int(capacity) if capacity else None,
        row=place[1],
    )


def _coordinate(text: str) -> float | None:
    """Degrees; blank and 0 (no place in Japan) are "not stated"."""
    return float(text) or None if text.strip() else None
