"""活動報告: the common format by category and year. A changed format is a new file; reports keep the one they used."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

_FOLDER = Path(__file__).resolve().parent
ItemKind = Literal["count", "yes_no", "choice"]
How = Literal["bodies", "sum", "positive", "other_than"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportItem:
    """One question. A count is a whole number from 0 to `most`; yes/no is 1 or 0; a choice is one of `choices`.

    `is_core` must be answered. `part_of` names the whole it cannot exceed, `not_below` what it cannot fall short of.
    """

    key: str
    section: str
    label: str
    kind: ItemKind
    help: str
    unit: str = ""
    most: int = 1
    is_core: bool = False
    counts_people: bool = False
    part_of: str = ""
    not_below: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def said(self, answer: int | str | None) -> str:
        """An answer in words; nothing answered is 無回答, never 0."""
        if answer is None or answer == "":
            return "無回答"
        if self.kind == "yes_no":
            return "あり" if answer else "なし"
        if self.kind == "choice":
            return dict(self.choices).get(str(answer), str(answer))
        return f"{answer:,}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What confirmed reports of a place add up to, as an item of the indicators.

    `bodies`: how many reported; `sum`: of a count; `positive`: how many answered more than 0 or yes; `other_than`: how
    many chose another word than `word`. `where_zero`: only bodies whose answer to that question is 0. An item of the
    surveys brings its name and unit along.
    """

    code: str
    how: How
    of: str = ""
    word: str = ""
    where_zero: str = ""
    name: str = ""
    unit: str = ""
    counts_people: bool = False
    not_above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFormat:
    """What bodies of a category report from a fiscal year on."""

    key: str
    kind: str
    from_year: int
    title: str
    source: str
    items: tuple[ReportItem, ...]
    feeds: tuple[Feed, ...]

    @property
    def by_key(self) -> Mapping[str, ReportItem]:
        """The items by key, in order."""
        return {item.key: item for item in self.items}

    @property
    def sections(self) -> Mapping[str, tuple[ReportItem, ...]]:
        """The items under the headings of the form, in order."""
        names = dict.fromkeys(item.section for item in self.items)
        return {name: tuple(item for item in self.items if item.section == name) for name in names}


@cache
def report_formats() -> tuple[ReportFormat, ...]:
    """All formats, the newest first."""
    found = [_read(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))]
    return tuple(sorted(found, key=lambda one: -one.from_year))


def report_format(kind: str, *, year: int) -> ReportFormat | None:
    """The format in force for a category in a fiscal year; None for what does not report (連携支援機関)."""
    return next((one for one in report_formats() if one.kind == kind and one.from_year <= year), None)


def format_named(key: str) -> ReportFormat:
    """The format a report was made in."""
    return next(one for one in report_formats() if one.key == key)


def _read(given: dict[str, Any]) -> ReportFormat:
    items = tuple(_item(item) for item in given.pop("items"))
    return ReportFormat(**given | {"items": items, "feeds": tuple(Feed(**feed) for feed in given["feeds"])})


def _item(given: dict[str, Any]) -> ReportItem:
    choices = tuple((key, label) for key, label in given.pop("choices", ()))
    return ReportItem(is_core=given.pop("core", False), choices=choices, **given)
