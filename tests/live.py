"""The site as an official meets it, for tests: its own servers, the same web server, worker and clock as `make run`."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.places import CHECKOUT
from zaitaku import supervisor
from zaitaku.embedded import scratch_servers
from zaitaku.processes import Child, free_port


@dataclass(frozen=True)
class LiveSite:
    """A running site: where it is, its processes, and a way to run management commands on its database."""

    url: str
    environment: Mapping[str, str]
    web: Child
    worker: Child

    def manage(self, *arguments: str) -> str:
        """Output of a management command; a failure fails the test with what the command said."""
        return manage(*arguments, environment=self.environment)


def manage(*arguments: str, environment: Mapping[str, str]) -> str:
    """Output of `manage.py` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@contextlib.contextmanager
def running_site(state: Path) -> Iterator[LiveSite]:
    """Prepare and serve the site with reference data and first indicators; everything is gone afterwards."""
    with scratch_servers(state, given={}) as services:
        environment = supervisor.site_environment(state, services)
        manage("prepare", environment=environment)
        port = free_port()
        web = supervisor.web(state, environment, host="127.0.0.1", port=port)
        worker, beat = supervisor.worker(state, environment), supervisor.beat(state, environment)
        site = [web, worker, beat]
        try:
            for child in site:
                child.start()
            manage("compute_indicators", "--if-needed", environment=environment)
            supervisor.wait_for_first_page(web, host="127.0.0.1", port=port)
            yield LiveSite(f"http://127.0.0.1:{port}", environment, web, worker)
        finally:
            for child in site:
                child.stop(patience=5)
