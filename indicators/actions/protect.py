"""Disclosure control of counts of people: hidden, attacked and recorded before any indicator may use them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from indicators.definitions.disclosure import DisclosureRules, disclosure_rules
from indicators.formulas.figures import Gap
from indicators.formulas.protection import Counts, ProtectedCounts, protect_counts
from indicators.formulas.resolve import resolve
from indicators.formulas.structure import Structure
from indicators.models import Item, Protection, Publication
from indicators.queries.protection import FamilyYear, get_stored_flags, read_families
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
    run = _Run(structure, applied)
    for family in read_families(items, structure, rules=applied):
        run.publish(family)
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
    def publish(self, counts: FamilyYear) -> None:
        """Protect one family in one year; two runs of the same wait for each other."""
        _wait_for_others(counts)
        if stored := get_stored_flags([counts], self.structure):
            self.unchanged += 1
            self.hidden |= stored
            return
        try:
            protected = self._protect(counts)
        except (Unprotectable, PublicationRefused, InconsistentTable) as refusal:
            self._refuse(counts, reason=str(refusal))
        else:
            self.made += 1
            self.hidden |= {(item, counts.year): flags for item, flags in protected.flags.items()}
            _store(counts, protected, regions=self.structure.ids)

    def _protect(self, counts: FamilyYear) -> ProtectedCounts:
        columns = counts.columns
        return protect_counts(
            [Counts(item, c.figures, resolve(c.figures, self.structure)) for item, c in columns.items()],
            self.structure,
            population=counts.population,
            tiers=[tier.as_tier() for tier in self.rules.tiers],
            general=self.rules.general.as_tier(),
            complements=self.rules.protects_complements and next(iter(columns)) == counts.family,
            names=self._region_names(),
        )

    def _refuse(self, counts: FamilyYear, *, reason: str) -> None:
        text = f"{counts.family}（{counts.year}年度）：{reason}"
        Publication.objects.get_or_create(
            family=counts.family,
            year=counts.year,
            digest=counts.digest,
            result=Publication.Result.REFUSED,
            defaults={"problem": text},
        )
        self.refused |= dict.fromkeys(counts.columns, text)

    def _region_names(self) -> list[str]:
        if not self._names:
            known = dict(Region.objects.values_list("pk", "name"))
            self._names.extend(known.get(int(region), str(region)) for region in self.structure.ids)
        return self._names


def _store(counts: FamilyYear, protected: ProtectedCounts, *, regions: NDArray[np.int64]) -> Publication:
    """The new current publication with its hidden cells."""
    Publication.objects.filter(family=counts.family, year=counts.year, is_current=True).update(is_current=False)
    publication = Publication.objects.create(
        family=counts.family,
        year=counts.year,
        digest=counts.digest,
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


def _wait_for_others(counts: FamilyYear) -> None:
    with connection.cursor() as cursor:
        key = zlib.crc32(f"{counts.family}/{counts.year}".encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, key])
