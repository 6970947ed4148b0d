"""What the pages on the origin of the data show: frozen values that need no further query."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from zaitaku.lib.prefectures import Prefecture
from zaitaku.lib.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuery:
    """The filters of the list; empty means all. `newest` keeps only the newest edition of each kind and prefecture."""

    kind: str = ""
    prefecture: str = ""
    newest: bool = False

    def querystring(self) -> str:
        """The GET parameters that differ from the default."""
        given = {"kind": self.kind, "prefecture": self.prefecture, "newest": "1" if self.newest else ""}
        parameters = {name: value for name, value in given.items() if value}
        return f"?{urlencode(parameters)}" if parameters else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One edition of one official file as the list shows it.

    `taken` are the counts of its latest import; a file with `withdrawn_at` was taken back and counts nowhere.
    """

    id: int
    kind: str
    kind_label: str
    publisher: str
    title: str
    edition: str
    as_of: dt.date | None
    licence: str
    url: str
    filename: str
    sha256: str
    size: int
    retrieved_on: dt.date
    prefecture: Prefecture | None
    is_newest: bool
    is_old: bool
    withdrawn_at: dt.datetime | None
    taken: tuple[tuple[str, int], ...]
    imported_at: dt.datetime | None

    @property
    def has_web_address(self) -> bool:
        """Whether `url` can be a link (a file handed over by an office has none)."""
        return self.url.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One attempt to take the file in."""

    status: str
    status_label: str
    filename: str
    started_at: dt.datetime
    by: str
    counts: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDetail:
    """One source with all its import runs, newest first, and the other editions of the same kind and prefecture."""

    source: SourceRow
    sheets: tuple[str, ...]
    runs: tuple[RunRow, ...]
    others: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageCell:
    """The newest edition of one kind, or nothing: 未取込."""

    source_id: int | None = None
    as_of: dt.date | None = None
    editions: int = 0
    is_old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCoverage:
    """One kind of national publication and whether it is there."""

    kind: str
    label: str
    cell: CoverageCell


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureCoverage:
    """One prefecture and its own files, a cell for each of `Coverage.columns`."""

    prefecture: Prefecture
    cells: tuple[CoverageCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is loaded and what is not: national publications by kind, files of one prefecture by prefecture and kind."""

    national: tuple[KindCoverage, ...]
    columns: tuple[str, ...]
    prefectures: tuple[PrefectureCoverage, ...]

    @property
    def missing(self) -> tuple[Prefecture, ...]:
        """Prefectures without the first of the columns (届出受理医療機関名簿)."""
        return tuple(row.prefecture for row in self.prefectures if row.cells[0].source_id is None)
