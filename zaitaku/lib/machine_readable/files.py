"""Opening a data file, and the checks that only its kind of file needs."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl

from zaitaku.lib.machine_readable.rules import Finding, Rule
from zaitaku.lib.machine_readable.tables import Cell, TableCheck

_FILE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
CODEBOOK_SHEET, ABOUT_SHEET = "項目の説明", "出典・条件"
CODEBOOK_FILE, README_FILE = "codebook.csv", "README.txt"


def inspect_file(path: Path, *, codebook: Sequence[str] | None = None) -> tuple[Finding, ...]:
    """Which rules a file breaks, and where.

    A lone CSV has its codebook beside it: give the column names it describes as `codebook` to have them checked.
    """
    checks = {".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet, ".zip": _zip}
    check = checks.get(path.suffix.lower())
    found = list(_file_name(path))
    if check is None:
        return (*found, Finding(Rule.FORMAT, path.name, f"「{path.suffix}」は機械が読む形式ではありません"))
    found += check(path)
    if codebook is not None and path.suffix.lower() == ".csv":
        header = next(_csv_rows(path), [])
        found += _undescribed(path.name, [str(name) for name in header], codebook)
    return tuple(found)


def _file_name(path: Path) -> Iterator[Finding]:
    if not _FILE_NAME.fullmatch(path.name):
        yield Finding(Rule.FILE_NAME, path.name, "ファイル名に空白か英数字でない文字があります")


def _csv(path: Path) -> list[Finding]:
    rows = _csv_rows(path)
    try:
        return TableCheck(path.name).inspect(next(rows, []), rows)
    except UnicodeDecodeError:
        return [Finding(Rule.ENCODING, path.name, "UTF-8（BOM付き）でもcp932でも読めません")]


def _csv_rows(path: Path) -> Iterator[Sequence[Cell]]:
    with path.open("rb") as file:
        has_bom = file.read(3) == b"\xef\xbb\xbf"
    with path.open(encoding="utf-8-sig" if has_bom else "cp932", newline="") as text:
        yield from csv.reader(text)


def _xlsx(path: Path) -> list[Finding]:
    found = list(_xlsx_parts(path))
    book = openpyxl.load_workbook(path)
    try:
        for sheet in book.worksheets:
            place = f"{path.name} {sheet.title}"
            if sheet.merged_cells.ranges:
                found.append(
                    Finding(Rule.NO_MERGED, place, f"{next(iter(sheet.merged_cells.ranges))}が結合されています")
                )
            hidden = [d for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()) if d.hidden]
            if sheet.sheet_state != "visible" or hidden:
                found.append(Finding(Rule.NO_HIDDEN_PART, place, "非表示のシート・行・列があります"))
            rows = sheet.iter_rows(values_only=True)
            found += [_formula(place)] if any(_has_formula(row) for row in sheet.iter_rows()) else []
            found += TableCheck(place, is_typed=True).inspect(next(rows, ()), rows)
        found += _xlsx_companions(path.name, book)
    finally:
        book.close()
    return found


def _xlsx_parts(path: Path) -> Iterator[Finding]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any(name.startswith(("xl/drawings/", "xl/charts/", "xl/media/", "xl/comments")) for name in names):
        yield Finding(Rule.NO_OBJECT, path.name, "図形・画像・グラフ・コメントがあります")


def _has_formula(row: Sequence[Any]) -> bool:
    return any(cell.data_type == "f" for cell in row)


def _formula(place: str) -> Finding:
    return Finding(Rule.NO_FORMULA, place, "数式があります。値にしてください")


def _xlsx_companions(name: str, book: Any) -> Iterator[Finding]:
    header = [str(cell) for cell in next(book.worksheets[0].iter_rows(values_only=True), ()) if cell is not None]
    described = _first_column(book, CODEBOOK_SHEET)
    yield from _undescribed(name, header, described)
    yield from _unsourced(name, _first_column(book, ABOUT_SHEET))


def _first_column(book: Any, sheet: str) -> list[str]:
    if sheet not in book.sheetnames:
        return []
    return [str(row[0]) for row in book[sheet].iter_rows(min_row=2, max_col=1, values_only=True)]


def _parquet(path: Path) -> list[Finding]:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    schema = file.schema_arrow
    rows = (tuple(row.values()) for batch in file.iter_batches(batch_size=5000) for row in batch.to_pylist())
    found = TableCheck(path.name, is_typed=True).inspect(schema.names, rows)
    described = [field.name for field in schema if (field.metadata or {}).get(b"description")]
    about = json.loads((schema.metadata or {}).get(ABOUT_SHEET.encode(), b"[]"))
    return [*found, *_undescribed(path.name, schema.names, described), *_unsourced(path.name, [n for n, _ in about])]


def _zip(path: Path) -> list[Finding]:
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        names = archive.namelist()
        archive.extractall(folder)
        members = [Path(folder, name) for name in names]
        found = list(chain.from_iterable(_file_name(member) for member in members))
        described = _described(Path(folder, CODEBOOK_FILE)) if CODEBOOK_FILE in names else {}
        for member in members:
            if member.suffix.lower() == ".csv" and member.name != CODEBOOK_FILE:
                found += inspect_file(member, codebook=described.get(member.name, []))
            elif member.name == CODEBOOK_FILE:
                found += inspect_file(member)
        readme = Path(folder, README_FILE)
        text = readme.read_text(encoding="utf-8-sig") if README_FILE in names else ""
    return [*found, *_unsourced(f"{path.name} {README_FILE}", [w for w in ("出典", "利用条件") if f"■ {w}" in text])]


def _described(path: Path) -> dict[str, list[str]]:
    """Column names by file, as the codebook says."""
    described: dict[str, list[str]] = {}
    with io.StringIO(path.read_text(encoding="utf-8-sig"), newline="") as text:
        for row in csv.DictReader(text):
            described.setdefault(row["ファイル名"], []).append(row["列名"])
    return described


def _undescribed(name: str, header: Sequence[str], described: Sequence[str]) -> Iterator[Finding]:
    for column in header:
        if column not in described:
            yield Finding(Rule.CODEBOOK, name, f"列「{column}」の説明がありません")


def _unsourced(name: str, told: Sequence[str]) -> Iterator[Finding]:
    for needed in ("出典", "利用条件"):
        if needed not in told:
            yield Finding(Rule.SOURCE, name, f"「{needed}」がありません")
