"""What is loaded of each kind of file for each prefecture and year, what is missing, and what is old (鮮度・品質)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max

from indicators.definitions.marks import Mark, mark_rows
from indicators.models import Status
from zaitaku.lib.prefectures import PREFECTURES, Prefecture
from zaitaku.sources.freshness import FreshnessRule, freshness_rules, is_old
from zaitaku.sources.models import SourceFile

_KEPT_SECONDS = 3600
NATION = "00"
# Every stored figure by kind of file, year, prefecture and status; residents are always numbers.
_FIGURES = """
WITH place AS (
  SELECT r.id, CASE r.kind WHEN 'nation' THEN '00' WHEN 'area' THEN p.code ELSE left(r.code, 2) END AS prefecture
  FROM regions_region r LEFT JOIN regions_region p ON p.id = r.parent_id
), figure AS (
  SELECT source_id, year, region_id, status, count(*) AS number
  FROM indicators_observation GROUP BY source_id, year, region_id, status
  UNION ALL
  SELECT source_id, year, region_id, 1, count(*) FROM regions_population GROUP BY source_id, year, region_id
)
SELECT s.kind, figure.year, place.prefecture, figure.status, sum(figure.number)::bigint
FROM figure
JOIN sources_sourcefile s ON s.id = figure.source_id AND s.withdrawn_at IS NULL
JOIN place ON place.id = figure.region_id
GROUP BY s.kind, figure.year, place.prefecture, figure.status
"""
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCounts:
    """How many figures are there, and how many of them have no number, by reason."""

    observed: int = 0
    suppressed: int = 0
    missing: int = 0
    not_applicable: int = 0

    @property
    def total(self) -> int:
        return self.observed + self.suppressed + self.missing + self.not_applicable

    @property
    def gaps(self) -> tuple[tuple[str, int], ...]:
        """What has no number, with its name; what does not occur is left out."""
        named = (("秘匿", self.suppressed), ("データなし", self.missing), ("対象外", self.not_applicable))
        return tuple((name, number) for name, number in named if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindQuality:
    """One kind of file: its rule of freshness, its newest as-of date, and the figures it gave."""

    kind: str
    label: str
    rule: FreshnessRule
    files: int
    newest: dt.date | None
    is_old: bool
    years: tuple[int, ...]
    counts: StatusCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectureQuality:
    """One prefecture: a cell for each year of the matrix; None is 未取込."""

    prefecture: Prefecture
    newest: dt.date | None
    is_old: bool
    cells: tuple[StatusCounts | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """The page: all kinds, and the matrix of prefectures and years of the kind that is looked at."""

    kinds: tuple[KindQuality, ...]
    current: KindQuality
    prefectures: tuple[PrefectureQuality, ...]
    marks: tuple[Mark, ...]
    missing: tuple[Prefecture, ...] = field(default=())


def get_data_quality(kind: str, *, today: dt.date) -> DataQuality:
    """What there is, with the matrix of one kind. Raises `KeyError` for a kind that does not exist."""
    figures = _figures()
    days = _newest_days()
    kinds = tuple(_kind(one, figures, days, today=today) for one in SourceFile.Kind)
    current = {one.kind: one for one in kinds}[kind]
    rows = tuple(_prefecture(place, current, figures, days, today=today) for place in PREFECTURES)
    return DataQuality(
        kinds=kinds,
        current=current,
        prefectures=rows,
        marks=mark_rows(),
        missing=tuple(row.prefecture for row in rows if not any(row.cells)),
    )


def get_quality_rows(*, today: dt.date) -> tuple[tuple[KindQuality, tuple[PrefectureQuality, ...]], ...]:
    """The matrices of all kinds that have figures."""
    figures, days = _figures(), _newest_days()
    kinds = (_kind(one, figures, days, today=today) for one in SourceFile.Kind)
    return tuple(
        (kind, tuple(_prefecture(place, kind, figures, days, today=today) for place in PREFECTURES))
        for kind in kinds
        if kind.years
    )


_Figures = Mapping[tuple[str, int, str], Counts]


def _figures() -> _Figures:
    """Counts by kind, year and prefecture; kept until a source comes or goes, since all figures are looked through."""
    state = SourceFile.objects.aggregate(newest=Max("pk"), number=Count("pk"), withdrawn=Max("withdrawn_at"))
    parts = [str(state[name]).replace(" ", "T") for name in ("newest", "number", "withdrawn")]
    key = ":".join(["data-quality", str(connection.settings_dict["NAME"]), *parts])
    found: _Figures | None = cache.get(key)
    if found is None:
        counted: dict[tuple[str, int, str], dict[int, int]] = defaultdict(dict)
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES)
            for kind, year, prefecture, status, number in cursor.fetchall():
                counted[kind, year, prefecture][status] = number
        found = dict(counted)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _newest_days() -> dict[tuple[str, str], tuple[int, dt.date | None]]:
    """Files and newest as-of date by kind and prefecture (empty for files of the whole nation)."""
    rows = SourceFile.objects.filter(withdrawn_at=None).values_list("kind", "prefecture_code")
    return {(kind, code): (number, day) for kind, code, number, day in rows.annotate(n=Count("pk"), day=Max("as_of"))}


def _kind(
    kind: SourceFile.Kind, figures: _Figures, days: dict[tuple[str, str], tuple[int, dt.date | None]], *, today: dt.date
) -> KindQuality:
    known = [found for (name, _), found in days.items() if name == kind]
    newest = max((day for _, day in known if day), default=None)
    mine = {key: counts for key, counts in figures.items() if key[0] == kind}
    return KindQuality(
        kind=kind.value,
        label=str(kind.label),
        rule=freshness_rules()[kind.value],
        files=sum(number for number, _ in known),
        newest=newest,
        is_old=is_old(kind.value, newest, today=today),
        years=tuple(sorted({year for _, year, _ in mine})),
        counts=_counts(mine.values()),
    )


def _prefecture(
    place: Prefecture,
    kind: KindQuality,
    figures: _Figures,
    days: dict[tuple[str, str], tuple[int, dt.date | None]],
    *,
    today: dt.date,
) -> PrefectureQuality:
    cells = tuple(
        _counts([found]) if (found := figures.get((kind.kind, year, place.code))) else None for year in kind.years
    )
    day = days.get((kind.kind, place.code), (0, kind.newest if any(cells) else None))[1]
    return PrefectureQuality(prefecture=place, newest=day, is_old=is_old(kind.kind, day, today=today), cells=cells)


def _counts(groups: Iterable[Counts]) -> StatusCounts:
    total: dict[int, int] = defaultdict(int)
    for counts in groups:
        for status, number in counts.items():
            total[status] += number
    return StatusCounts(
        observed=total[Status.OBSERVED] + total[Status.PROVISIONAL],
        suppressed=total[Status.SUPPRESSED],
        missing=total[Status.MISSING],
        not_applicable=total[Status.NOT_APPLICABLE],
    )
