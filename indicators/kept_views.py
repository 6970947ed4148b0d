"""Finished views, kept until the values, the program or what the visitor may see change.

Reading a comparison and drawing it by Plotly takes some hundreds of milliseconds; sending it again takes one query.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from indicators.definitions.own import definitions_state
from indicators.definitions.registry import all_definitions
from indicators.pages import KEPT_SECONDS, release
from indicators.queries.unit_figures import get_values_version

_View = TypeVar("_View")


def kept(kind: str, address: str, make: Callable[[], _View]) -> _View:
    """What `make` gives, or gave before under the same kind and address. `address` names all that the view depends on
    besides values and definitions; a prefecture's own indicators are seen by some visitors only."""
    own = ",".join(one.code for one in all_definitions() if one.owner)
    parts = (release(), get_values_version(), definitions_state(), own, kind, address)
    key = "kept-view:" + hashlib.sha256("|".join(parts).encode()).hexdigest()
    found: _View | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT_SECONDS)
    return found
