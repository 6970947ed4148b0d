"""The fixture tables of this app on disk: how each frozen table is written to CSV and read back the same.

Every figure keeps the row (from 1) of its official file; the header of a column of figures carries its column there
(`0-4@6` is column 6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

from regions.definitions.reading import SchemeDefinition
from regions.parsers.population_by_age import AgeClass, AgeRow, AgeTable
from regions.parsers.population_movement import MovementRow, MovementTable
from regions.parsers.population_projection import PersonsRow, PersonsTable
from regions.tables import AreaRow, RegionRow, SchemeTable, Transfer
from zaitaku.sources.fixtures import read_rows, write_rows

REGIONS = "regions/regions.csv"
SCHEMES = "regions/schemes.csv"
AREAS = "regions/areas.csv"
TRANSFERS = "regions/transfers.csv"
TABLES = "regions/tables.csv"
BY_AGE = "regions/population_by_age.csv"
MOVEMENT = "regions/movement.csv"
PROJECTION = "regions/projection_{measure}.csv"


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def write_regions(folder: Path, rows: Iterable[RegionRow]) -> None:
    """One line a region, parents before children."""
    fields = list(RegionRow.__dataclass_fields__)
    flags = {"is_base_unit", "is_designated_city", "is_out_of_scope"}
    lines = ([int(getattr(row, f)) if f in flags else getattr(row, f) for f in fields] for row in rows)
    write_rows(folder / REGIONS, fields, lines)


def read_regions(folder: Path) -> list[RegionRow]:
    """The regions as they were written."""
    return [
        RegionRow(
            kind=row["kind"],
            code=row["code"],
            name=row["name"],
            name_kana=row["name_kana"],
            parent_code=row["parent_code"],
            district=row["district"],
            is_base_unit=row["is_base_unit"] == "1",
            is_designated_city=row["is_designated_city"] == "1",
            is_out_of_scope=row["is_out_of_scope"] == "1",
            valid_from=_date(row["valid_from"]),
            valid_to=_date(row["valid_to"]),
        )
        for row in read_rows(folder / REGIONS)
    ]


def write_schemes(folder: Path, schemes: Sequence[tuple[SchemeTable, str]], transfers: Iterable[Transfer]) -> None:
    """The schemes with the keys of their sources, their areas (members as codes), and the units carried over."""
    fields = list(SchemeDefinition.__dataclass_fields__)
    definitions = [(table.definition, key) for table, key in schemes]
    write_rows(
        folder / SCHEMES,
        [*fields, "source"],
        ([*(_flag(getattr(definition, f)) for f in fields), key] for definition, key in definitions),
    )
    areas = [area for table, _ in schemes for area in table.areas]
    write_rows(
        folder / AREAS,
        ["scheme", "code", "name", "prefecture_code", "unit_codes"],
        ([a.scheme, a.code, a.name, a.prefecture_code, " ".join(a.unit_codes)] for a in areas),
    )
    write_rows(
        folder / TRANSFERS,
        ["from_code", "to_code", "on", "area_code"],
        ([t.from_code, t.to_code, t.on, t.area_code] for t in transfers),
    )


def _flag(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def read_schemes(folder: Path) -> list[tuple[SchemeTable, str]]:
    """Each scheme with its areas and the key of its source."""
    areas: dict[str, list[AreaRow]] = {}
    for row in read_rows(folder / AREAS):
        area = AreaRow(
            scheme=row["scheme"],
            code=row["code"],
            name=row["name"],
            prefecture_code=row["prefecture_code"],
            unit_codes=tuple(row["unit_codes"].split()),
        )
        areas.setdefault(area.scheme, []).append(area)
    return [
        (SchemeTable(definition=_definition(row), areas=tuple(areas[row["key"]])), row["source"])
        for row in read_rows(folder / SCHEMES)
    ]


def _definition(row: dict[str, str]) -> SchemeDefinition:
    return SchemeDefinition(
        key=row["key"],
        kind=row["kind"],
        name=row["name"],
        effective_from=dt.date.fromisoformat(row["effective_from"]),
        effective_to=_date(row["effective_to"]),
        to_be_confirmed=row["to_be_confirmed"] == "1",
        note=row["note"],
    )


def _describe(folder: Path, table: str, source: str, label: object) -> None:
    """Enter which source a table of figures has and the day, year or block it is for."""
    path = folder / TABLES
    rows = {row["table"]: row for row in read_rows(path)} if path.is_file() else {}
    rows[table] = {"table": table, "source": source, "label": str(label)}
    write_rows(path, ["table", "source", "label"], ([*rows[name].values()] for name in sorted(rows)))


def _description(folder: Path, table: str) -> tuple[str, str]:
    """Key of the source and label of a table of figures."""
    row = next(row for row in read_rows(folder / TABLES) if row["table"] == table)
    return row["source"], row["label"]


def write_by_age(folder: Path, table: AgeTable, source: str) -> None:
    """One line a place and sex, one column an age class."""
    ages = [f"{_age(age)}@{column}" for age, column in zip(table.ages, table.columns, strict=True)]
    _describe(folder, BY_AGE, source, table.as_of)
    lines = ([row.code, row.sex, row.row, *row.counts] for row in table.rows)
    write_rows(folder / BY_AGE, ["code", "sex", "row", *ages], lines)


def _age(age: AgeClass) -> str:
    """`total`, `0-4`, `100-`."""
    return "total" if age.start is None else f"{age.start}-{'' if age.to is None else age.to}"


def _age_class(text: str) -> AgeClass:
    start, _, to = text.partition("-")
    return AgeClass(start=None if text == "total" else int(start), to=int(to) if to else None)


def read_by_age(folder: Path) -> tuple[AgeTable, str]:
    """Residents by sex and age, and the key of their source."""
    source, as_of = _description(folder, BY_AGE)
    rows = read_rows(folder / BY_AGE)
    headers = [name for name in rows[0] if "@" in name]
    table = AgeTable(
        as_of=dt.date.fromisoformat(as_of),
        ages=tuple(_age_class(name.split("@")[0]) for name in headers),
        columns=tuple(int(name.split("@")[1]) for name in headers),
        rows=tuple(
            AgeRow(
                code=row["code"],
                sex=row["sex"],
                counts=tuple(int(row[name]) for name in headers),
                row=int(row["row"]),
            )
            for row in rows
        ),
    )
    return table, source


def write_movement(folder: Path, table: MovementTable, source: str) -> None:
    """One line a place."""
    _describe(folder, MOVEMENT, source, table.year)
    header = ["code", "row", f"births@{table.births_column}", f"deaths@{table.deaths_column}"]
    write_rows(folder / MOVEMENT, header, ([row.code, row.row, row.births, row.deaths] for row in table.rows))


def read_movement(folder: Path) -> tuple[MovementTable, str]:
    """Births and deaths of every place, and the key of their source."""
    source, year = _description(folder, MOVEMENT)
    rows = read_rows(folder / MOVEMENT)
    births, deaths = (next(name for name in rows[0] if name.startswith(start)) for start in ("births@", "deaths@"))
    table = MovementTable(
        year=int(year),
        births_column=int(births.split("@")[1]),
        deaths_column=int(deaths.split("@")[1]),
        rows=tuple(
            MovementRow(code=row["code"], births=int(row[births]), deaths=int(row[deaths]), row=int(row["row"]))
            for row in rows
        ),
    )
    return table, source


def write_projection(folder: Path, table: PersonsTable, source: str) -> None:
    """One line a place, one column a year."""
    name = PROJECTION.format(measure=table.measure)
    _describe(folder, name, source, table.block_code)
    years = [f"{year}@{table.column + offset}" for offset, year in enumerate(table.years)]
    write_rows(folder / name, ["code", "row", *years], ([row.code, row.row, *row.counts] for row in table.rows))


def read_projection(folder: Path, measure: str) -> tuple[PersonsTable, str]:
    """Projected persons of one measure (total, 65plus, 75plus), and the key of their source."""
    name = PROJECTION.format(measure=measure)
    source, block_code = _description(folder, name)
    rows = read_rows(folder / name)
    headers = [header for header in rows[0] if "@" in header]
    table = PersonsTable(
        measure=measure,
        years=tuple(int(header.split("@")[0]) for header in headers),
        column=int(headers[0].split("@")[1]),
        block_code=block_code,
        rows=tuple(
            PersonsRow(code=row["code"], counts=tuple(int(row[header]) for header in headers), row=int(row["row"]))
            for row in rows
        ),
    )
    return table, source
