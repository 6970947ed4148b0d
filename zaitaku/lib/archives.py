"""Looking through the zip archive that an xlsx file is, before its cells are read.

The declared sizes are compared with the bounds first, then every part is decompressed piece by piece and counted: a
part that is larger than it says, or damaged, is found without ever holding more than one piece in memory.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from zaitaku.lib.problems import FileRefused, Problem, refuse

# The largest official files here are 3 MB packed, 37 MB unpacked, 339 sheets and 0.9 million cells.
MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_PARTS = 5_000
MAX_SHEETS = 1_000
MAX_CELLS = 20_000_000

_PIECE = 1 << 20
# One of these is in every xlsx, xlsm and xlsb (the first) and every ods.
_SPREADSHEET_PARTS = {"[Content_Types].xml", "content.xml"}
# A cell with content in column AAA or beyond, or in a row past the millionth, makes the reader reserve the rectangle.
_FAR_CELL = re.compile(rb'<c r="[A-Z]{3}\d+"[^>]*[^/>]>')
_FAR_ROW = re.compile(rb'<row r="1\d{6}"[^>]*[^/>]>')
# What a far row starts with; looking for a fixed text first is several times faster than the expression.
_FAR_ROW_START = b'<row r="10'
_FORMULA_STARTS = (b"<f>", b"<f ")


def inspect_archive(content: bytes) -> tuple[Problem, ...]:
    """What a person should know about a readable xlsx file. Raises `FileRefused` if it is damaged or would not fit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_by_declared_size(parts)
            has_formula = _look_through(archive, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _damaged() from error
    return tuple(_notes({part.filename for part in parts}, has_formula=has_formula))


def sole_csv(content: bytes) -> str | None:
    """The name of the one CSV in a zip, as some tables are published; None if the zip is a spreadsheet itself.

    Raises `FileRefused` if it is neither. The archive was looked through before (`inspect_archive`).
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {part.filename for part in archive.infolist() if not part.is_dir()}
    if names & _SPREADSHEET_PARTS:
        return None
    tables = [name for name in names if name.lower().endswith(".csv")]
    if len(tables) != 1:
        raise refuse(f"CSVが1つだけ入ったzipではありません（{len(tables)}個）。展開し、表を1つずつ取り込んでください。")
    return tables[0]


def open_part(content: bytes, name: str) -> IO[bytes]:
    """One part of a zip, decompressed as it is read."""
    return zipfile.ZipFile(io.BytesIO(content)).open(name)


def _refuse_by_declared_size(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise refuse(f"ファイルの部品が多すぎます（{len(parts):,}個）。値だけを新しいブックに保存してください。")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _would_not_fit()


def _look_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> bool:
    """Decompress every part once, counting. Returns whether a sheet holds a formula."""
    unpacked = 0
    has_formula = False
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED_BYTES:
                    raise _would_not_fit()
                if is_sheet:
                    _refuse_far_cells(piece, sheet=part.filename)
                    has_formula = has_formula or any(start in piece for start in _FORMULA_STARTS)
    return has_formula


def _refuse_far_cells(piece: bytes, *, sheet: str) -> None:
    if found := _FAR_CELL.search(piece) or _find_far_row(piece):
        place = found[0].split(b'"')[1].decode()
        raise refuse(
            "表から遠く離れたセルに入力があり、読み取れません。使っていない行と列を削除して保存してください。",
            sheet=sheet.rpartition("/")[2].removesuffix(".xml"),
            cell=place if place[0].isalpha() else f"A{place}",
        )


def _find_far_row(piece: bytes) -> re.Match[bytes] | None:
    start = piece.find(_FAR_ROW_START)
    while start >= 0:
        if found := _FAR_ROW.match(piece, start):
            return found
        start = piece.find(_FAR_ROW_START, start + 1)
    return None


def _notes(names: set[str], *, has_formula: bool) -> Iterator[Problem]:
    if "xl/vbaProject.bin" in names:
        yield Problem("マクロが含まれています。マクロは実行せず、セルの値だけを読みました。")
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield Problem("ほかのファイルへのリンクが含まれています。リンク先は開かず、保存時の値を読みました。")
    if has_formula:
        yield Problem("数式が含まれています。計算はせず、保存時の値を読みました。")


def _would_not_fit() -> FileRefused:
    return refuse(
        f"展開すると{MAX_UNPACKED_BYTES / 1e6:,.0f}MBを超えるため開きません。"
        "必要なシートだけを新しいブックに保存してください。"
    )


def _damaged() -> FileRefused:
    return refuse("ファイルが壊れています（途中で切れている可能性があります）。もう一度ダウンロードしてください。")
