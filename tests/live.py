"""The site as an official meets it, for tests: the very program behind `make run`, in a state folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.places import CHECKOUT
from zaitaku.processes import Child, free_port, wait_until

# A first start loads all reference data and computes the first indicators; on a busy machine that takes a while.
FIRST_START_SECONDS = 900.0


@dataclass
class LiveSite:
    """A running site, and the means to stop, kill and start it again with what it has kept."""

    state: Path
    port: int = field(default_factory=free_port)
    supervisor: Child = field(init=False)
    _demo_accounts: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self.supervisor = Child(
            name="supervisor",
            command=[sys.executable, "-m", "zaitaku.supervisor", "run"],
            log=self.state / "supervisor.log",
            # Empty addresses: embedded servers, whatever the tests themselves use.
            environment={
                "ZAITAKU_STATE": str(self.state),
                "PORT": str(self.port),
                "BIND": "",
                "DATABASE_URL": "",
                "REDIS_URL": "",
            },
            folder=CHECKOUT,
        )

    @property
    def url(self) -> str:
        """Address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What the person at the terminal has read since the last start."""
        return self.supervisor.log.read_text() if self.supervisor.log.is_file() else ""

    def start(self) -> None:
        """Start and wait until the site announces itself."""
        self.supervisor.log.unlink(missing_ok=True)
        self.supervisor.start()
        ready = f"Zaitaku is ready: {self.url}/"
        wait_until(
            lambda: ready in self.output or not self.supervisor.is_alive, seconds=FIRST_START_SECONDS, every=0.05
        )
        assert ready in self.output, self.output

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.supervisor.stop(patience=60)

    def kill(self) -> None:
        """As a power cut would: the supervisor has no chance to stop anything. Its children are left to themselves."""
        os.kill(self.supervisor.pid, signal.SIGKILL)
        assert self.supervisor.process is not None
        self.supervisor.process.wait()

    def services(self) -> dict[str, str]:
        """Addresses of its database and broker, as another terminal finds them."""
        found: dict[str, str] = json.loads((self.state / "services.json").read_text())
        return found

    def children(self) -> dict[int, str]:
        """Process id and command line of what the supervisor has started and still has."""
        pid = self.supervisor.pid
        pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return {int(child): command_line(int(child)) for child in pids}

    def demo_accounts(self) -> str:
        """Names and new passwords of the demo accounts as they are printed; made once for a run."""
        if not self._demo_accounts:
            self._demo_accounts = self.manage("create_demo_accounts", "--reset")
        return self._demo_accounts

    def manage(self, *arguments: str) -> str:
        """Output of a management command on the site's database; a failure fails the test with what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "ZAITAKU_STATE": str(self.state), **self.services()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout


def command_line(pid: int) -> str:
    """What the process was started with; empty once it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
