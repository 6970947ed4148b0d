"""Reading spreadsheets: every cell of every sheet, with a name for each place.

A file handed in by a user is looked through before its cells are read (`zaitaku.lib.archives`), so that one that would
fill the memory is refused with a reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from zaitaku.lib.archives import MAX_CELLS, MAX_FILE_BYTES, MAX_SHEETS, inspect_archive
from zaitaku.lib.problems import FileRefused, Problem, refuse

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Row = Sequence[Cell]


def column_name(column: int) -> str:
    """`A` for 1, `Z` for 26, `AA` for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """`C5` for row 5, column 3 (both from 1)."""
    return f"{column_name(column)}{row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[r][c]` is row r+1, column c+1; an empty cell is `""`."""

    name: str
    rows: Sequence[Row]

    def place(self, row: int, column: int) -> tuple[str, str]:
        """Sheet name and cell name of `rows[row][column]` (both from 0)."""
        return self.name, cell_name(row + 1, column + 1)


@dataclass(frozen=True)
class Workbook:
    """An opened file. Sheets are read when first asked for; CSV files are one sheet named after the file.

    `notes` say what a person should know although the file is taken: macros, links to other files, formulas.
    """

    filename: str
    content: bytes = field(repr=False)
    sheet_names: tuple[str, ...]
    _reader: CalamineWorkbook | None = field(repr=False, default=None)
    _table: Sheet | None = field(repr=False, default=None)
    notes: tuple[Problem, ...] = ()
    # The sheet looked at last stays decoded: every kind of file looks at the first sheet before one of them reads it.
    _decoded: dict[str, CalamineSheet] = field(repr=False, compare=False, default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of the file as it was handed in."""
        return hashlib.sha256(self.content).hexdigest()

    def sheet(self, name: str, *, rows: int | None = None) -> Sheet:
        """All cells of a sheet (or its first `rows` rows)."""
        if self._table is not None:
            return self._table if rows is None else Sheet(name, self._table.rows[:rows])
        assert self._reader is not None
        if name not in self._decoded:
            self._decoded.clear()
            self._decoded[name] = _within_bounds(self._reader.get_sheet_by_name(name))
        return Sheet(name, self._decoded[name].to_python(skip_empty_area=False, nrows=rows))

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet in the file's order."""
        for name in self.sheet_names:
            yield self.sheet(name)


def open_workbook(path: Path) -> Workbook:
    """Open an xlsx, xls or csv file. Raises `FileRefused` if it is empty, too large, encrypted, cut off or no table."""
    return read_workbook(read_within_limit(path), filename=path.name)


def read_within_limit(path: Path) -> bytes:
    """The content of a file; raises `FileRefused` before reading it if it is larger than a table may be."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise _too_large(path.stat().st_size)
    return path.read_bytes()


def read_workbook(content: bytes, *, filename: str) -> Workbook:
    """The same for a file already in memory."""
    if not content:
        raise refuse("ファイルが空です。もう一度ダウンロードしてください。")
    if len(content) > MAX_FILE_BYTES:
        raise _too_large(len(content))
    if content[:4] == b"PK\x03\x04":
        return _read_excel(content, filename=filename, notes=inspect_archive(content))
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _read_excel(content, filename=filename, notes=())
    return _read_csv(content, filename=filename)


def _too_large(size: int) -> FileRefused:
    return refuse(
        f"ファイルが大きすぎます（{size / 1e6:,.0f}MB、上限{MAX_FILE_BYTES / 1e6:,.0f}MB）。"
        "必要なシートだけを保存してください。"
    )


def _within_bounds(sheet: CalamineSheet) -> CalamineSheet:
    if sheet.height * sheet.width > MAX_CELLS:
        raise refuse("セルが多すぎます。使っていない行と列を削除してください。", sheet=sheet.name)
    return sheet


def _read_excel(content: bytes, *, filename: str, notes: tuple[Problem, ...]) -> Workbook:
    try:
        reader = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise refuse(
            "Excelファイルとして開けません。"
            "パスワードを解除し、壊れていないファイルをもう一度ダウンロードしてください。"
        ) from error
    if len(reader.sheet_names) > MAX_SHEETS:
        raise refuse(f"シートが多すぎます（{len(reader.sheet_names)}枚、上限{MAX_SHEETS}枚）。")
    return Workbook(filename, content, tuple(reader.sheet_names), reader, None, notes)


def _read_csv(content: bytes, *, filename: str) -> Workbook:
    import csv

    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise refuse(
            "文字コードがUTF-8でもShift_JIS(cp932)でもありません。ExcelまたはCSV(UTF-8)で保存し直してください。"
        )
    if "\x00" in text:
        raise refuse("表計算のファイルではありません。Excel(.xlsx)またはCSVを指定してください。")
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise refuse("CSVとして読めません。ExcelまたはCSV(UTF-8)で保存し直してください。") from error
    name = Path(filename).stem
    return Workbook(filename, content, (name,), None, Sheet(name, rows))
