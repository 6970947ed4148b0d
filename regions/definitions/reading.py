"""The definition tables as frozen rows."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRegion:
    """A ward that has gone, known because official files of earlier years use it."""

    code: str
    name: str
    name_kana: str
    parent_code: str
    valid_to: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """On the day `on`, the whole or a part of `from_code` became (part of) `to_code`."""

    from_code: str
    to_code: str
    on: dt.date
    is_whole: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeDefinition:
    """What an `AreaScheme` is; its areas and members come from the official files."""

    key: str
    kind: str
    name: str
    effective_from: dt.date
    effective_to: dt.date | None
    to_be_confirmed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedArea:
    """An area of one scheme made of whole areas of the scheme before it."""

    scheme: str
    prefecture_code: str
    code: str
    name: str
    part_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEdition:
    """An edition of areas or wards that some official file uses, and what is done with its rows."""

    name: str
    areas: int
    used_by: str
    handling: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """All definition tables."""

    past_regions: tuple[PastRegion, ...]
    changes: tuple[Change, ...]
    schemes: tuple[SchemeDefinition, ...]
    merged_areas: tuple[MergedArea, ...]


def read_definitions(folder: Path = _FOLDER) -> Definitions:
    """Read the tables beside this module (or in `folder`)."""
    return Definitions(
        past_regions=tuple(
            PastRegion(
                code=row["code"],
                name=row["name"],
                name_kana=row["name_kana"],
                parent_code=row["parent_code"],
                valid_to=dt.date.fromisoformat(row["valid_to"]),
            )
            for row in _rows(folder / "past_regions.csv")
        ),
        changes=tuple(
            Change(
                from_code=row["from_code"],
                to_code=row["to_code"],
                on=dt.date.fromisoformat(row["on"]),
                is_whole=row["extent"] == "whole",
                note=row["note"],
            )
            for row in _rows(folder / "changes.csv")
        ),
        schemes=tuple(
            SchemeDefinition(
                key=row["key"],
                kind=row["kind"],
                name=row["name"],
                effective_from=dt.date.fromisoformat(row["effective_from"]),
                effective_to=dt.date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
                to_be_confirmed=row["to_be_confirmed"] == "1",
                note=row["note"],
            )
            for row in _rows(folder / "schemes.csv")
        ),
        merged_areas=tuple(
            MergedArea(
                scheme=row["scheme"],
                prefecture_code=row["prefecture_code"],
                code=row["code"],
                name=row["name"],
                part_codes=tuple(row["part_codes"].split()),
            )
            for row in _rows(folder / "merged_areas.csv")
        ),
    )


def read_other_editions(folder: Path = _FOLDER) -> tuple[OtherEdition, ...]:
    """How the rows of each edition are taken, in the order of the file."""
    return tuple(
        OtherEdition(name=row["name"], areas=int(row["areas"]), used_by=row["used_by"], handling=row["handling"])
        for row in _rows(folder / "other_editions.csv")
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
