"""Child processes that die with their parent, stop when asked, and leave their words in a log file.

Knows nothing of Django: the supervisor, the tests and the benchmarks use it before settings exist.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def die_with_parent(with_signal: signal.Signals) -> None:
    """Ask Linux to send this process `with_signal` when its parent is gone, even by `kill -9`; elsewhere nothing."""
    if sys.platform == "linux":
        _LIBC.prctl(PR_SET_PDEATHSIG, with_signal)


def dying_with(parent: int, with_signal: signal.Signals) -> Callable[[], None]:
    """What a new process does first (`preexec_fn`) so that it never outlives `parent`."""

    def prepare() -> None:
        die_with_parent(with_signal)
        if os.getppid() != parent:  # gone before we could ask
            os._exit(1)

    return prepare


@dataclass
class Child:
    """One program in a session of its own, so that Ctrl-C reaches the parent alone and the parent decides the order.

    `user` (a numeric id, for root only) runs it without privileges from `/`. `polite` is the signal that stops it
    cleanly, `orphaned` the one it gets if the parent is killed.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: int | None = None
    folder: Path | None = None
    stdin: bytes | None = None
    polite: signal.Signals = signal.SIGTERM
    orphaned: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; its output goes to the end of the log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # S603/PLW1509: our own commands; the parent has no threads when it forks.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [str(part) for part in self.command],
                stdin=subprocess.PIPE if self.stdin is not None else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd="/" if self.user is not None else self.folder,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
                preexec_fn=dying_with(os.getpid(), self.orphaned),
            )
        if self.process.stdin is not None:
            self.process.stdin.write(self.stdin or b"")
            self.process.stdin.close()

    @property
    def is_alive(self) -> bool:
        """Whether the program still runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        """Process id of the running program."""
        if self.process is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self.process.pid

    def stop(self, *, patience: float = 10.0) -> None:
        """Ask, wait up to `patience` seconds, then kill it and whatever it started."""
        self.ask_to_stop()
        self.wait_or_kill(patience=patience)

    def ask_to_stop(self) -> None:
        """Send the polite signal and return at once."""
        if self.is_alive:
            os.kill(self.pid, self.polite)

    def wait_or_kill(self, *, patience: float) -> None:
        """Wait for the end; past `patience` seconds kill. Grandchildren never survive."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=patience)
        self._kill_session()
        self.process.wait()

    def _kill_session(self) -> None:
        """The session's id is the child's, so this reaches what a dead child left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def last_words(self, *, lines: int = 12) -> str:
        """The end of the log, for a message about a failed start."""
        if not self.log.is_file():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A TCP port on the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Ask `ready` until it says yes; False once `seconds` have passed."""
    end = time.monotonic() + seconds
    while True:
        if ready():
            return True
        if time.monotonic() >= end:
            return False
        time.sleep(every)
