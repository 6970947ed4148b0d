"""The web port: read from the environment and found free before any long work starts."""

from __future__ import annotations

import os
import socket
import time

from bootstrap.problems import SetupProblem


def host() -> str:
    """The address to serve on; BIND=0.0.0.0 opens the site to other machines (see ZAITAKU_HOSTS)."""
    return os.environ.get("BIND") or "127.0.0.1"


def port() -> int:
    """PORT from the environment, 8000 without it."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise SetupProblem(
            f"PORT={given!r} is no port number: use one from 1 to 65535.", f"PORT={given} はポート番号ではありません。"
        )
    return int(given)


def require_free_port(*, patience: float = 4.0) -> None:
    """Refuse a port that another program holds; one that is just being let go of is waited for."""
    wanted, end = port(), time.monotonic() + patience
    while not _is_free(wanted):
        if time.monotonic() > end:
            raise SetupProblem(
                f"Port {wanted} is already in use by another program: stop it, or choose another, "
                f"for example PORT={_another(wanted)} make run",
                f"ポート {wanted} は別のプログラムが使用中です。終了するか、PORT で別の番号を指定してください。",
            )
        time.sleep(0.2)


def _another(wanted: int) -> int:
    return wanted + 1 if wanted < 65535 else 8000


def _is_free(wanted: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host(), wanted))
        except PermissionError as error:
            raise SetupProblem(
                f"This user may not open port {wanted}: choose one above 1023 with PORT.",
                f"このユーザーはポート {wanted} を開けません。1024 以上を指定してください。",
            ) from error
        except OSError:
            return False
    return True
