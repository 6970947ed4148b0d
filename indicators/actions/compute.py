"""Computing indicators: which of them and which years, from what is read once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indicators.actions.replace_values import Plan, Report, replace_values
from indicators.actions.sync_definitions import sync_definitions
from indicators.definitions.own import definition_scope, everybody
from indicators.definitions.registry import all_definitions, get_definition, with_components
from indicators.definitions.schema import Definition, Lifecycle
from indicators.formulas.structure import Structure
from indicators.models import Indicator, IndicatorYear
from indicators.queries.complete import read_complete_inputs
from indicators.queries.digests import depends_on, input_digest, read_changes, year_digests
from indicators.queries.structure import read_structure

if TYPE_CHECKING:
    from indicators.actions.protect import ProtectionRun


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


@definition_scope(everybody, newest=True)
def compute_indicators(
    codes: Sequence[str] = (), *, if_needed: bool = False, report: Report = no_report
) -> Computation:
    """Compute the indicators (all active ones if none is named) for every region. Raises `UnknownIndicator`."""
    sync_definitions()
    return compute_definitions(_chosen(codes), if_needed=if_needed, report=report)


@definition_scope(everybody, newest=True)
def compute_definitions(
    definitions: Sequence[Definition], *, if_needed: bool = False, report: Report = no_report
) -> Computation:
    """Compute indicators that are in the index (`sync_definitions`) and replace their values.

    With `if_needed` only the years whose figures changed since. An indicator is replaced as a whole or not at all: one
    that fails, or a computation that is cancelled by an exception from `report`, leaves the previous values of the rest
    in place. Counts of people are protected first; an indicator of counts whose publication is refused keeps its
    previous values.
    """
    from indicators.actions.protect import protect_items  # brings an optimiser along, which web pages never need

    structure = read_structure()
    plans = _plans(definitions, structure)
    needed = _outdated(plans) if if_needed else plans
    report(0, len(needed), "資料を読んでいます")
    everything = with_components(plan.definition for plan in needed)
    protection = protect_items({item for definition in everything for item in definition.items}, structure)
    refused = _refused([plan.definition for plan in needed], protection)
    needed = [plan for plan in needed if plan.definition.code not in refused]
    inputs = read_complete_inputs([plan.definition for plan in needed], structure, years=_years(needed))
    rows = replace_values(needed, inputs, report=report)
    report(len(needed), len(needed), f"{len(needed)}指標、{rows:,}件を計算しました")
    computed = tuple(plan.definition.code for plan in needed)
    unchanged = tuple(
        definition.code
        for definition in definitions
        if definition.code not in computed and definition.code not in refused
    )
    return Computation(computed=computed, unchanged=unchanged, rows=rows, refused=refused)


@definition_scope(everybody, newest=True)
def find_outdated(codes: Sequence[str] = ()) -> tuple[str, ...]:
    """The indicators (of those named, or of all active ones) whose definition, data or regions changed since."""
    return tuple(plan.definition.code for plan in _outdated(_plans(_chosen(codes), read_structure())))


def _refused(definitions: Collection[Definition], protection: ProtectionRun) -> dict[str, str]:
    """The indicators that must not be computed, with the reason: some count behind them cannot be protected."""
    reasons = {
        definition.code: [
            protection.refused[item]
            for part in with_components([definition])
            for item in part.items
            if item in protection.refused
        ]
        for definition in definitions
    }
    return {code: found[0] for code, found in reasons.items() if found}


def _outdated(plans: Collection[Plan]) -> list[Plan]:
    """The plans whose digest is not the stored one, cut down to the years that differ."""
    stored = dict(Indicator.objects.values_list("code", "input_digest"))
    outdated = [plan for plan in plans if stored.get(plan.definition.code) != plan.digest]
    years: dict[str, dict[int, str]] = {plan.definition.code: {} for plan in outdated}
    found = IndicatorYear.objects.filter(indicator__code__in=years)
    for code, year, digest in found.values_list("indicator__code", "year", "input_digest"):
        years[code][year] = digest
    return [plan.only_what_differs_from(years[plan.definition.code]) for plan in outdated]


def _years(plans: Collection[Plan]) -> set[int] | None:
    """The years that some plan needs; None for all."""
    if any(plan.changed is None for plan in plans):
        return None
    return {year for plan in plans for year in plan.changed or ()}


def _chosen(codes: Sequence[str]) -> list[Definition]:
    if codes:
        return [get_definition(code) for code in dict.fromkeys(codes)]
    return [definition for definition in all_definitions() if definition.lifecycle is Lifecycle.ACTIVE]


def _plans(definitions: Collection[Definition], structure: Structure) -> list[Plan]:
    """Every definition with the state of what it is computed from. Read before the figures are: a change in between is
    computed, and computed once more by the next run."""
    changes = read_changes({item for definition in definitions for item in depends_on(definition)})
    return [
        Plan(
            definition=definition,
            digest=input_digest(definition, changes=changes, structure=structure.digest),
            years=year_digests(definition, changes=changes, structure=structure.digest),
        )
        for definition in definitions
    ]
