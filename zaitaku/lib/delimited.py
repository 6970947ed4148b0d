"""Reading CSV files line by line: of a large file never more than a line is held beside its bytes."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from zaitaku.lib.problems import refuse
from zaitaku.lib.sheet_parts import MAX_CELLS, MAX_ROWS

_PIECE = 1 << 20
# One of these is in every xlsx, xlsm and xlsb (the first) and every ods.
_SPREADSHEET_PARTS = {"[Content_Types].xml", "content.xml"}
_ENCODINGS = ("utf-8-sig", "cp932")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimited:
    """A CSV that can be read from its beginning as often as needed. `name` is that of its one sheet."""

    name: str
    encoding: str
    open: Callable[[], IO[bytes]]

    def lines(self) -> Iterator[list[str]]:
        """Every line, split at its commas. Raises `FileRefused` at a line that is no CSV."""
        with io.TextIOWrapper(self.open(), encoding=self.encoding, newline="") as text:
            reader = csv.reader(text)
            try:
                yield from reader
            except csv.Error as error:
                reason = "CSVとして読めません。ExcelまたはCSV(UTF-8)で保存し直してください。"
                raise refuse(reason, sheet=self.name, cell=f"A{reader.line_num}") from error

    def first(self, count: int) -> list[list[str]]:
        """The first lines."""
        return list(islice(self.lines(), count))

    def rows(self) -> list[list[str]]:
        """All lines at once, for tables of moderate size."""
        rows, cells = [], 0
        for line in self.lines():
            cells += len(line)
            rows.append(line)
            if cells > MAX_CELLS or len(rows) > MAX_ROWS:
                limits = f"上限は{MAX_ROWS:,}行、{MAX_CELLS:,}セル"
                raise refuse(f"行またはセルが多すぎます（{limits}）。表を分けてください。", sheet=self.name)
        return rows


def delimited(name: str, open_bytes: Callable[[], IO[bytes]]) -> Delimited:
    """A CSV in UTF-8 or cp932. Raises `FileRefused` if it is in another encoding or no text."""
    for encoding in _ENCODINGS:
        if _is_encoded(open_bytes, encoding):
            return Delimited(name=name, encoding=encoding, open=open_bytes)
    raise refuse("文字コードがUTF-8でもShift_JIS(cp932)でもありません。ExcelまたはCSV(UTF-8)で保存し直してください。")


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


def _is_encoded(open_bytes: Callable[[], IO[bytes]], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_bytes() as stream:
        while True:
            piece = stream.read(_PIECE)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError:
                return False
            if "\x00" in text:
                raise refuse("表計算のファイルではありません。Excel(.xlsx)またはCSVを指定してください。")
            if not piece:
                return True
