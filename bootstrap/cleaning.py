"""`make clean`: the project folder as it was cloned."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from bootstrap.commands import say
from bootstrap.places import CHECKOUT, VAR, VENV
from bootstrap.problems import SetupProblem

CACHES = (".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "artifacts")


def clean() -> None:
    """Remove environment, assets, caches and the embedded database; refuses while the site runs."""
    _refuse_while_running()
    note = VAR / "servers.path"
    elsewhere = [Path(note.read_text().strip())] if note.is_file() else []
    for folder in [*elsewhere, VAR, VENV, *(CHECKOUT / name for name in CACHES)]:
        if folder.exists():
            say(f"· removing {folder}")
            shutil.rmtree(folder)


def _refuse_while_running() -> None:
    lock = VAR / "supervisor.lock"
    if not lock.is_file():
        return
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupProblem(
                "Zaitaku is running from this folder: stop it before `make clean`.",
                "Zaitaku が動いています。終了してから実行してください。",
            ) from error
