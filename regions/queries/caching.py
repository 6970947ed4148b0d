"""Remembering what hardly ever changes (lists of regions and areas) until the next write.

Results are kept in the process, under a version that lives in the shared cache: a write in any process gives a new
version once it is committed, so no process shows what another has replaced. Inside a transaction nothing is
remembered, because a transaction may see rows that are never committed.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import connection, transaction

VERSION = "regions-version"
"""Key in the shared cache."""
_MOST = 256
_P = ParamSpec("_P")
_R = TypeVar("_R")
# A page asks dozens of times: within one request the first answer holds. None outside requests, "" before the first.
_of_this_request: ContextVar[str | None] = ContextVar("regions_version", default=None)


def _version() -> str:
    """The present version, shared by all processes."""
    known = _of_this_request.get()
    if known:
        return known
    version: str = cache.get_or_set(VERSION, lambda: uuid.uuid4().hex, timeout=None) or ""
    if known is not None:
        _of_this_request.set(version)
    return version


def _begin(**_signal: object) -> None:
    _of_this_request.set("")


def _end(**_signal: object) -> None:
    _of_this_request.set(None)


request_started.connect(_begin, dispatch_uid="regions-version")
request_finished.connect(_end, dispatch_uid="regions-version")


def forget_after_commit() -> None:
    """Let every process read anew once the present transaction is committed."""
    transaction.on_commit(_forget)


def _forget() -> None:
    cache.set(VERSION, uuid.uuid4().hex, timeout=None)
    if _of_this_request.get() is not None:
        _of_this_request.set("")


def remembered(query: Callable[_P, _R]) -> Callable[_P, _R]:
    """Keep the results of a query (hashable arguments, immutable result) until regions are written to again."""
    kept: dict[object, _R] = {}

    @functools.wraps(query)
    def ask(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if connection.in_atomic_block:
            return query(*args, **kwargs)
        key = (_version(), connection.settings_dict["NAME"], args, tuple(sorted(kwargs.items())))
        if key not in kept:
            if len(kept) >= _MOST or any(old[0] != key[0] for old in kept if isinstance(old, tuple)):
                kept.clear()
            kept[key] = query(*args, **kwargs)
        return kept[key]

    return ask
