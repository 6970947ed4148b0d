"""A reason why set-up cannot go on, told in one sentence instead of a traceback."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FULL_DISK = "No space left on device"


class SetupProblem(Exception):
    """One clear sentence for the person at the terminal, and a Japanese line for the official beside them."""

    def __init__(self, english: str, japanese: str) -> None:
        super().__init__(english)
        self.english = english
        self.japanese = japanese


def disk_is_full(where: object) -> SetupProblem:
    """The sentence for a full disk, wherever it was noticed."""
    return SetupProblem(
        f"The disk that holds {where} is full: free some space and run the same command again.",
        f"ディスク（{where}）に空きがありません。空きを作ってから、同じコマンドをもう一度実行してください。",
    )


def _from_os_error(error: OSError) -> SetupProblem | None:
    where = error.filename or "the project folder"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_is_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return SetupProblem(
            f"Zaitaku may not write to {where}: run as the owner of the folder, or give this user the right to write.",
            f"{where} に書き込めません。フォルダーの所有者で実行するか、書き込み権限を付けてください。",
        )
    return None


@contextmanager
def told_in_one_sentence() -> Iterator[None]:
    """Turn a known problem into its sentence and exit status 1; anything unknown stays a traceback."""
    try:
        yield
    except SetupProblem as problem:
        _tell(problem)
    except OSError as error:
        known = _from_os_error(error)
        if known is None:
            raise
        _tell(known)


def _tell(problem: SetupProblem) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"Zaitaku: {problem.english}\n         {problem.japanese}\n")
    raise SystemExit(1)
