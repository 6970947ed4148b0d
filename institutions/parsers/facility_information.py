"""厚生労働省 医療情報ネット（ナビイ） 病院施設票: one line a hospital, CSV or the zip it is published in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from institutions.parsers.columns import dated_by_name, needed_columns, position, web_address
from zaitaku.lib.cells import label, text
from zaitaku.lib.editions import Edition
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Row, Workbook, cell_name

KIND = "facility_information"
_ID, _NAME, _PREFECTURE, _MUNICIPALITY = "ID", "正式名称", "都道府県コード", "市区町村コード"
_LATITUDE, _LONGITUDE, _ADDRESS = "所在地座標(緯度)", "所在地座標(経度)", "所在地"
_KANA, _URL = "正式名称(フリガナ)", "案内用ホームページアドレス"
TOTAL = "合計病床数"
# 病床 by kind as in 医療法 第7条; the two 「療養病床のうち…」 are parts of 療養病床.
BED_KINDS = ("一般病床", "療養病床", "精神病床", "結核病床", "感染症病床")
NEEDED = (
    _ID, _NAME, "機関区分", _PREFECTURE, _MUNICIPALITY, _ADDRESS, _LATITUDE, _LONGITUDE, *BED_KINDS, TOTAL,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One hospital; `municipality_code` has 5 digits, `beds` are by kind, None is "not stated", `row` from 1."""

    identifier: str
    name: str
    kana: str
    municipality_code: str
    address: str
    latitude: float | None
    longitude: float | None
    beds: Mapping[str, int | None]
    url: str
    row: int

    @property
    def beds_add_up(self) -> bool:
        """Whether the kinds of beds make up the printed total (a kind that is not stated adds nothing)."""
        total = self.beds[TOTAL]
        known = sum(self.beds[kind] or 0 for kind in BED_KINDS)
        return total is None or known == total


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalList:
    """All hospitals, read from the file anew at each pass; raises `FileRefused` at a wrong cell."""

    edition: Edition
    sheet: str
    total_column: int
    read: Callable[[], Iterator[Hospital]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[Hospital]:
        return self.read()


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the header is that of the 病院施設票. The day is only in the publisher's file name."""
    header = {label(cell) for row in book.sheet(book.sheet_names[0], rows=1).rows for cell in row}
    if not {_ID, _NAME, "機関区分", _LATITUDE, TOTAL} <= header:
        return None
    as_of = dated_by_name(book.filename)
    return Edition(
        kind=KIND,
        key=f"{KIND}/hospital/{as_of or book.sha256[:12]}",
        publisher="厚生労働省",
        title="医療情報ネット（ナビイ） 病院施設票",
        edition=f"{as_of:%Y年%-m月%-d日}" if as_of else "時点の記載なし",
        as_of=as_of,
    )


def parse(book: Workbook) -> HospitalList:
    """The list, whose lines are read when they are asked for."""
    edition = sniff(book)
    if edition is None:
        raise refuse("医療情報ネット 病院施設票の見出しがありません。")
    sheet = book.sheet_names[0]
    header = [label(cell) for cell in book.sheet(sheet, rows=1).rows[0]]
    columns = needed_columns(header, NEEDED, optional=(_KANA, _URL), sheet=sheet)
    return HospitalList(
        edition=edition,
        sheet=sheet,
        total_column=columns[TOTAL] + 1,
        read=lambda: _read(book.lines(), columns, width=len(header), sheet=sheet),
    )


def _read(lines: Iterator[Row], columns: Mapping[str, int], *, width: int, sheet: str) -> Iterator[Hospital]:
    next(lines)
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        row = [text(cell) for cell in line]
        if not any(row):
            continue
        hospital = _hospital(row, columns, width=width, place=(sheet, number))
        if hospital.identifier in seen:
            cell = cell_name(number, columns[_ID] + 1)
            raise refuse("同じIDが2行あります。", sheet=sheet, cell=cell, text=hospital.identifier)
        seen.add(hospital.identifier)
        yield hospital


def _hospital(row: Sequence[str], columns: Mapping[str, int], *, width: int, place: tuple[str, int]) -> Hospital:
    def bad(name: str, reason: str) -> FileRefused:
        found = row[columns[name]] if columns[name] < len(row) else ""
        return refuse(reason, sheet=place[0], cell=cell_name(place[1], columns[name] + 1), text=found[:40])

    if len(row) != width:
        raise bad(_ID, f"列の数（{len(row)}）が見出し（{width}）と違います。")
    said = {name: row[column] for name, column in columns.items()}
    code = said[_PREFECTURE].zfill(2) + said[_MUNICIPALITY].zfill(3)
    if not re.fullmatch(r"[0-9]{5}", code) or prefecture(code[:2]) is None:
        raise bad(_MUNICIPALITY, "都道府県コード（2桁）と市区町村コード（3桁）ではありません。")
    if not re.fullmatch(r"[0-9A-Za-z]{5,13}", said[_ID]) or not said[_NAME]:
        raise bad(_ID, "ID（5〜13桁）か正式名称がありません。")
    try:
        latitude, longitude = position(said[_LATITUDE], said[_LONGITUDE])
    except ValueError as error:
        raise bad(_LATITUDE, "緯度・経度が数値ではありません。") from error
    for kind in (*BED_KINDS, TOTAL):
        if said[kind] and not (said[kind].isascii() and said[kind].isdecimal()):
            raise bad(kind, "病床数が整数ではありません。")
    return Hospital(
        identifier=said[_ID],
        name=said[_NAME],
        kana=said.get(_KANA, ""),
        municipality_code=code,
        address=said[_ADDRESS],
        latitude=latitude,
        longitude=longitude,
        beds={kind: int(said[kind]) if said[kind] else None for kind in (*BED_KINDS, TOTAL)},
        url=web_address(said.get(_URL, "")),
        row=place[1],
    )
