"""Years as officials write them: 西暦 and 和暦, calendar and fiscal."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

_ERA_NAMES = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}
_YEAR_BEFORE = {"R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867}
_YEAR = re.compile(r"(令和|平成|昭和|大正|明治|[RHSTM])\.?\s*(元|\d{1,2})|(\d{4})", re.IGNORECASE)
_DATE = re.compile(
    r"(?P<year>(?:令和|平成|昭和|大正|明治|[RHSTM])\.?\s*(?:元|\d{1,2})|\d{4})\s*[年./-]"
    r"\s*(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})",
    re.IGNORECASE,
)


def parse_year(text: str) -> int | None:
    """The 西暦 of the first year in `令和9年度`, `Ｒ９`, `H29`, `令和元`, `2027`; None if there is none."""
    match = _YEAR.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    era, number, western = match.groups()
    if western:
        return int(western)
    return _YEAR_BEFORE[_ERA_NAMES.get(era, era.upper())] + (1 if number == "元" else int(number))


def parse_date(text: str) -> dt.date | None:
    """The first date in `令和 6年10月 1日`, `令和元年12月 1日`, `2025-10-01`; None without one that exists."""
    match = _DATE.search(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    year = parse_year(match["year"])
    if year is None:
        return None
    try:
        return dt.date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def fiscal_year(day: dt.date) -> int:
    """The 年度 (April to March) a day lies in."""
    return day.year if day.month >= 4 else day.year - 1


def format_fiscal_year(year: int) -> str:
    """`令和9年度(2027年度)`."""
    era, start = ("令和", 2018) if year >= 2019 else ("平成", 1988)
    number = year - start
    return f"{era}{'元' if number == 1 else number}年度({year}年度)"
