"""Definitions → index rows in the database."""

from __future__ import annotations

from collections.abc import Iterable

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
    for definition in all_definitions() if definitions is None else definitions:
        if known.get(definition.code) == digest(definition):
            counts["unchanged"] += 1
        else:
            counts["changed" if definition.code in known else "new"] += 1
            _store(definition)
    return counts


def _store(definition: Definition) -> None:
    """Only what changed is locked, so that syncing does not wait for a computation that runs."""
    indicator = Indicator.objects.select_for_update().filter(code=definition.code).first()
    if indicator is not None and definition.owner and indicator.version >= definition.version:
        return  # somebody saved a newer version since this one was read
    version = definition.version if indicator is None else max(definition.version, indicator.version + 1)
    content = definition.model_dump(mode="json")
    if not definition.owner:  # a prefecture's own are noted when they are saved
        DefinitionChange.objects.create(code=definition.code, version=version, definition=content)
    Indicator.objects.update_or_create(
        code=definition.code,
        defaults={
            "version": version,
            "digest": digest(definition),
            "name": definition.name,
            "name_kana": definition.kana,
            "definition": content,
        },
    )
