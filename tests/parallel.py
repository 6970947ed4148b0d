"""Several pytest processes side by side, each with a broker database and a state folder of its own.

Loaded by `-p tests.parallel` before Django reads its settings. Tests on the live site stay together in one process,
which begins with them, since they take longest and the site is started once; all others stay together by module, for
the sake of what a module loads once.
"""

from __future__ import annotations

import os
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import pytest
from xdist.scheduler import LoadScopeScheduling

from bootstrap.places import CHECKOUT

SITE = "site"


def _number() -> int | None:
    """Which of the processes this is, from 0; None where there is one only."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(worker.removeprefix("gw")) if worker else None


def _live_apart(number: int) -> None:
    """PostgreSQL needs nothing here: pytest-django makes a database for each process."""
    address = urlsplit(os.environ["REDIS_URL"])
    first = int(address.path.strip("/") or 0)
    os.environ["REDIS_URL"] = urlunsplit(address._replace(path=f"/{first + 1 + number}"))
    os.environ["ZAITAKU_STATE"] = os.path.join(os.environ["ZAITAKU_STATE"], f"process-{number}")  # noqa: PTH118


if (_this := _number()) is not None:
    _live_apart(_this)


class _SiteInOnePlace(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """What goes to one process as a whole: all tests on the site, else a module."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return SITE if _uses_site(path) else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    """Ours for `--dist loadscope`, the parting that `python -m tests` asks for."""
    return _SiteInOnePlace(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on the site come first: they take longest."""
    items.sort(key=lambda item: not _uses_site(item.nodeid.partition("::")[0]))


@cache
def _uses_site(path: str) -> bool:
    return path.startswith("tests/browser/") or "live_site" in (CHECKOUT / path).read_text(encoding="utf-8")
