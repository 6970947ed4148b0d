"""`python -m tests [pytest arguments]`: pytest against a PostgreSQL and a Valkey of its own, gone afterwards.

DATABASE_URL and REDIS_URL, if set, are used instead; pytest-django makes its own database there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from bootstrap.commands import Step
from bootstrap.places import CHECKOUT
from bootstrap.problems import told_in_one_sentence
from zaitaku.embedded import scratch_servers

# Each process has its core; threads of the linear algebra would only take turns on the others'.
SINGLE_THREADED = {"OPENBLAS_NUM_THREADS": "1"}
# More would wait for one another: the live site's servers and its browser take their share too.
MOST_PROCESSES = 4


def _side_by_side(arguments: list[str]) -> list[str]:
    """A process for each core (tests/parallel.py), unless the person has chosen their number."""
    if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments):
        return []
    return ["-n", str(min(MOST_PROCESSES, os.cpu_count() or 1)), "--dist", "loadscope", "--no-loadscope-reorder"]


def _leave(number: int, _frame: FrameType | None) -> None:
    """Unwind, so that the servers are stopped."""
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Exit status of pytest."""
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix="zaitaku-tests-") as folder:
        state = Path(folder, "state")
        with Step("starting PostgreSQL and Valkey for the tests"):
            servers = scratch_servers(state)
            services = servers.__enter__()
        try:
            return subprocess.call(
                [sys.executable, "-m", "pytest", *_side_by_side(arguments), *arguments],
                cwd=CHECKOUT,
                env={**SINGLE_THREADED, **os.environ, **services.environment(), "ZAITAKU_STATE": str(state)},
            )
        except KeyboardInterrupt:
            return 130
        finally:
            servers.__exit__(None, None, None)


if __name__ == "__main__":
    with told_in_one_sentence():
        raise SystemExit(main(sys.argv[1:]))
