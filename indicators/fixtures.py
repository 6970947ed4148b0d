"""The fixtures of this app: published figures as compact CSVs, written from the official files.

`write` reads the official files with the parsers, which check them; `load` reads the CSVs back and stores them through
the same action an import uses. Births and deaths are a table of the regions' fixtures and only stored from here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indicators.actions.movement import store_movement
from indicators.actions.observations import edition_of, store_observations
from indicators.fixture_tables import TableWriter, read_items, read_lines, read_table
from indicators.parsers import facility_survey, home_visit_demand, municipal_panel, ndb, regional_vision
from indicators.parsers.observations import ObservationTable
from regions.fixture_tables import read_movement
from zaitaku.lib.editions import Edition
from zaitaku.lib.problems import refuse
from zaitaku.lib.workbooks import Workbook, open_workbook
from zaitaku.sources.fixtures import load_sources, record_source

NDB_FILES = "ndb/*/*.xlsx"
NDB_LISTS = "ndb/ndb-opendata-*.csv"
DEMAND_FILE = "demand/001728462.xlsx"
DEMAND_PAGE = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000080850_00014.html"
NDB_PAGE = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000177182.html"
_ESTAT_PAGE = "https://www.e-stat.go.jp/stat-search/database?toukei=00450021"
# The other tables of figures, by pattern: parser and the page they are published on. Of the panel no page is known.
_OTHERS: tuple[tuple[str, Any, str], ...] = (
    ("demand/001723127.xlsx", regional_vision, DEMAND_PAGE),
    ("estat/*.xlsx", facility_survey, _ESTAT_PAGE),
    ("panel/*.xlsx", municipal_panel, ""),
)


def write(folder: Path, data: Path) -> None:
    """Write `folder/observations/*.csv` from the official files in `data`, and list those files as sources."""
    writer = TableWriter(folder)
    addresses = _ndb_addresses(data)
    for path in sorted(data.glob(NDB_FILES)):
        _take(path, ndb.sniff, ndb.parse, url=addresses.get(path.name, NDB_PAGE), writer=writer, folder=folder)
    demand = data / DEMAND_FILE
    _take(demand, home_visit_demand.sniff, home_visit_demand.parse, url=DEMAND_PAGE, writer=writer, folder=folder)
    for pattern, module, page in _OTHERS:
        for path in sorted(data.glob(pattern)):
            _take(path, module.sniff, module.parse, url=page, writer=writer, folder=folder)
    writer.finish()


def _take(
    path: Path,
    sniff: Callable[[Workbook], Edition | None],
    parse: Callable[[Workbook], ObservationTable],
    *,
    url: str,
    writer: TableWriter,
    folder: Path,
) -> None:
    """Write one official file as a table, and list it as a source."""
    book = open_workbook(path)
    edition = sniff(book)
    if edition is None:
        raise refuse("想定した種類の公表資料ではありません。", text=path.name)
    key = record_source(folder, edition, path, sheets=book.sheet_names, url=url)
    writer.add(_name(key), parse(book), source=key)


def load(folder: Path) -> dict[str, int]:
    """Store every table of `folder/observations`, inside the caller's transaction. Returns counts by kind of row."""
    sources = load_sources(folder)
    items = read_items(folder)
    stored = 0
    lines = read_lines(folder)
    for line in lines:
        source = sources[line.source]
        table = read_table(folder, line, edition=edition_of(source), items=items)
        stored += store_observations(table, source=source)["観測値"]
    movement, key = read_movement(folder)
    vital = store_movement(movement, source=sources[key])["観測値"]
    return {"tables": len(lines), "items": len(items), "observations": stored, "births and deaths": vital}


def _name(key: str) -> str:
    """`ndb_open_data/09/medical/claims/area` → `ndb_open_data-09-medical-claims-area`."""
    return key.replace("/", "-")


def _ndb_addresses(data: Path) -> dict[str, str]:
    """Where each file is published, by file name, from the publisher's lists of a round."""
    addresses: dict[str, str] = {}
    for path in sorted(data.glob(NDB_LISTS)):
        with path.open(encoding="utf-8-sig", newline="") as file:
            addresses |= {row["url"].rpartition("/")[2]: row["url"] for row in csv.DictReader(file) if row["url"]}
    return addresses
