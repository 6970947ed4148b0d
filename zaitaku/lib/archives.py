"""Looking through the zip archive that an xlsx file is, before its cells are read.

The declared sizes are compared with the bounds first, then every part is decompressed piece by piece and counted: a
part that is larger than it says, or damaged, is found without ever holding more than one piece in memory.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.sheet_parts import MAX_CELLS, MAX_ROWS, FoundFormula, SheetLook, too_far_apart

# The largest official files here are 3 MB packed, 37 MB unpacked, 339 sheets and 0.9 million cells.
MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_PARTS = 5_000
MAX_SHEETS = 1_000

_PIECE = 1 << 20
_SHEETS = "xl/worksheets/"
_LARGEST_INDEX = 4_000_000  # bytes of the list of sheets that are read to tell a sheet's name
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*?>")

# Parts of an archive that could run or fetch something, by how their names begin.
_ACTIVE_PARTS = {
    "xl/vbaproject.bin": "マクロが含まれています。「Excelブック（*.xlsx）」として保存し直してください。",
    "xl/macrosheets/": "マクロのシートが含まれています。値だけを新しいブックに保存してください。",
    "xl/externallinks/": "ほかのファイルへのリンクが含まれています。「リンクの編集」で解除して保存してください。",
    "xl/connections.xml": "外部データへの接続が含まれています。値だけを新しいブックに保存してください。",
    "xl/activex/": "操作部品（ActiveX）が含まれています。値だけを新しいブックに保存してください。",
    "xl/embeddings/": "ほかのファイルが埋め込まれています。値だけを新しいブックに保存してください。",
}


def inspect_archive(content: bytes) -> tuple[Problem, ...]:
    """What is active in a readable xlsx file: macros, links, formulas. The reader runs and follows none of it.

    Raises `FileRefused` if the file is damaged or would not fit into memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_by_declared_size(parts)
            formulas = _look_through(archive, parts)
            return (*_active_parts(part.filename for part in parts), *formulas)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _damaged() from error


def _refuse_by_declared_size(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise refuse(f"ファイルの部品が多すぎます（{len(parts):,}個）。値だけを新しいブックに保存してください。")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _would_not_fit()


def _look_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> list[Problem]:
    """Decompress every part once, counting. Returns the first formula of each sheet that has one."""
    unpacked = 0
    formulas = []
    for part in parts:
        look = SheetLook() if part.filename.startswith(_SHEETS) else None
        for piece in _pieces(archive, part):
            unpacked += len(piece)
            if unpacked > MAX_UNPACKED_BYTES:
                raise _would_not_fit()
            if look is not None:
                look.feed(piece)
                if look.takes_too_much:
                    raise _too_many_cells(_sheet_name(archive, part.filename))
        if look is not None and look.needs_closer_look and (cell := too_far_apart(_pieces(archive, part))):
            raise _too_far(_sheet_name(archive, part.filename), cell)
        if look is not None and look.formula is not None:
            formulas.append(_has_formula(_sheet_name(archive, part.filename), look.formula))
    return formulas


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _sheet_name(archive: zipfile.ZipFile, part: str) -> str:
    """The name on the sheet's tab; the name of the part where the file is put together in an unusual way."""
    relations = {
        _attribute(tag, "Id"): _attribute(tag, "Target").rpartition("/")[2]
        for tag in _RELATION.findall(_start_of(archive, "xl/_rels/workbook.xml.rels"))
    }
    for tag in _SHEET.findall(_start_of(archive, "xl/workbook.xml")):
        if relations.get(_attribute(tag, "r:id")) == part.rpartition("/")[2]:
            return html.unescape(_attribute(tag, "name"))
    return part.rpartition("/")[2].removesuffix(".xml")


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as stream:
            return stream.read(_LARGEST_INDEX)
    except KeyError:
        return b""


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"'.encode(), tag)
    return found[1].decode("utf-8", "replace") if found else ""


def _active_parts(names: Iterable[str]) -> Iterator[Problem]:
    lowered = [name.lower() for name in names]
    for start, reason in _ACTIVE_PARTS.items():
        if any(name.startswith(start) for name in lowered):
            yield Problem(reason)


def _has_formula(sheet: str, formula: FoundFormula) -> Problem:
    return Problem(
        "数式が含まれています。セルをコピーして「値」として貼り付け、保存し直してください。",
        sheet=sheet,
        cell=formula.cell,
        text=formula.text,
    )


def _too_many_cells(sheet: str) -> FileRefused:
    return refuse(
        f"行またはセルが多すぎます（上限は{MAX_ROWS:,}行、{MAX_CELLS:,}セル）。表を分けてください。", sheet=sheet
    )


def _too_far(sheet: str, cell: str) -> FileRefused:
    return refuse(
        "表から遠く離れたセルに入力があり、読み取れません。使っていない行と列を削除して保存してください。",
        sheet=sheet,
        cell=cell,
    )


def _would_not_fit() -> FileRefused:
    return refuse(
        f"展開すると{MAX_UNPACKED_BYTES / 1e6:,.0f}MBを超えるため開きません。"
        "必要なシートだけを新しいブックに保存してください。"
    )


def _damaged() -> FileRefused:
    return refuse("ファイルが壊れています（途中で切れている可能性があります）。もう一度ダウンロードしてください。")
