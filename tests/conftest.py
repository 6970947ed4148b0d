"""Fixtures every test may use: the official files beside the checkout, and a network that ends at this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, settings

from bootstrap.places import CHECKOUT
from tests.live import LiveSite
from zaitaku import embedded, supervisor
from zaitaku.processes import Child, wait_until

# How fast an example ran says something about the machine, which others may be using, and nothing about the code.
settings.register_profile("zaitaku", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
# `HYPOTHESIS_PROFILE=explore make test` looks for new examples; `make test` gives the same answer for the same commit.
settings.register_profile("explore", settings.get_profile("zaitaku"), derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "zaitaku"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real official files; tests on them are skipped, and say so, where it is absent."""
    folder = Path(os.environ.get("ZAITAKU_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("conformance test on real official files: ../shared/data is absent")
    return folder


def _is_on_this_machine(address: object) -> bool:
    """Unix sockets and loopback addresses; anything else would make the suite depend on the network."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _network_ends_at_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave the machine, so that no test can lean on another host."""
    really_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if not _is_on_this_machine(address):
            raise AssertionError(f"A test tried to reach {address!r}; tests must stay on this machine.")
        really_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session", autouse=True)
def _folder_of_static_files() -> None:
    """WhiteNoise warns where it is missing; tests that need the files in it collect them (see `live_site`)."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The whole site with reference data, demo accounts and first indicators, on servers of its own."""
    kept = os.environ.get("ZAITAKU_TEST_SITE")  # a developer's folder: the second run skips the first start
    site = LiveSite(Path(kept) if kept else tmp_path_factory.mktemp("live-site") / "state")
    try:
        site.start()
        yield site
    finally:
        site.stop()
        if not kept:
            embedded.remove(site.state)


@pytest.fixture(scope="session")
def celery_worker_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Child]:
    """A real Celery worker on the test database; use it with `transactional_db`, so that it sees what a test writes.

    A test may kill it (`os.killpg(worker.pid, SIGKILL)`) and `start()` it again; it is started again for the next test
    by whoever needs it, through `running_worker`.
    """
    from django.conf import settings

    state = tmp_path_factory.mktemp("worker")
    environment = {"DATABASE_URL": _test_database_url(), "REDIS_URL": settings.REDIS_URL, "ZAITAKU_STATE": str(state)}
    child = supervisor.worker(state, environment)
    child.start()
    try:
        _wait_for_worker(child)
        yield child
    finally:
        child.stop(patience=5)


@pytest.fixture
def running_worker(celery_worker_process: Child, transactional_db: None) -> Child:
    """The real worker, alive whatever the test before did to it, beside a database that commits."""
    if not celery_worker_process.is_alive:
        celery_worker_process.wait_or_kill(patience=0)
        celery_worker_process.start()
        _wait_for_worker(celery_worker_process)
    return celery_worker_process


def _test_database_url() -> str:
    from django.db import connection

    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{quote(at['PASSWORD'])}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def _wait_for_worker(child: Child) -> None:
    from zaitaku.celery import app

    def answers() -> bool:
        assert child.is_alive, child.last_words()
        return bool(app.control.ping(timeout=0.5))

    assert wait_until(answers, seconds=120), child.last_words()  # on a busy machine its imports take long
