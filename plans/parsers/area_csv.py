"""A partition handed in as CSV: a code or name of a municipality and the name of its area in each line."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zaitaku.lib.problems import FileRefused, Problem

MOST_BYTES = 1_000_000
MOST_PROBLEMS = 50
_HEADINGS = ("コード", "市区町村コード", "団体コード", "code", "unit_code", "市区町村", "市区町村名")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A base unit or a designated city that stands for its wards."""

    code: str
    name: str
    units: tuple[str, ...]


def parse_area_csv(content: bytes, places: Sequence[Place]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names of areas with their units, in the order of the file. Raises `FileRefused` with the lines that are wrong."""
    rows = _rows(content)
    known = _known(places)
    groups: dict[str, list[str]] = {}
    line_of: dict[str, int] = {}
    problems = []
    for number, row in rows:
        text, area = (unicodedata.normalize("NFKC", cell).strip() for cell in (*row, "", "")[:2])
        place = known.get(_key(text))
        if place is None:
            reason = "この都道府県の市区町村が見つかりません。5桁か6桁のコード、または市区町村名を書いてください。"
            problems.append(Problem(reason, cell=f"{number}行目", text=text[:40]))
            continue
        if not area or len(area) > 40:
            reason = "2列目に圏域名を書いてください。" if not area else "圏域名は40文字以内にしてください。"
            problems.append(Problem(reason, cell=f"{number}行目", text=text[:40]))
            continue
        twice = [line_of[unit] for unit in place.units if unit in line_of]
        if twice:
            reason = f"{twice[0]}行目ですでに圏域に入れています。1つの市区町村は1つの圏域にだけ入れてください。"
            problems.append(Problem(reason, cell=f"{number}行目", text=place.name))
            continue
        line_of |= dict.fromkeys(place.units, number)
        groups.setdefault(area, []).extend(place.units)
    if problems:
        raise FileRefused(*problems[:MOST_PROBLEMS])
    if not groups:
        raise FileRefused(Problem("市区町村の行がありません。1列目にコード、2列目に圏域名を書いてください。"))
    return tuple((name, tuple(units)) for name, units in groups.items())


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    """Lines that are not empty, with their numbers, without a heading."""
    if len(content) > MOST_BYTES:
        raise FileRefused(Problem("ファイルが大きすぎます（1MBまで）。市区町村と圏域名だけの表にしてください。"))
    text = _decoded(content)
    try:
        rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text)), start=1) if any(row)]
    except csv.Error:
        raise FileRefused(Problem("CSVとして読めません。ExcelでCSV(UTF-8)として保存し直してください。")) from None
    if rows and unicodedata.normalize("NFKC", rows[0][1][0]).strip() in _HEADINGS:
        return rows[1:]
    return rows


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise FileRefused(
        Problem("文字コードがUTF-8でもShift_JISでもありません。ExcelでCSV(UTF-8)として保存し直してください。")
    )


def _known(places: Sequence[Place]) -> Mapping[str, Place]:
    return {key: place for place in places for key in (place.code, _key(place.name))}


def _key(text: str) -> str:
    """A code without its check digit, or a name without spaces."""
    plain = "".join(text.split())
    if plain.isdecimal() and len(plain) in (4, 5, 6):
        # Excel drops the zero before the codes of 北海道 to 栃木県; six digits are the code with its check digit.
        return (plain.zfill(6)[:5] if len(plain) == 6 else plain.zfill(5)) if len(plain) != 5 else plain
    return plain
