"""Lines of the 住民基本台帳 tables: what each stands for, so that no level is ever counted with another.

A table lists the nation, then for each prefecture its total, its cities (a designated city before its wards) and the
subtotal of each 郡 (and of 島しょ in 東京都) before its towns and villages. The sums of the subtotals are checked too,
but no region stands for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from regions.parsers.reading import Complaints
from zaitaku.lib.cells import code, label
from zaitaku.lib.codes import is_municipality_code
from zaitaku.lib.workbooks import Row, Sheet


class Level(Enum):
    """What one line of the table is."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    SUBTOTAL = "subtotal"
    MUNICIPALITY = "municipality"
    WARD = "ward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the table.

    `code` is 00, 2 or 5 digits; `subtotal` is the 郡 a town is summed in and `city` the designated city of a ward
    (5-digit codes, else empty). `name` is as printed (`石狩郡当別町`), `row` counts from 0.
    """

    level: Level
    code: str
    name: str
    subtotal: str
    city: str
    row: int


def read_places(sheet: Sheet, rows: Sequence[int], columns: Mapping[str, int]) -> list[Place]:
    """The place of each of `rows` (one row per place, in the order of the sheet).

    Raises `FileRefused` for codes whose check digit is wrong or that come twice.
    """
    complaints = Complaints([])
    seen: set[str] = set()
    places: list[Place] = []
    column = columns["団体コード"]
    for number in rows:
        place = _place(sheet.rows[number], number, columns, previous=places[-1] if places else None)
        full_code = code(sheet.rows[number][column], width=6)
        if place.level is not Level.NATION and not is_municipality_code(full_code):
            complaints.add("検査数字が合いません。", sheet=sheet, row=number, column=column)
        if place.code in seen:
            complaints.add("同じ団体コードが2度あります。", sheet=sheet, row=number, column=column)
        seen.add(place.code)
        places.append(place)
    complaints.raise_if_any()
    return places


def _place(cells: Row, number: int, columns: Mapping[str, int], *, previous: Place | None) -> Place:
    """Decide the level from the code, the printed name and the line before."""
    name = label(cells[columns["市区町村名"]])
    if label(cells[columns["都道府県名"]]) == "合計":
        return Place(level=Level.NATION, code="00", name="全国", subtotal="", city="", row=number)
    full_code = code(cells[columns["団体コード"]], width=6)
    if name in ("", "-"):
        prefecture = label(cells[columns["都道府県名"]])
        return Place(level=Level.PREFECTURE, code=full_code[:2], name=prefecture, subtotal="", city="", row=number)
    place_code = full_code[:5]
    if name.endswith("郡") or name == "島しょ":
        return Place(level=Level.SUBTOTAL, code=place_code, name=name, subtotal="", city="", row=number)
    city = _city_of_ward(name, previous)
    if city:
        return Place(level=Level.WARD, code=place_code, name=name, subtotal="", city=city, row=number)
    subtotal = _subtotal_of_town(previous)
    return Place(level=Level.MUNICIPALITY, code=place_code, name=name, subtotal=subtotal, city="", row=number)


def _city_of_ward(name: str, previous: Place | None) -> str:
    """The designated city, if the line before is it or another of its wards (`札幌市中央区` after `札幌市`)."""
    if previous is None or not name.endswith("区") or "市" not in name:
        return ""
    if previous.level is Level.WARD:
        return previous.city if name.split("市")[0] == previous.name.split("市")[0] else ""
    return previous.code if previous.level is Level.MUNICIPALITY and name.startswith(previous.name) else ""


def _subtotal_of_town(previous: Place | None) -> str:
    """The 郡 whose towns are being listed, if any."""
    if previous is None:
        return ""
    return previous.code if previous.level is Level.SUBTOTAL else previous.subtotal


def wrong_sums(places: Sequence[Place], counts: Mapping[str, Sequence[int]]) -> list[tuple[Place, int]]:
    """Totals that are not the sum of their parts: (place of the total, index of the column), for every level.

    `counts` gives the printed figures of each place by code; every place has the same columns.
    """
    parts: dict[str, list[str]] = {}
    for place in places:
        if place.level is Level.WARD:
            parts.setdefault(place.city, []).append(place.code)
        elif place.level is Level.MUNICIPALITY:
            parts.setdefault(place.code[:2], []).append(place.code)
            if place.subtotal:
                parts.setdefault(place.subtotal, []).append(place.code)
        elif place.level is Level.PREFECTURE:
            parts.setdefault("00", []).append(place.code)
    wrong = []
    for place in places:
        if place.code not in parts:
            continue
        sums = [sum(column) for column in zip(*(counts[part] for part in parts[place.code]), strict=True)]
        wrong += [
            (place, i) for i, (found, said) in enumerate(zip(sums, counts[place.code], strict=True)) if found != said
        ]
    return wrong
