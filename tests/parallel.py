"""Several pytest processes side by side, each with a broker database and a state folder of its own.

Loaded by `-p tests.parallel` before Django reads its settings. Tests on the live site stay together in one process,
which begins with them, since they take longest and the site is started once; all others stay together by module, for
the sake of what a module loads once.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from urllib.parse import urlsplit, urlunsplit

import pytest

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


@pytest.hookimpl(wrapper=True)  # so that it comes before xdist looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Give each test its group (read by xdist's `loadgroup`), and put those on the site first."""
    for item in items:
        group = SITE if _uses_site(item) else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not _uses_site(item))
    return (yield)


def _uses_site(item: pytest.Item) -> bool:
    return "live_site" in getattr(item, "fixturenames", ())
