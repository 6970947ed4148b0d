"""The fixtures of this app: the lists of the prefectures at hand as compact tables, written from the official files.

Per prefecture `institutions/NN_institutions.csv` holds every institution and `institutions/NN_notifications.csv` the
kept notifications, each with its row in the official file; `institutions/lists.csv` names the file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from institutions.definitions import notification_symbols
from institutions.parsers.notification_list import ListedInstitution, ListedNotification, NotificationList, parse, sniff
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import open_workbook
from zaitaku.sources.fixtures import read_rows, record_source, write_rows

FAMILY = "institutions"
OFFICIAL_FOLDER = "notifications"
_LIST_FIELDS = ("prefecture", "source", "as_of", "sheet")
_INSTITUTION_FIELDS = ("code", "kind", "name", "postcode", "address", "telephone", "beds", "row")
_NOTIFICATION_FIELDS = ("code", "symbol", "number", "started_on", "effective_on", "row")


def write(folder: Path, data: Path) -> None:
    """Write `folder/institutions/*.csv` from the lists in `data/notifications`, and list those in `sources.csv`.

    Raises `FileRefused` if one of them is no 届出受理医療機関名簿.
    """
    lists = []
    for path in sorted((data / OFFICIAL_FOLDER).glob("*.xlsx")):
        book = open_workbook(path)
        edition = sniff(book)
        if edition is None:
            raise refuse("届出受理医療機関名簿ではありません。", text=path.name)
        table = parse(book, kept=frozenset(notification_symbols()))
        key = record_source(folder, edition, path, sheets=book.sheet_names)
        _write_list(folder / FAMILY, table)
        lists.append((table.prefecture_code, key, table.as_of.isoformat(), table.sheet))
    write_rows(folder / FAMILY / "lists.csv", _LIST_FIELDS, sorted(lists))


def read_lists(folder: Path) -> Iterator[tuple[NotificationList, str]]:
    """Each list as the parser read it, with the key of its source; `not_kept` and `skipped` are not in the fixtures."""
    for row in read_rows(folder / FAMILY / "lists.csv"):
        yield _read_list(folder / FAMILY, row), row["source"]


def _write_list(folder: Path, table: NotificationList) -> None:
    institutions = sorted(table.institutions, key=lambda one: one.code)
    notifications = sorted(table.notifications, key=lambda one: (one.code, one.symbol, one.row))
    write_rows(
        folder / f"{table.prefecture_code}_institutions.csv",
        _INSTITUTION_FIELDS,
        (
            (one.code, one.kind, one.name, one.postcode, one.address, one.telephone, _beds(one), one.row)
            for one in institutions
        ),
    )
    write_rows(
        folder / f"{table.prefecture_code}_notifications.csv",
        _NOTIFICATION_FIELDS,
        ((one.code, one.symbol, one.number, one.started_on, one.effective_on, one.row) for one in notifications),
    )


def _beds(one: ListedInstitution) -> str:
    return json.dumps(dict(one.beds), ensure_ascii=False, separators=(",", ":")) if one.beds else ""


def _read_list(folder: Path, row: Mapping[str, str]) -> NotificationList:
    code = row["prefecture"]
    return NotificationList(
        prefecture_code=code,
        as_of=dt.date.fromisoformat(row["as_of"]),
        sheet=row["sheet"],
        institutions=tuple(map(_institution, read_rows(folder / f"{code}_institutions.csv"))),
        notifications=tuple(map(_notification, read_rows(folder / f"{code}_notifications.csv"))),
    )


def _institution(row: Mapping[str, str]) -> ListedInstitution:
    return ListedInstitution(
        code=row["code"],
        kind=row["kind"],
        name=row["name"],
        postcode=row["postcode"],
        address=row["address"],
        telephone=row["telephone"],
        beds=json.loads(row["beds"] or "{}"),
        row=int(row["row"]),
    )


def _notification(row: Mapping[str, str]) -> ListedNotification:
    return ListedNotification(
        code=row["code"],
        symbol=row["symbol"],
        number=row["number"],
        started_on=_date(row["started_on"]),
        effective_on=_date(row["effective_on"]),
        row=int(row["row"]),
    )


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
