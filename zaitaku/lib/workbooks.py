"""Reading spreadsheets: every cell of every sheet, with a name for each place.

A file handed in by a user is looked through before its cells are read (`zaitaku.lib.archives`), so that one that would
fill the memory is refused with a reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from zaitaku.lib.archives import MAX_FILE_BYTES, MAX_SHEETS, inspect_archive
from zaitaku.lib.delimited import Delimited, delimited, open_part, sole_csv
from zaitaku.lib.problems import FileRefused, Problem, refuse
from zaitaku.lib.sheet_parts import MAX_CELLS

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

    A zip that holds one CSV is that CSV. JSON (boundaries) has no cells: its one sheet is empty, and whoever reads it
    takes `content`.

    `notes` say what is active in it: macros, links to other files, formulas. Reading runs and follows none of it; what
    a user hands in is refused for it (`intake.handed_in`).
    """

    filename: str
    content: bytes = field(repr=False)
    sheet_names: tuple[str, ...]
    _reader: CalamineWorkbook | None = field(repr=False, default=None)
    _table: Delimited | None = field(repr=False, default=None)
    notes: tuple[Problem, ...] = ()
    is_json: bool = False
    # The sheet looked at last stays decoded: every kind of file looks at the first sheet before one of them reads it.
    _decoded: dict[str, CalamineSheet] = field(repr=False, compare=False, default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of the file as it was handed in."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_delimited(self) -> bool:
        """Whether it is a CSV, zipped or not."""
        return self._table is not None

    def sheet(self, name: str, *, rows: int | None = None) -> Sheet:
        """All cells of a sheet (or its first `rows` rows)."""
        if self.is_json:
            return Sheet(name, ())
        if self._table is not None:
            return Sheet(name, self._table_rows if rows is None else self._table.first(rows))
        assert self._reader is not None
        if name not in self._decoded:
            self._decoded.clear()
            self._decoded[name] = _within_bounds(self._reader.get_sheet_by_name(name))
        return Sheet(name, self._decoded[name].to_python(skip_empty_area=False, nrows=rows))

    @cached_property
    def _table_rows(self) -> Sequence[Row]:
        assert self._table is not None
        return self._table.rows()

    def lines(self) -> Iterator[Row]:
        """The rows of the first sheet one by one; a CSV is read as it goes and never held as a whole."""
        return iter(self.sheet(self.sheet_names[0]).rows) if self._table is None else self._table.lines()

    def sheets(self) -> Iterator[Sheet]:
        """Every sheet in the file's order."""
        for name in self.sheet_names:
            yield self.sheet(name)


def open_workbook(path: Path) -> Workbook:
    """Open an xlsx, xls, csv, zipped csv or json file.

    Raises `FileRefused` if it is empty, too large, encrypted, cut off or no table.
    """
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
        return _read_zip(content, filename=filename)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _read_excel(content, filename=filename, notes=())
    if content.lstrip()[:1] == b"{":
        return Workbook(filename, content, (Path(filename).stem,), is_json=True)
    return _read_csv(content, filename=filename, open_bytes=lambda: io.BytesIO(content))


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


def _read_zip(content: bytes, *, filename: str) -> Workbook:
    """A spreadsheet, or the one CSV of a zip."""
    notes = inspect_archive(content)
    name = sole_csv(content)
    if name is None:
        return _read_excel(content, filename=filename, notes=notes)
    return _read_csv(content, filename=filename, open_bytes=lambda: open_part(content, name))


def _read_csv(content: bytes, *, filename: str, open_bytes: Callable[[], IO[bytes]]) -> Workbook:
    table = delimited(Path(filename).stem, open_bytes)
    table.first(1)  # a picture or an endless line is refused at once
    return Workbook(filename, content, (table.name,), None, table)
