"""Small 届出受理医療機関名簿 as the bureaus publish them, and a small prefecture to place them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from institutions.definitions import notification_symbols
from institutions.parsers.addresses import AddressBook, UnitName
from institutions.parsers.notification_list import COLUMNS, NotificationList, parse
from regions.models import Region
from zaitaku.lib.codes import luhn_check_digit
from zaitaku.lib.workbooks import Workbook, read_workbook

PREFECTURE = "01"
TITLE = "[令和７年１０月１日 現在 ]令和７年１０月１日作成"
KEPT = frozenset(notification_symbols())

# A designated city with two wards, a city and a town in a 郡 — real places of 北海道, as few as the tests need.
UNITS = (
    UnitName(code="01101", name="中央区", city="札幌市"),
    UnitName(code="01102", name="北区", city="札幌市"),
    UnitName(code="01203", name="小樽市"),
    UnitName(code="01408", name="余市町", district="余市郡"),
)
BOOK = AddressBook.build(UNITS, prefecture="北海道")


def number(serial: int) -> str:
    """A 7-digit 医療機関番号 with a right check digit over the whole 10-digit code."""
    start = f"{serial:06d}"
    return start + luhn_check_digit(f"{PREFECTURE}1{start}")


def code(serial: int) -> str:
    """The 10-digit code of the same institution."""
    return f"{PREFECTURE}1{number(serial)}"


def row(
    serial: int,
    symbol: str = "",
    *,
    accepted: str = "第1号",
    started: str = "令和 6年10月 1日",
    address: str = "札幌市中央区北１条西２丁目",
    beds: str = "",
    category: str = "医科",
    name: str = "",
    remark: str = "",
    kind: str = "",
    prefecture: str = PREFECTURE,
) -> list[str]:
    """One row of a list, in the 24 published columns."""
    held = [f"{symbol}の届出", symbol, accepted, started] if symbol else ["", "", "", ""]
    return [
        str(serial), prefecture, "北海道", category, number(serial), "", "", name or f"デモ医院{serial}", "060-0001",
        address, "011-000-0000", "", beds, *held, "", "見出し" if remark else "", remark, "", "", "", kind,
    ]  # fmt: skip


def content(
    rows: Sequence[Sequence[str]],
    *,
    title: str = TITLE,
    header: Sequence[str] = COLUMNS,
    above: Sequence[Sequence[str]] = (),
) -> bytes:
    """The xlsx file: an empty row, the title, an empty row, the headings on row 4, the rows."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        table = [*above, [], [title], [], list(header), *rows]
        for index, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell != "":
                    sheet.write(index, column, cell)
    return buffer.getvalue()


def workbook(rows: Sequence[Sequence[str]], **options: object) -> Workbook:
    """The same file, opened."""
    return read_workbook(content(rows, **options), filename="名簿.xlsx")  # type: ignore[arg-type]  # passed on as given


def table(rows: Sequence[Sequence[str]], **options: object) -> NotificationList:
    """The same file, parsed."""
    return parse(workbook(rows, **options), kept=KEPT)


def save(folder: Path, rows: Sequence[Sequence[str]], *, name: str = "名簿.xlsx", **options: object) -> Path:
    """The same file on disk."""
    path = folder / name
    path.write_bytes(content(rows, **options))  # type: ignore[arg-type]  # passed on as given
    return path


def make_regions() -> None:
    """The nation, 北海道 and the base units of `UNITS` in the database."""
    kinds = Region.Kind
    nation = Region.objects.create(kind=kinds.NATION, code="00", name="全国")
    prefecture = Region.objects.create(kind=kinds.PREFECTURE, code=PREFECTURE, name="北海道", parent=nation)
    city = Region.objects.create(
        kind=kinds.MUNICIPALITY, code="01100", name="札幌市", parent=prefecture, is_designated_city=True
    )
    for unit in UNITS:
        Region.objects.create(
            kind=kinds.WARD if unit.city else kinds.MUNICIPALITY,
            code=unit.code,
            name=unit.city + unit.name,
            district=unit.district,
            parent=city if unit.city else prefecture,
            is_base_unit=True,
        )
