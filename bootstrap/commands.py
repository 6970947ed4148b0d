"""Running another program and keeping the last words of one that failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap.problems import FULL_DISK, SetupProblem, disk_is_full


def say(line: str) -> None:
    """One line of progress, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Step:
    """A line of progress that ends with the seconds the step took."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.started = time.monotonic()

    def __enter__(self) -> Step:
        say(f"· {self.what} …")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            say(f"  done in {time.monotonic() - self.started:.1f} s")


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    hint: str = "",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Standard output of a command; a failure becomes one sentence with the last line the command said."""
    done = subprocess.run(  # noqa: S603 - the commands are this project's own
        [str(part) for part in command],
        env={**os.environ, **(environment or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    said = f"{done.stdout}\n{done.stderr}"
    if FULL_DISK in said:
        raise disk_is_full(folder or Path.cwd())
    raise SetupProblem(
        f"{what} failed ({last_words(said)}). {hint}".rstrip(), f"準備の途中で失敗しました：{what}。{hint}".rstrip()
    )


def last_words(said: str) -> str:
    """The line of an output that most likely says what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "fatal", "npm error", "e:"))]
    return (telling or lines or ["it said nothing"])[-1][:300]
