"""What the database knows of definitions, as the registry serves it in every process."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import Q
from pydantic import ValidationError

from indicators.definitions.own import Outdated, StoredDefinitions
from indicators.definitions.registry import digest, official_definitions, official_digests
from indicators.definitions.schema import Definition, Lifecycle
from indicators.models import DefinitionChange, Indicator, OwnIndicator

_log = logging.getLogger(__name__)
_kept: dict[str, StoredDefinitions] = {}
_STATE = """
SELECT (SELECT md5(string_agg(code || ':' || digest, ',' ORDER BY code))
        FROM indicators_ownindicator WHERE state = 'published'),
       (SELECT md5(string_agg(concat_ws(':', code, version, digest, computed_version), ',' ORDER BY code))
        FROM indicators_indicator WHERE computed_version IS NOT NULL)
"""


def read_stored_definitions() -> StoredDefinitions:
    """Published own definitions, and what outdated values come from. Parsed once for each state of the tables: one
    small query asks which it is.

    The state is a hash over the contents, not a counter or a time: it cannot be the same for two different contents,
    whichever process changed them and in whatever order the changes were committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        state = "|".join(part or "" for part in cursor.fetchone() or ())
    found = _kept.get(state)
    if found is None:
        own = _read_own()
        found = StoredDefinitions(state=state, own=own, outdated=dict(_read_outdated(own)))
        _kept.clear()
        _kept[state] = found
    return found


def _read_own() -> dict[str, Definition]:
    rows = OwnIndicator.objects.filter(state=OwnIndicator.State.PUBLISHED).order_by("code")
    return {code: Definition.model_validate(said) for code, said in rows.values_list("code", "definition")}


def _read_outdated(own: Mapping[str, Definition]) -> Iterator[tuple[str, Outdated]]:
    """Every indicator whose values were computed with a definition that says something else than the newest."""
    newest = {one.code: one for one in official_definitions()} | dict(own)
    digests = official_digests() | {code: digest(one) for code, one in own.items()}
    differing = [
        row
        for row in Indicator.objects.filter(computed_version__isnull=False, code__in=newest).defer("definition")
        if row.computed_version != row.version or row.digest != digests[row.code]
    ]
    said = _read_versions(differing)
    for row in differing:
        version = row.computed_version or 0
        before = _parse(row.code, said.get((row.code, version)))
        if before is not None and digest(before) != digests[row.code]:
            after = newest[row.code]
            yield (
                row.code,
                Outdated(
                    definition=before.model_copy(update={"version": version}),
                    version=version,
                    newest=_number(row, after, is_in_index=row.digest == digests[row.code]),
                    has_data=after.lifecycle is Lifecycle.ACTIVE,
                ),
            )


def _read_versions(rows: Collection[Indicator]) -> dict[tuple[str, int], Any]:
    """What each version that values name said, by code and version (one query)."""
    if not rows:
        return {}
    wanted = Q(pk__in=())
    for row in rows:
        wanted |= Q(code=row.code, version=row.computed_version)
    found = DefinitionChange.objects.filter(wanted, kind=DefinitionChange.Kind.SAVED)
    return {(code, version): said for code, version, said in found.values_list("code", "version", "definition")}


def _parse(code: str, said: Any) -> Definition | None:
    """A version as it was saved; None if this program does not understand it any more."""
    try:
        return None if said is None else Definition.model_validate(said)
    except ValidationError:
        _log.warning("The definition that the values of %s come from cannot be read any more.", code)
        return None


def _number(row: Indicator, newest: Definition, *, is_in_index: bool) -> int:
    """The version that the newest definition has, or will have once `sync_definitions` brings it in."""
    return row.version if is_in_index else max(newest.version, row.version + 1)
