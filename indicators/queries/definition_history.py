"""How the definition of an indicator came to be what it is: versions, what changed between them, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indicators.definition_differences import Difference, find_differences
from indicators.definitions import Definition
from indicators.models import DefinitionChange, IndicatorValue


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """A version or a step. `by` is empty where the program brought it, or where names are not shown."""

    version: int
    kind: str
    label: str
    at: dt.datetime
    by: str
    is_first: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionHistory:
    """The newest first. `computed_with`: the versions that stored values name."""

    definition: Definition
    entries: tuple[HistoryEntry, ...]
    computed_with: tuple[int, ...]


def get_definition_history(definition: Definition, *, with_names: bool) -> DefinitionHistory:
    """Every change of one indicator. `with_names`: whether the reader may know which official made it."""
    changes = DefinitionChange.objects.filter(code=definition.code).select_related("by").order_by("at", "pk")
    entries: list[HistoryEntry] = []
    said: dict[str, object] | None = None
    for change in changes:
        differences = find_differences(said, change.definition) if said and change.definition else ()
        entries.append(
            HistoryEntry(
                version=change.version,
                kind=change.kind,
                label=change.get_kind_display(),
                at=change.at,
                by=str(change.by) if with_names and change.by else "",
                is_first=said is None,
                differences=differences,
            )
        )
        said = change.definition or said
    versions = (
        IndicatorValue.objects.filter(indicator__code=definition.code)
        .order_by("indicator_version")
        .values_list("indicator_version", flat=True)
        .distinct()
    )
    return DefinitionHistory(definition=definition, entries=tuple(reversed(entries)), computed_with=tuple(versions))
