"""The rows of a selection as CSV, XLSX, Parquet, JSON and a ZIP of everything, each written as the rows come.

All of them are made from the lines of `stream_lines`, so they hold the same figures; none holds the whole in memory.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from indicators.queries.selected_values import SelectedIndicator, stream_lines, stream_rows
from indicators.queries.selection_facts import get_definitions_table, get_membership_table, get_sources_table
from indicators.selections import COLUMNS, HEADER, FileFormat, Selection
from zaitaku.lib import cp932
from zaitaku.lib.tables import Column, Row, Table, csv_bytes

BOM = b"\xef\xbb\xbf"
# Excel ends at row 1,048,576; one of them is the header.
XLSX_MOST_ROWS = 1_048_575
PARQUET_BATCH_BYTES = 1 << 22
# Fixed, so that two downloads of the same figures are byte-identical.
_CREATED = (2000, 1, 1, 0, 0, 0)
_NUMBERS = tuple(column.is_number for column in COLUMNS)
_INTEGERS = {"year", "definition_version"}
_REPORT_EVERY = 20_000
Report = Callable[[int], None]


class TooManyRows(Exception):
    """The form has no room for so many rows. The message says what to choose instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A selection with what its files need to know beside the rows."""

    selection: Selection
    indicators: tuple[SelectedIndicator, ...]
    rows: int
    address: str

    @property
    def notices(self) -> list[str]:
        """The indicators whose values come from an older definition."""
        return [f"{one.code}：{one.notice}" for one in self.indicators if one.notice]

    @property
    def texts(self) -> Iterator[str]:
        """Every text a definition or source puts into a cell (names of regions stand in the database)."""
        for indicator in self.indicators:
            yield indicator.name
            yield indicator.unit
            for year in indicator.years:
                yield year.denominator_note
                yield year.source_text


def csv_chunks(download: Download) -> Iterator[bytes]:
    """UTF-8 with BOM (Excel needs it), CRLF, header in row 1. The header is there before the first query ends."""
    return chain([BOM + _header_line().encode()], stream_lines(download.selection, download.indicators))


def cp932_chunks(download: Download) -> Iterator[bytes]:
    """The same lines in cp932; what it cannot hold is replaced as `cp932.find_substitutions` lists."""
    yield cp932.encode(_header_line())
    for chunk in stream_lines(download.selection, download.indicators):
        yield cp932.encode(chunk.decode())


def json_chunks(download: Download) -> Iterator[bytes]:
    """One object with `columns` and `rows`; numbers are numbers, no value is null."""
    columns = [{"key": column.key, "name": column.name, "description": column.description} for column in COLUMNS]
    head = _dump({"address": download.address, "notices": download.notices, "columns": columns})
    yield f'{head[:-1]},"rows":['.encode()
    separator, keys = "", [column.key for column in COLUMNS]
    lines: list[str] = []
    for row in stream_rows(download.selection, download.indicators):
        lines.append(f"{separator}{_dump(dict(zip(keys, typed(row), strict=True)))}")
        separator = ","
        if len(lines) >= 500:
            yield "".join(lines).encode()
            lines.clear()
    yield ("".join(lines) + "]}").encode()


def typed(row: Sequence[str]) -> list[str | float | int | None]:
    """The cells of a line as values: numbers as numbers, nothing as None."""
    return [
        None if not text else _number(text, column) if column.is_number else text
        for text, column in zip(row, COLUMNS, strict=True)
    ]


def write_xlsx(download: Download, path: Path, *, report: Report) -> None:
    """Three sheets: データ (header in row 1, codes as text), 項目の説明, 出典・条件. Raises `TooManyRows`."""
    import xlsxwriter

    if download.rows > XLSX_MOST_ROWS:
        raise TooManyRows(
            f"Excelのシートに入るのは{XLSX_MOST_ROWS:,}行までです（この条件は{download.rows:,}行）。"
            "CSVかParquetを選ぶか、年度や地域を減らしてください。"
        )
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), {**options, "strings_to_urls": False}) as book:
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("データ")
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(COLUMNS):
            sheet.set_column(position, position, max(10, min(40, 2 * len(column.name) + 2)))
        _write_text_rows(sheet, [HEADER], text_format=text)
        for number, row in enumerate(stream_rows(download.selection, download.indicators), start=1):
            for position, cell in enumerate(row):
                if cell and _NUMBERS[position]:
                    sheet.write_number(number, position, float(cell))
                elif cell:
                    sheet.write_string(number, position, cell, text)
            if number % _REPORT_EVERY == 0:
                report(number)
        _write_text_rows(book.add_worksheet("項目の説明"), _codebook_texts(COLUMNS), text_format=text)
        _write_text_rows(book.add_worksheet("出典・条件"), _about_texts(download), text_format=text)


def write_parquet(download: Download, path: Path, *, report: Report) -> None:
    """Columns by their Japanese names; the description of each, and sources and licence, are in the metadata."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    schema = pa.schema(
        [
            pa.field(column.name, _arrow_type(column), metadata={"description": column.description, "key": column.key})
            for column in COLUMNS
        ],
        metadata={"出典・条件": json.dumps(_about_texts(download)[1:], ensure_ascii=False)},
    )
    read = pa.csv.ReadOptions(column_names=list(HEADER), use_threads=False)
    convert = pa.csv.ConvertOptions(
        column_types={field.name: field.type for field in schema}, null_values=[""], strings_can_be_null=True
    )
    written = 0
    with pa.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        # Block by block: a reader of pyarrow's own would ask for lines from a thread that has no such transaction.
        lines = stream_lines(download.selection, download.indicators, is_guarded=False)
        for block in _blocks(lines):
            table = pa.csv.read_csv(pa.BufferReader(block), read_options=read, convert_options=convert)
            writer.write_table(table.cast(schema))
            written += table.num_rows
            report(written)


def write_zip(download: Download, path: Path, *, report: Report) -> None:
    """data.csv with its codebook, definitions, sources and make-up of areas as CSV beside it, and README.txt."""
    tables = {
        "indicators.csv": get_definitions_table(download.selection),
        "sources.csv": get_sources_table(download.indicators),
    }
    if download.selection.scheme:
        tables["area_membership.csv"] = get_membership_table(download.selection)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        data = zipfile.ZipInfo("data.csv", _CREATED)
        data.compress_type = zipfile.ZIP_DEFLATED  # what the archive says holds for files without a ZipInfo alone
        with archive.open(data, "w", force_zip64=True) as file:
            written = 0
            for chunk in csv_chunks(download):
                file.write(chunk)
                written += chunk.count(b"\n")
                report(min(written, download.rows))
        for name, table in tables.items():
            _add(archive, name, csv_bytes(table))
        _add(archive, "codebook.csv", csv_bytes(codebook_table({"data.csv": COLUMNS, **_columns(tables)})))
        _add(archive, "README.txt", BOM + readme(download, list(tables)).replace("\n", "\r\n").encode())


WRITERS = {FileFormat.XLSX: write_xlsx, FileFormat.PARQUET: write_parquet, FileFormat.ZIP: write_zip}
STREAMS = {FileFormat.CSV: csv_chunks, FileFormat.CP932: cp932_chunks, FileFormat.JSON: json_chunks}


def write_file(download: Download, path: Path, *, file_format: FileFormat, report: Report) -> None:
    """The file of one form at `path`; `report` hears how many rows are done. Raises `TooManyRows`."""
    if file_format in WRITERS:
        WRITERS[file_format](download, path, report=report)
        return
    with path.open("wb") as file:
        written = 0
        for chunk in STREAMS[file_format](download):
            file.write(chunk)
            written += chunk.count(b"\n")
            report(min(written, download.rows))


def codebook_table(files: dict[str, tuple[Column, ...]]) -> Table:
    """What each column of each file is."""
    columns = (
        Column(name="ファイル名", key="file"),
        Column(name="列番号", key="position", is_number=True),
        Column(name="列名", key="name"),
        Column(name="キー", key="key"),
        Column(name="型", key="type"),
        Column(name="列の単位", key="unit"),
        Column(name="説明", key="description"),
    )
    rows: list[Row] = [
        (name, number, c.name, c.key, "数値" if c.is_number else "文字列", c.unit or None, c.description)
        for name, described in files.items()
        for number, c in enumerate(described, start=1)
    ]
    return Table(title="項目の説明", columns=columns, rows=rows)


def readme(download: Download, tables: Sequence[str]) -> str:
    """What the ZIP holds, where the figures come from and under which terms they may be used."""
    lines = {
        "area_membership.csv": "圏域を構成する市区町村の一覧",
        "indicators.csv": "指標の定義（分子・分母・算出式・注意）",
        "sources.csv": "指標・年度ごとの出典と利用条件",
    }
    about = [(name, text) for name, text in _about_texts(download)[1:] if name not in ("出典", "利用条件")]
    cited = _citations(download)
    return "\n".join(
        [
            "在宅医療の指標データ",
            "",
            "■ 入っているファイル",
            f"data.csv：値（{download.rows:,}行、UTF-8・BOM付き、1行目が見出し）",
            *(f"{name}：{lines[name]}" for name in tables),
            "codebook.csv：すべての列の意味・型・単位",
            "",
            "■ 条件",
            *(f"{name}：{text}" for name, text in about),
            "",
            "■ 出典",
            *(f"{citation}を加工して作成" for citation, _ in cited),
            *([] if cited else ["値のある資料はありません"]),
            "",
            "■ 利用条件",
            *(dict.fromkeys(licence for _, licence in cited)),
            "加工した値は公表者が作成したものではありません。利用するときは出典と加工したことを示してください。",
            "",
            "■ 読み方",
            "値が空欄の行は0ではありません。列「状態」「秘匿区分」「値がない理由」を確かめてください。",
            "コードの列は文字列です。Excelで開くときは先頭の0が消えないように、データの取得から文字列として読み込んでください。",
            "行政データの機械可読性のルールに沿い、1行目を見出し、1セルに1つの値、縦持ちの1つの表にしています。",
            "",
        ]
    )


def _about_texts(download: Download) -> list[tuple[str, str]]:
    selection = download.selection
    lines = [("項目", "内容"), ("行数", f"{download.rows}"), ("地域区分", "・".join(s.label for s in selection.scopes))]
    lines.append(("年度", "・".join(map(str, selection.years)) or "すべて"))
    lines.append(("都道府県コード", "・".join(selection.prefectures) or "すべて"))
    if selection.scheme:
        lines.append(("圏域区分", selection.scheme))
    lines.append(("この条件の画面", download.address))
    lines += [("定義の変更", notice) for notice in download.notices]
    cited = _citations(download)
    lines += [("出典", f"{citation}を加工して作成") for citation, _ in cited]
    lines += [("利用条件", licence) for licence in dict.fromkeys(licence for _, licence in cited)]
    return lines


def _citations(download: Download) -> list[tuple[str, str]]:
    """Each publication once, with its licence."""
    found = {
        " ".join(line.citation.split()): line.licence
        for indicator in download.indicators
        for year in indicator.years
        for line in year.sources
    }
    return sorted(found.items())


def _codebook_texts(columns: Sequence[Column]) -> list[tuple[str, ...]]:
    head = ("列名", "キー", "型", "列の単位", "説明")
    return [head, *((c.name, c.key, "数値" if c.is_number else "文字列", c.unit, c.description) for c in columns)]


def _columns(tables: dict[str, Table]) -> dict[str, tuple[Column, ...]]:
    return {name: table.columns for name, table in tables.items()}


def _write_text_rows(sheet: Any, rows: Sequence[Sequence[str]], *, text_format: Any) -> None:
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if cell:
                sheet.write_string(number, position, cell, text_format)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _CREATED), content, zipfile.ZIP_DEFLATED)


def _header_line() -> str:
    return ",".join(HEADER) + "\r\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _number(text: str, column: Column) -> float | int:
    number = float(text)
    return int(number) if column.key in _INTEGERS or number.is_integer() else number


def _arrow_type(column: Column) -> Any:
    import pyarrow as pa

    if column.key in _INTEGERS:
        return pa.int32()
    return pa.float64() if column.is_number else pa.string()


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Chunks of whole lines, put together to blocks of about `PARQUET_BATCH_BYTES`."""
    waiting: list[bytes] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(map(len, waiting)) >= PARQUET_BATCH_BYTES:
            yield b"".join(waiting)
            waiting.clear()
    if waiting:
        yield b"".join(waiting)
