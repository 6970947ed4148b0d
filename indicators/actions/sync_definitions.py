"""Definitions → index rows in the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from indicators.definitions.registry import all_definitions, digest
from indicators.definitions.schema import Definition
from indicators.models import DefinitionChange, Indicator


@transaction.atomic
def sync_definitions(definitions: Iterable[Definition] | None = None) -> dict[str, int]:
    """Bring `Indicator` up to the definitions. Returns how many were new, changed and unchanged.

    The version never goes back and rises with every change of content, so that an old value always names the definition
    it was computed with, even where the author of a file forgot to raise its version.
    """
    known = dict(Indicator.objects.values_list("code", "digest"))
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    new = []
    for definition in all_definitions() if definitions is None else definitions:
        if definition.code not in known:
            new.append(definition)
        elif known[definition.code] == digest(definition):
            counts["unchanged"] += 1
        else:
            counts["changed"] += 1
            _change(definition)
    _add(new)
    return {**counts, "new": len(new)}


def _add(definitions: Sequence[Definition]) -> None:
    """Bring in what the index does not know; whoever does the same at the same time brings in the same."""
    _note([(definition, definition.version) for definition in definitions])
    Indicator.objects.bulk_create(
        (Indicator(code=one.code, version=one.version, **_content(one)) for one in definitions), ignore_conflicts=True
    )


def _change(definition: Definition) -> None:
    """Only what changed is locked, so that syncing does not wait for a computation that runs."""
    indicator = Indicator.objects.select_for_update().get(code=definition.code)
    if indicator.digest == digest(definition) or (definition.owner and indicator.version >= definition.version):
        return  # somebody else was first, or saved a newer version since this one was read
    version = max(definition.version, indicator.version + 1)
    _note([(definition, version)])
    Indicator.objects.filter(pk=indicator.pk).update(version=version, **_content(definition))


def _content(definition: Definition) -> dict[str, Any]:
    return {
        "digest": digest(definition),
        "name": definition.name,
        "name_kana": definition.kana,
        "definition": definition.model_dump(mode="json"),
    }


def _note(versions: Iterable[tuple[Definition, int]]) -> None:
    """The lines of the history; a prefecture's own are noted when they are saved."""
    DefinitionChange.objects.bulk_create(
        (
            DefinitionChange(code=one.code, version=version, definition=one.model_dump(mode="json"))
            for one, version in versions
            if not one.owner
        ),
        ignore_conflicts=True,
    )
