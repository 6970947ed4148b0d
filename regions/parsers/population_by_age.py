"""総務省 「住民基本台帳年齢階級別人口（市区町村別）」: residents by sex and 5-year age."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regions.parsers.reading import Complaints, find_header, has_header, whole_number
from regions.parsers.register_rows import Level, Place, read_places, wrong_sums
from zaitaku.lib.cells import label
from zaitaku.lib.editions import Edition
from zaitaku.lib.fiscal_years import parse_date
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Sheet, Workbook

SEXES = {"計": "both", "男": "male", "女": "female"}
_LABELS = ("団体コード", "都道府県名", "市区町村名", "性別")
_AGES = re.compile(r"(\d+)歳(?:~(\d+)歳|以上)")
_TITLE = "住民基本台帳年齢階級別人口(市区町村別)(総計)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeClass:
    """Inclusive bounds of an age class; `to` is None for "and over"; both None means all ages."""

    start: int | None
    to: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow:
    """Residents of one place and sex, one count for each class of `AgeTable.ages`. `row` counts from 1."""

    code: str
    sex: str
    counts: tuple[int, ...]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeTable:
    """Nation (00), prefectures (2 digits), municipalities and wards (5 digits), without the subtotals of 郡.

    The first class is all ages. The classes of a place may add up to less than that: the publisher hides the ages of
    foreign residents where there are few of them (notes 1 and 2 of the file), and residents whose sex is neither of
    the two stand in 計 alone (note 3). `districts` gives the 郡 of towns and villages by code, as printed.
    """

    as_of: dt.date
    ages: tuple[AgeClass, ...]
    columns: tuple[int, ...]
    rows: tuple[AgeRow, ...]
    districts: Mapping[str, str] = field(default_factory=dict)


def sniff(book: Workbook) -> Edition | None:
    """The edition, if title and headers are those of the table of all residents."""
    sheet = book.sheet(book.sheet_names[0], rows=5)
    title = label(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
    as_of = parse_date(title)
    if as_of is None or _TITLE not in title or not has_header(sheet, _LABELS):
        return None
    return Edition(
        kind="population_by_age",
        key=f"population_by_age/{as_of}",
        publisher="総務省",
        title="住民基本台帳に基づく人口（年齢階級別・市区町村別・総計）",
        edition=f"{as_of:%Y年%-m月%-d日}現在",
        as_of=as_of,
    )


def parse(book: Workbook) -> AgeTable:
    """Every place by sex and age; sums at every level are checked against the printed totals.

    Raises `FileRefused` with the cells that are no counts or do not add up.
    """
    sheet = book.sheet(book.sheet_names[0])
    as_of = parse_date(label(sheet.rows[0][0]))
    if as_of is None:
        raise refuse("表題に「令和7年1月1日」のような時点がありません。", sheet=sheet.name, cell="A1")
    header, columns = find_header(sheet, _LABELS)
    ages = _age_columns(sheet, header)
    counted = [n for n in range(header + 1, len(sheet.rows)) if label(sheet.rows[n][columns["性別"]]) in SEXES]
    places = _places(sheet, counted, columns)
    counts = {n: [whole_number(sheet, n, column) for column in ages] for n in counted}
    _check(sheet, places, counts, columns=list(ages))
    return AgeTable(
        as_of=as_of,
        ages=tuple(ages.values()),
        columns=tuple(column + 1 for column in ages),
        rows=tuple(
            AgeRow(code=place.code, sex=sex, counts=tuple(counts[place.row + offset]), row=place.row + offset + 1)
            for place in places
            if place.level is not Level.SUBTOTAL
            for offset, sex in enumerate(SEXES.values())
        ),
        districts=_districts(places),
    )


def _districts(places: Sequence[Place]) -> dict[str, str]:
    """The 郡 each town or village is printed with (`石狩郡当別町`); 島しょ is a heading, not a part of the names."""
    headings = {place.code: place.name for place in places if place.level is Level.SUBTOTAL}
    named = ((place, headings.get(place.subtotal, "")) for place in places)
    return {place.code: heading for place, heading in named if heading and place.name.startswith(heading)}


def _age_columns(sheet: Sheet, header: int) -> dict[int, AgeClass]:
    """Column → age class, from the row above the header: 総数 first, then classes without a gap up to "and over"."""
    ages: dict[int, AgeClass] = {}
    for column, cell in enumerate(sheet.rows[header - 1]):
        if label(cell) == "総数":
            ages[column] = AgeClass(start=None, to=None)
        elif match := _AGES.fullmatch(label(cell)):
            ages[column] = AgeClass(start=int(match[1]), to=int(match[2]) if match[2] else None)
    classes = list(ages.values())
    begins = [0, *(age.to + 1 for age in classes[1:-1] if age.to is not None)]
    if not classes or classes[0].start is not None or [age.start for age in classes[1:]] != begins or classes[-1].to:
        raise refuse(
            "年齢階級の見出しが「総数、0歳～4歳、…、100歳以上」の並びになっていません。",
            sheet=sheet.name,
            cell=f"E{header}",
        )
    return ages


def _places(sheet: Sheet, counted: Sequence[int], columns: Mapping[str, int]) -> list[Place]:
    """One place for each three lines 計, 男, 女."""
    complaints = Complaints([])
    for position, number in enumerate(counted):
        if label(sheet.rows[number][columns["性別"]]) != tuple(SEXES)[position % 3]:
            complaints.add("性別は 計・男・女 の順に3行ずつ並べます。", sheet=sheet, row=number, column=columns["性別"])
            break
    complaints.raise_if_any()
    return read_places(sheet, counted[::3], columns)


def _check(
    sheet: Sheet, places: Sequence[Place], counts: Mapping[int, Sequence[int]], *, columns: Sequence[int]
) -> None:
    """Parts add up to the printed totals at every level; men and women, and the ages, never exceed theirs."""
    complaints = Complaints([])
    for offset in range(len(SEXES)):
        by_code = {place.code: counts[place.row + offset] for place in places}
        for place, index in wrong_sums(places, by_code):
            if place.level is Level.NATION and index > 0:
                continue  # ages hidden in the municipalities are counted in the national line (notes 1 and 2)
            complaints.add("内訳の合計と合いません。", sheet=sheet, row=place.row + offset, column=columns[index])
    for place in places:
        both, male, female = (counts[place.row + offset] for offset in range(len(SEXES)))
        for index, column in enumerate(columns):
            if male[index] + female[index] > both[index]:
                complaints.add("男と女の合計が計を超えています。", sheet=sheet, row=place.row, column=column)
        for offset, line in enumerate((both, male, female)):
            if sum(line[1:]) > line[0]:
                complaints.add(
                    "年齢階級の合計が総数を超えています。", sheet=sheet, row=place.row + offset, column=columns[0]
                )
    complaints.raise_if_any()
