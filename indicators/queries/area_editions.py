"""Which editions of areas there are, by what dated rules they are mapped to each other, and where that was applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Max

from regions.definitions.reading import Change, OtherEdition, PastRegion, read_definitions, read_other_editions
from regions.models import AreaMembership, AreaScheme, Region
from zaitaku.sources.models import ImportRun, SourceFile

_KEPT_SECONDS = 3600
_GONE = "廃止された行政区（浜松市の旧区）"
# Figures that stand under an area, or under a ward that has gone, by source.
_APPLIED = """
SELECT source_id, region_id, count(*) FROM (
  SELECT source_id, region_id FROM indicators_observation
  UNION ALL SELECT source_id, region_id FROM regions_population
) figure
JOIN (SELECT id FROM regions_region WHERE kind = 'area' OR valid_to IS NOT NULL) mapped ON mapped.id = region_id
GROUP BY source_id, region_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One scheme of areas as stored."""

    key: str
    name: str
    areas: int
    effective_from: dt.date
    effective_to: dt.date | None
    to_be_confirmed: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """An area of one edition that is several areas of the edition before, or shares units with several."""

    edition: str
    prefecture: str
    code: str
    name: str
    before: str
    parts: tuple[str, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What one source was mapped to, and what its import said."""

    source_id: int
    source: str
    known_on: dt.date
    mapped: tuple[tuple[str, int, int], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEditions:
    """The whole page."""

    editions: tuple[Edition, ...]
    others: tuple[OtherEdition, ...]
    mergers: tuple[Merger, ...]
    changes: tuple[Change, ...]
    past: tuple[PastRegion, ...]
    block: tuple[str, tuple[str, ...]] | None
    applications: tuple[Application, ...]


def get_area_editions() -> AreaEditions:
    """Editions, rules and log."""
    definitions = read_definitions()
    schemes = AreaScheme.objects.annotate(number=Count("areas")).order_by("effective_from", "key")
    return AreaEditions(
        editions=tuple(
            Edition(
                key=scheme.key,
                name=scheme.name,
                areas=scheme.number,
                effective_from=scheme.effective_from,
                effective_to=scheme.effective_to,
                to_be_confirmed=scheme.to_be_confirmed,
                note=scheme.note,
            )
            for scheme in schemes
        ),
        others=read_other_editions(),
        mergers=tuple(_mergers([scheme for scheme in schemes if scheme.kind != AreaScheme.Kind.CUSTOM])),
        changes=definitions.changes,
        past=definitions.past_regions,
        block=_block(),
        applications=_applications(),
    )


def _mergers(schemes: list[AreaScheme]) -> Iterable[Merger]:
    """What differs from each edition to the next: areas that are not the same units."""
    for before, after in pairwise(schemes):
        units_before, units_after = _units(before), _units(after)
        of_unit = {unit: area for area, units in units_before.items() for unit in units}
        for (code, name, prefecture), units in sorted(units_after.items()):
            parts = sorted({of_unit[unit] for unit in units if unit in of_unit})
            if len(parts) == 1 and units_before[parts[0]] == units:
                continue
            yield Merger(
                edition=after.name,
                prefecture=prefecture,
                code=code,
                name=name,
                before=before.name,
                parts=tuple(f"{part[0]} {part[1]}" for part in parts),
                is_exact=set().union(*(units_before[part] for part in parts)) == units,
            )


def _units(scheme: AreaScheme) -> dict[tuple[str, str, str], set[int]]:
    """The units of each area by its code, name and prefecture."""
    units: dict[tuple[str, str, str], set[int]] = {}
    rows = AreaMembership.objects.filter(scheme=scheme)
    for code, name, prefecture, unit in rows.values_list("area__code", "area__name", "area__parent__name", "unit_id"):
        units.setdefault((code, name, prefecture), set()).add(unit)
    return units


def _block() -> tuple[str, tuple[str, ...]] | None:
    """福島県浜通り地域 and its municipalities."""
    rows = AreaMembership.objects.filter(scheme__key="hamadori").order_by("unit__code")
    found = list(rows.values_list("area__name", "unit__name"))
    return (found[0][0], tuple(unit for _, unit in found)) if found else None


def _applications() -> tuple[Application, ...]:
    """Kept until a source comes or goes: it looks through every figure there is."""
    state = SourceFile.objects.aggregate(newest=Max("pk"), number=Count("pk"), withdrawn=Max("withdrawn_at"))
    key = f"area-applications:{connection.settings_dict['NAME']}:{state}".replace(" ", "")
    found: tuple[Application, ...] | None = cache.get(key)
    if found is None:
        found = tuple(_read_applications())
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _read_applications() -> Iterable[Application]:
    mapped = _mapped()
    runs = ImportRun.objects.filter(source__in=mapped, status=ImportRun.Status.APPLIED).order_by("started_at")
    notes: dict[int, list[str]] = {}
    for source_id, counts, problems in runs.values_list("source_id", "counts", "problems"):
        said = [f"{name} {number:,}" for name, number in counts.items()]
        said += [str(problem.get("reason", "")) for problem in problems[:20] if isinstance(problem, dict)]
        notes.setdefault(source_id or 0, []).extend(said)
    sources = SourceFile.objects.filter(pk__in=mapped, withdrawn_at=None).order_by("kind", "key")
    for source in sources:
        yield Application(
            source_id=source.pk,
            source=str(source),
            known_on=source.retrieved_on,
            mapped=tuple((name, regions, figures) for name, (regions, figures) in sorted(mapped[source.pk].items())),
            notes=tuple(notes.get(source.pk, ())),
        )


def _mapped() -> dict[int, dict[str, tuple[int, int]]]:
    """Regions and figures of each source by the edition they stand in."""
    names = dict(Region.objects.filter(kind=Region.Kind.AREA).values_list("id", "scheme__name"))
    mapped: dict[int, dict[str, tuple[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_APPLIED)
        for source, region, figures in cursor.fetchall():
            name = names.get(region) or _GONE
            of_source = mapped.setdefault(source, {})
            regions, so_far = of_source.get(name, (0, 0))
            of_source[name] = (regions + 1, so_far + figures)
    return mapped
