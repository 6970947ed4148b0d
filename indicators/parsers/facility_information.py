"""厚生労働省 医療情報ネット（ナビイ） 病院施設票: one line a hospital, CSV or the zip it is published in."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from zaitaku.lib.cells import label
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.prefectures import prefecture
from zaitaku.lib.problems import FileRefused, refuse
from zaitaku.lib.workbooks import Workbook, cell_name

KIND = "facility_information"
MOST_BYTES = 200_000_000  # the hospital table is 4 MB, the largest of the series 60 MB
_ID, _PREFECTURE, _MUNICIPALITY = "ID", "都道府県コード", "市区町村コード"
_LATITUDE, _LONGITUDE = "所在地座標(緯度)", "所在地座標(経度)"
_BEDS = ("一般病床", "療養病床", "精神病床", "結核病床", "感染症病床", "合計病床数")
NEEDED = (_ID, "正式名称", "機関区分", _PREFECTURE, _MUNICIPALITY, "所在地", _LATITUDE, _LONGITUDE, *_BEDS)
_DATED = re.compile(r"(20\d{2})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """One hospital; `municipality_code` has 5 digits, `beds` are by kind, None is "not stated", `row` from 1."""

    identifier: str
    name: str
    municipality_code: str
    address: str
    latitude: float | None
    longitude: float | None
    beds: Mapping[str, int | None]
    row: int


def sniff(book: Workbook) -> Edition | None:
    """The edition, if the header is that of the 病院施設票. The day is only in the publisher's file name."""
    header = {label(cell) for row in book.sheet(book.sheet_names[0], rows=1).rows for cell in row}
    if not {_ID, "正式名称", "機関区分", _LATITUDE, "合計病床数"} <= header:
        return None
    match = _DATED.search(book.filename)
    as_of = parse_date("-".join(match.groups())) if match else None
    return Edition(
        kind=KIND,
        key=f"{KIND}/hospital/{as_of or book.sha256[:12]}",
        publisher="厚生労働省",
        title="医療情報ネット（ナビイ） 病院施設票",
        edition=f"{as_of:%Y年%-m月%-d日}" if as_of else "時点の記載なし",
        as_of=as_of,
    )


def parse(book: Workbook) -> tuple[Hospital, ...]:
    """Every hospital of the file. Raises `FileRefused` with the cell."""
    return tuple(read_hospitals(book.content, sheet=book.sheet_names[0]))


def unpack(content: bytes) -> bytes:
    """The one CSV inside the published zip. Refuses a zip that is damaged, holds more, or would grow too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if part.filename.lower().endswith(".csv")]
            if len(parts) != 1 or parts[0].file_size > MOST_BYTES:
                raise refuse("CSVが1つだけ入ったzipではないか、大きすぎます。公表されたままのzipか確認してください。")
            with archive.open(parts[0]) as part:
                found = part.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise refuse("zipとして開けません。もう一度ダウンロードしてください。") from error
    if len(found) > MOST_BYTES:
        raise refuse("展開すると大きすぎます。公表されたままのzipか確認してください。")
    return found


def read_hospitals(content: bytes, *, sheet: str) -> Iterator[Hospital]:
    """The hospitals one by one, without holding the whole file as rows."""
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""))
    header = [label(cell) for cell in next(reader, [])]
    missing = [name for name in NEEDED if header.count(name) != 1]
    if missing:
        raise refuse(f"見出し「{'」「'.join(missing)}」が1つずつありません。", sheet=sheet, cell="A1")
    columns = {name: header.index(name) for name in NEEDED}
    seen: set[str] = set()
    for number, row in enumerate(reader, start=2):
        hospital = _hospital(row, columns, width=len(header), place=(sheet, number))
        if hospital.identifier in seen:
            raise refuse("同じIDが2行あります。", sheet=sheet, cell=f"A{number}", text=hospital.identifier)
        seen.add(hospital.identifier)
        yield hospital


def _hospital(row: Sequence[str], columns: Mapping[str, int], *, width: int, place: tuple[str, int]) -> Hospital:
    def bad(name: str, reason: str) -> FileRefused:
        text = row[columns[name]] if columns[name] < len(row) else ""
        return refuse(reason, sheet=place[0], cell=cell_name(place[1], columns[name] + 1), text=text[:40])

    if len(row) != width:
        raise bad(_ID, f"列の数（{len(row)}）が見出し（{width}）と違います。")
    said = {name: row[column].strip() for name, column in columns.items()}
    code = said[_PREFECTURE].zfill(2) + said[_MUNICIPALITY].zfill(3)
    if not re.fullmatch(r"\d{5}", code) or prefecture(code[:2]) is None:
        raise bad(_MUNICIPALITY, "都道府県コード（2桁）と市区町村コード（3桁）ではありません。")
    if not re.fullmatch(r"[0-9A-Za-z]{5,13}", said[_ID]) or not said["正式名称"]:
        raise bad(_ID, "ID（5〜13桁）か正式名称がありません。")
    try:
        latitude, longitude = (float(said[name] or 0) or None for name in (_LATITUDE, _LONGITUDE))
        beds = {kind: int(said[kind]) if said[kind] else None for kind in _BEDS}
    except ValueError as error:
        raise bad(_LATITUDE, "座標か病床数が数値ではありません。") from error
    return Hospital(
        identifier=said[_ID],
        name=said["正式名称"],
        municipality_code=code,
        address=said["所在地"],
        latitude=latitude,
        longitude=longitude,
        beds=beds,
        row=place[1],
    )
