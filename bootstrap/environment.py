"""The virtual environment, installed from the hash-locked requirements file and from nothing else."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bootstrap.commands import Step, run
from bootstrap.places import CHECKOUT, PYTHON, VAR, VENV
from bootstrap.problems import SetupProblem

# A first set-up writes about 1.2 GB (packages, their download, browser assets, an empty database).
NEEDED_MB = 1500


def ensure(*, dev: bool) -> None:
    """Bring `.venv` to the lock file: `requirements-dev.txt` with tools for tests and checks, else `requirements.txt`.

    A development environment also serves `make run`, so it is never taken apart again.
    """
    runtime, development = CHECKOUT / "requirements.txt", CHECKOUT / "requirements-dev.txt"
    wanted = {_digest(development)} if dev else {_digest(runtime), _digest(development)}
    stamp = VENV / "requirements.sha256"
    if PYTHON.exists() and stamp.is_file() and stamp.read_text().strip() in wanted:
        return
    _check_room()
    lock = development if dev else runtime
    _make_environment()
    with Step(f"installing the packages of {lock.name}"):
        _install(lock)
    stamp.write_text(_digest(lock) + "\n")


def _digest(lock: Path) -> str:
    """The lock file and the Python it was installed for: a change of either calls for an installation."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def _check_room() -> None:
    VAR.mkdir(exist_ok=True)
    free = shutil.disk_usage(VAR).free // 1_000_000
    if free < NEEDED_MB:
        raise SetupProblem(
            f"The disk that holds {CHECKOUT} has {free} MB free; the first set-up needs about {NEEDED_MB} MB.",
            f"ディスクの空きが {free} MB しかありません。初回の準備には約 {NEEDED_MB} MB 必要です。",
        )


def _make_environment() -> None:
    if PYTHON.exists() and _runs(PYTHON):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    with Step("making the virtual environment .venv"):
        # Debian without python3-venv has no ensurepip, hence --without-pip; pip then installs from outside.
        run(
            [sys.executable, "-m", "venv", "--without-pip", VENV],
            what="Making the virtual environment",
            hint="Python needs its module venv.",
        )


def _runs(python: Path) -> bool:
    """Whether the environment's Python still starts: the system's may have been replaced under it."""
    return os.system(f"'{python}' -c '' >/dev/null 2>&1") == 0  # noqa: S605 - our own path


def _install(lock: Path) -> None:
    pip = [sys.executable, "-m", "pip"]
    run(
        [*pip, "--version"],
        what="Looking for pip",
        hint="Install it (Debian: apt install python3-pip) and run the same command again.",
    )
    with tempfile.TemporaryDirectory(prefix="zaitaku-pip-") as cache:
        options = ["--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:"]
        # Python compiles what it imports, when it imports it; all of scipy and matplotlib would cost half a minute.
        options += ["--no-compile", "--root-user-action", "ignore"]
        run(
            [*pip, "--python", PYTHON, "install", *options, "--require-hashes", "--requirement", lock],
            what=f"Installing the packages of {lock.name}",
            hint="Check that this machine reaches a Python package index, then run the same command again.",
            environment=_cache_that_may_be_written(cache),
        )


def _cache_that_may_be_written(spare: str) -> dict[str, str]:
    """pip's own cache, or a passing one where the home folder is missing or not ours."""
    home = Path.home()
    return {} if os.access(home, os.W_OK) else {"HOME": spare, "PIP_CACHE_DIR": spare}
