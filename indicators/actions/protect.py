"""Disclosure control of counts of people: hidden, attacked and recorded before any indicator may use them."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from indicators.definitions.disclosure import DisclosureRules, disclosure_rules, family_of
from indicators.formulas.figures import Floats, Gap
from indicators.formulas.indicator import Inputs
from indicators.formulas.protection import Counts, ProtectedCounts, protect_counts
from indicators.formulas.resolve import Column, resolve
from indicators.formulas.structure import Structure
from indicators.models import Item, Protection, Publication
from indicators.queries.inputs import read_observations, read_population
from indicators.queries.protection import get_hidden_flags
from regions.models import Region
from zaitaku.lib.disclosure.attack import PublicationRefused
from zaitaku.lib.disclosure.protection import Unprotectable
from zaitaku.lib.disclosure.tables import InconsistentTable

_LOCK_SPACE = 0x50524F54  # "PROT": our half of the two-part key of an advisory lock
_STATES = ((Gap.SMALL, Protection.State.PRIMARY), (Gap.COMPLEMENTARY, Protection.State.SECONDARY))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionRun:
    """What is hidden of each item and year, and which items may not be published, with the reason."""

    hidden: Mapping[tuple[str, int], NDArray[np.uint16]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    made: int = 0
    unchanged: int = 0


def protect_items(
    items: Collection[str], structure: Structure, *, rules: DisclosureRules | None = None
) -> ProtectionRun:
    """Protect every count of people among `items`, together with the items of its family, in all years.

    What has not changed since its current publication is not worked out again. A family that cannot be protected, or
    whose audit finds a cell, is refused: the refusal is recorded and its current publication stays.
    """
    applied = rules or disclosure_rules()
    families = sorted({family_of(item) for item in items if applied.apply_to(item)})
    if not families:
        return ProtectionRun()
    observed = read_observations({item for family in families for item in family}, structure)
    newest = max((year for _item, year in observed), default=0)
    population = read_population({"population.total"}, structure, up_to=newest + 5)
    inputs = Inputs(structure, observed, population)
    run = _Run(structure, applied)
    for family in families:
        for year in sorted({year for item, year in observed if item in family}):
            columns = [(item, observed[item, year]) for item in family if (item, year) in observed]
            people, _note, _sources = inputs.denominator("population.total", year)
            run.publish(family[0], year, columns, people.value)
    return run.result()


@dataclass(slots=True)
class _Run:
    """One pass over all families and years."""

    structure: Structure
    rules: DisclosureRules
    hidden: dict[tuple[str, int], NDArray[np.uint16]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    made: int = 0
    unchanged: int = 0
    _names: list[str] = field(default_factory=list)

    def result(self) -> ProtectionRun:
        return ProtectionRun(hidden=self.hidden, refused=self.refused, made=self.made, unchanged=self.unchanged)

    @transaction.atomic
    def publish(self, family: str, year: int, columns: Sequence[tuple[str, Column]], population: Floats) -> None:
        """Protect one family in one year; two runs of the same wait for each other."""
        _wait_for_others(family, year)
        digest = _digest(columns, population, structure=self.structure, rules=self.rules)
        current = Publication.objects.filter(family=family, year=year, is_current=True).first()
        if current is not None and current.digest == digest:
            self.unchanged += 1
            self._take_over(current, [item for item, _column in columns])
            return
        try:
            protected = self._protect(family, columns, population)
        except (Unprotectable, PublicationRefused, InconsistentTable) as refusal:
            self._refuse(family, year, digest, items=[item for item, _column in columns], reason=str(refusal))
        else:
            self.made += 1
            self.hidden |= {(item, year): flags for item, flags in protected.flags.items()}
            _store(family, year, digest, protected, regions=self.structure.ids)

    def _protect(self, family: str, columns: Sequence[tuple[str, Column]], population: Floats) -> ProtectedCounts:
        counts = [Counts(item, column.figures, resolve(column.figures, self.structure)) for item, column in columns]
        return protect_counts(
            counts,
            self.structure,
            population=population,
            tiers=[tier.as_tier() for tier in self.rules.tiers],
            general=self.rules.general.as_tier(),
            complements=self.rules.protects_complements and counts[0].item == family,
            names=self._region_names(),
        )

    def _take_over(self, current: Publication, items: Iterable[str]) -> None:
        flags = get_hidden_flags(current.pk, structure=self.structure)
        nothing = np.zeros(len(self.structure), np.uint16)
        self.hidden |= {(item, current.year): flags.get(item, nothing) for item in items}

    def _refuse(self, family: str, year: int, digest: str, *, items: Iterable[str], reason: str) -> None:
        text = f"{family}（{year}年度）：{reason}"
        Publication.objects.get_or_create(
            family=family, year=year, digest=digest, result=Publication.Result.REFUSED, defaults={"problem": text}
        )
        self.refused |= dict.fromkeys(items, text)

    def _region_names(self) -> list[str]:
        if not self._names:
            known = dict(Region.objects.values_list("pk", "name"))
            self._names.extend(known.get(int(region), str(region)) for region in self.structure.ids)
        return self._names


def _store(
    family: str, year: int, digest: str, protected: ProtectedCounts, *, regions: NDArray[np.int64]
) -> Publication:
    """The new current publication with its hidden cells."""
    Publication.objects.filter(family=family, year=year, is_current=True).update(is_current=False)
    publication = Publication.objects.create(
        family=family,
        year=year,
        digest=digest,
        result=Publication.Result.PASSED,
        is_current=True,
        cells=protected.cells,
        primary=protected.count(Gap.SMALL),
        secondary=protected.count(Gap.COMPLEMENTARY),
        programmes=protected.protected.programmes + protected.audit.programmes,
    )
    items = dict(Item.objects.filter(code__in=protected.flags).values_list("code", "pk"))
    Protection.objects.bulk_create(
        Protection(publication=publication, item_id=items[item], region_id=int(regions[row]), state=state)
        for item, flags in protected.flags.items()
        for gap, state in _STATES
        for row in np.flatnonzero(flags == gap)
    )
    return publication


def _digest(
    columns: Sequence[tuple[str, Column]], population: Floats, *, structure: Structure, rules: DisclosureRules
) -> str:
    """What a publication depends on: every figure, the regions, the people in them and the rules."""
    found = hashlib.sha256(f"{rules.digest}{structure.digest}".encode())
    found.update(population.tobytes())
    for item, column in columns:
        found.update(item.encode() + column.figures.value.tobytes() + column.figures.flags.tobytes())
    return found.hexdigest()


def _wait_for_others(family: str, year: int) -> None:
    with connection.cursor() as cursor:
        key = zlib.crc32(f"{family}/{year}".encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, key])
