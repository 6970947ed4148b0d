"""What jobs there are: each kind of long work is a function registered under its name in an app's `tasks` module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class JobCancelled(Exception):
    """Somebody asked to stop. Raised by `Progress` at the next report, so that work stops between two steps."""


class Progress(Protocol):
    """How work tells how far it is; raises `JobCancelled` when it should stop."""

    def __call__(self, done: int, total: int, message: str) -> None:
        """`done` of `total` steps are finished; `message` says in Japanese what comes next."""


Work = Callable[[Mapping[str, Any], Progress], Mapping[str, Any]]
_KINDS: dict[str, Work] = {}


def job_kind(name: str) -> Callable[[Work], Work]:
    """Register work: it takes the job's parameters and a `Progress`, and returns the job's result (both JSON).

    Work may run again after a killed worker, so it must store its result the same however often it runs.
    """

    def register(work: Work) -> Work:
        if _KINDS.get(name, work).__qualname__ != work.__qualname__:
            raise ValueError(f"job kind {name!r} is registered twice")
        _KINDS[name] = work
        return work

    return register


def find_work(name: str) -> Work:
    """The work registered under `name`. Raises LookupError."""
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"ジョブの種類「{name}」がありません。") from None
