"""What each `make` target needs to be set up, and which program then takes over."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bootstrap import assets, environment, ports
from bootstrap.cleaning import clean
from bootstrap.commands import say
from bootstrap.places import ASSETS, CHECKOUT, PYTHON, TEST_ASSETS, VAR
from bootstrap.problems import SetupProblem

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Target:
    """One command: the arguments of the Python that takes over, and whether it needs the tools for tests."""

    arguments: tuple[str, ...]
    dev: bool = False
    browser: bool = False


TARGETS = {
    "setup": Target(("-c", "print('Zaitaku: the project folder is set up.')")),
    "run": Target(("-m", "zaitaku.supervisor", "run")),
    "manage": Target(("-m", "zaitaku.supervisor", "manage")),
    "test": Target(("-m", "tests"), dev=True, browser=True),
    "check": Target(("-m", "bootstrap.checks"), dev=True),
    "format": Target(("-m", "bootstrap.formatting"), dev=True),
    "bench": Target(("-m", "benchmarks"), dev=True, browser=True),
    "lock": Target(("-m", "bootstrap.lock"), dev=True),
}


def main(arguments: list[str]) -> None:
    """Set up what the target needs and become its program."""
    name, rest = (arguments or ["setup"])[0], arguments[1:]
    if name == "clean":
        clean()
        return
    if name not in TARGETS:
        raise SetupProblem(
            f"There is no command {name!r}: choose one of {', '.join([*TARGETS, 'clean'])}.",
            f"{name} というコマンドはありません。",
        )
    target = TARGETS[name]
    os.chdir(CHECKOUT)
    if name == "run":
        ports.require_free_port()
    with _one_at_a_time():
        environment.ensure(dev=target.dev)
        assets.fetch("pages", ASSETS / "vendor")
        if target.browser:
            assets.fetch("tests", TEST_ASSETS)
    _stop_when_make_is_killed()
    sys.stdout.flush()
    # S606: no shell is wanted, the arguments are ours.
    os.execv(PYTHON, [str(PYTHON), *target.arguments, *rest])  # noqa: S606


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started together set the folder up one after the other."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("· waiting for another command that sets up this folder …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stop_when_make_is_killed() -> None:
    """Linux ends us with SIGTERM if `make` dies without telling; the wish survives `exec`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
