"""One table of data, and its CSV, XLSX and JSON.

The shape follows 「行政データにおける機械可読性に関するルール」(2026-03): the header is row 1 and stands
alone, one table a file, long form, one value a cell, codes as text, numbers without separators or units, notes and
the reason for a hidden cell in columns of their own, and a codebook beside the data.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Value = str | int | float | None
Row = Sequence[Value]

# Excel decides by the first character; a name typed by a user must never become a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CSV_LINES_PER_CHUNK = 1000
# A fixed date keeps two downloads of the same figures byte-identical.
_XLSX_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: `name` is the header as the reader sees it, `key` its name in JSON, `description` its codebook line.

    `is_number` decides between a number and a text cell; codes are text.
    """

    name: str
    key: str
    description: str = ""
    is_number: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A title, columns, rows of the same width, and what a reader must know beside them (sources, conditions)."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    about: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        width = len(self.columns)
        names = [column.name for column in self.columns]
        if len(set(names)) != width:
            raise ValueError("Two columns of a table have the same name.")
        if any(len(row) != width for row in self.rows):
            raise ValueError("A row is not as wide as the table's columns.")


def csv_chunks(table: Table) -> Iterator[bytes]:
    """The table as CSV: UTF-8 with BOM (Excel needs it), CRLF, header in row 1, an empty cell for no value."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(table.rows, start=1):
        writer.writerow([_csv_cell(value) for value in row])
        if number % _CSV_LINES_PER_CHUNK == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def csv_bytes(table: Table) -> bytes:
    """The whole CSV at once."""
    return b"".join(csv_chunks(table))


def xlsx_bytes(table: Table) -> bytes:
    """The table as a workbook of three sheets: データ (header in row 1), 項目の説明 (codebook), 出典・条件."""
    import xlsxwriter

    output = io.BytesIO()
    # Strings stay strings: no formula, link or number is guessed from a text cell, so codes keep their leading zeros.
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(output, options) as book:
        book.set_properties({"title": table.title, "created": _XLSX_CREATED})
        text = book.add_format({"num_format": "@"})
        _write_data(book.add_worksheet("データ"), table, text_format=text)
        codebook = [("列名", "キー", "型", "単位", "説明")]
        codebook += [
            (column.name, column.key, "数値" if column.is_number else "文字列", column.unit, column.description)
            for column in table.columns
        ]
        _write_text(book.add_worksheet("項目の説明"), codebook, text_format=text, widths=(22, 22, 10, 20, 80))
        about = [("項目", "内容"), ("表題", table.title), *table.about]
        _write_text(book.add_worksheet("出典・条件"), about, text_format=text, widths=(22, 110))
    return output.getvalue()


def json_data(table: Table) -> dict[str, Any]:
    """The table as plain data: `title`, `about`, `columns` and `rows` (one object a row, null for no value)."""
    keys = [column.key for column in table.columns]
    return {
        "title": table.title,
        "about": [{"name": name, "text": text} for name, text in table.about],
        "columns": [
            {
                "key": column.key,
                "name": column.name,
                "type": "number" if column.is_number else "string",
                "unit": column.unit,
                "description": column.description,
            }
            for column in table.columns
        ],
        "rows": [dict(zip(keys, row, strict=True)) for row in table.rows],
    }


def json_bytes(table: Table) -> bytes:
    """`json_data` as UTF-8; a number JSON cannot hold is a programmer's error."""
    return json.dumps(json_data(table), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def format_number(value: float) -> str:
    """A number as a machine reads it: no separators, no exponent, no superfluous `.0` (`12`, `12.5`, `0.00012`)."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise ValueError("A table holds finite numbers only.")
    if value.is_integer():
        return str(int(value))
    shortest = repr(value)
    return shortest if "e" not in shortest else f"{value:.15f}".rstrip("0")


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return format_number(value)


def _drain(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk


def _write_data(sheet: Any, table: Table, *, text_format: Any) -> None:
    for position, column in enumerate(table.columns):
        sheet.write_string(0, position, column.name, text_format)
        sheet.set_column(position, position, max(10, min(40, 2 * len(column.name) + 2)))
    for number, row in enumerate(table.rows, start=1):
        for position, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, position, value, text_format)
            elif value is not None:
                sheet.write_number(number, position, value)
    sheet.freeze_panes(1, 0)


def _write_text(sheet: Any, rows: Iterable[Sequence[str]], *, text_format: Any, widths: Sequence[int]) -> None:
    for position, width in enumerate(widths):
        sheet.set_column(position, position, width)
    for number, row in enumerate(rows):
        for position, value in enumerate(row):
            sheet.write_string(number, position, value, text_format)
