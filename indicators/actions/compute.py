"""Computing indicators: read once, compute each, replace its values in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection, transaction
from django.utils import timezone

from indicators.actions.protect import ProtectionRun, protect_items
from indicators.actions.sync_definitions import sync_definitions
from indicators.actions.write_values import make_rows, write_rows
from indicators.definitions.registry import all_definitions, get_definition
from indicators.definitions.schema import Definition, Lifecycle
from indicators.formulas.indicator import Inputs, YearOfIndicator, compute_year
from indicators.formulas.structure import Structure
from indicators.models import Indicator, IndicatorYear
from indicators.queries.digests import depends_on, input_digest, read_item_digests
from indicators.queries.inputs import read_inputs
from indicators.queries.structure import read_structure

Report = Callable[[int, int, str], None]


def no_report(_done: int, _total: int, _message: str) -> None:
    """For callers that do not follow the progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """What was done: codes computed and codes that needed nothing, and how many rows were written.

    `refused`: codes whose counts of people could not be protected, with the reason; their previous values stay.
    """

    computed: tuple[str, ...]
    unchanged: tuple[str, ...]
    rows: int
    refused: Mapping[str, str] = field(default_factory=dict)


def compute_indicators(
    codes: Sequence[str] = (), *, if_needed: bool = False, report: Report = no_report
) -> Computation:
    """Compute the indicators (all active ones if none is named) for every region. Raises `UnknownIndicator`."""
    sync_definitions()
    return compute_definitions(_chosen(codes), if_needed=if_needed, report=report)


def compute_definitions(
    definitions: Sequence[Definition], *, if_needed: bool = False, report: Report = no_report
) -> Computation:
    """Compute indicators that are in the index (`sync_definitions`) and replace their values.

    Each indicator is replaced in a transaction of its own: one that fails, or a computation that is cancelled by an
    exception from `report`, leaves the previous values of the rest in place. Counts of people are protected first; an
    indicator of counts whose publication is refused keeps its previous values.
    """
    structure = read_structure()
    digests = _digests(definitions, structure)
    needed = _outdated(definitions, digests) if if_needed else definitions
    report(0, len(needed), "資料を読んでいます")
    protection = protect_items({item for definition in needed for item in definition.items}, structure)
    refused = _refused(needed, protection)
    needed = [definition for definition in needed if definition.code not in refused]
    inputs = replace(read_inputs(needed, structure), hidden=protection.hidden)
    rows = 0
    for done, definition in enumerate(needed):
        report(done, len(needed), f"{definition.name}を計算しています")
        rows += _replace(definition, inputs, digest=digests[definition.code])
    report(len(needed), len(needed), f"{len(needed)}指標、{rows:,}件を計算しました")
    computed = tuple(definition.code for definition in needed)
    unchanged = tuple(
        definition.code
        for definition in definitions
        if definition.code not in computed and definition.code not in refused
    )
    return Computation(computed=computed, unchanged=unchanged, rows=rows, refused=refused)


def find_outdated(codes: Sequence[str] = ()) -> tuple[str, ...]:
    """The indicators (of those named, or of all active ones) whose definition, data or regions changed since."""
    definitions = _chosen(codes)
    return tuple(definition.code for definition in _outdated(definitions, _digests(definitions, read_structure())))


def _refused(definitions: Collection[Definition], protection: ProtectionRun) -> dict[str, str]:
    """The indicators that must not be computed, with the reason: some count behind them cannot be protected."""
    reasons = {
        definition.code: [protection.refused[item] for item in definition.items if item in protection.refused]
        for definition in definitions
    }
    return {code: found[0] for code, found in reasons.items() if found}


def _outdated(definitions: Collection[Definition], digests: Mapping[str, str]) -> list[Definition]:
    stored = dict(Indicator.objects.values_list("code", "input_digest"))
    return [definition for definition in definitions if stored.get(definition.code) != digests[definition.code]]


def _chosen(codes: Sequence[str]) -> list[Definition]:
    if codes:
        return [get_definition(code) for code in dict.fromkeys(codes)]
    return [definition for definition in all_definitions() if definition.lifecycle is Lifecycle.ACTIVE]


def _digests(definitions: Collection[Definition], structure: Structure) -> Mapping[str, str]:
    items = read_item_digests({item for definition in definitions for item in depends_on(definition)})
    return {
        definition.code: input_digest(definition, items=items, structure=structure.digest) for definition in definitions
    }


@transaction.atomic
def _replace(definition: Definition, inputs: Inputs, *, digest: str) -> int:
    """Replace all values of one indicator. Two computations of the same indicator wait for each other."""
    indicator = Indicator.objects.select_for_update().get(code=definition.code)
    years = [compute_year(definition, year, inputs) for year in inputs.years(definition)]
    with connection.cursor() as cursor:
        # A crash may lose the last commits, whole: the digest is lost with its values, and they are computed again.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute("DELETE FROM indicators_indicatorvalue WHERE indicator_id = %s", [indicator.pk])
    regions = inputs.structure.ids
    rows = write_rows(
        [make_rows(year, indicator=indicator.pk, version=indicator.version, regions=regions) for year in years]
    )
    _replace_years(indicator, years)
    indicator.input_digest, indicator.computed_at = digest, timezone.now()
    indicator.save(update_fields=["input_digest", "computed_at"])
    return rows


def _replace_years(indicator: Indicator, years: Sequence[YearOfIndicator]) -> None:
    indicator.years.exclude(year__in=[result.year for result in years]).delete()
    IndicatorYear.objects.bulk_create(
        [
            IndicatorYear(
                indicator=indicator, year=result.year, denominator_note=result.note, source_ids=list(result.sources)
            )
            for result in years
        ],
        update_conflicts=True,
        unique_fields=["indicator", "year"],
        update_fields=["denominator_note", "source_ids"],
    )
