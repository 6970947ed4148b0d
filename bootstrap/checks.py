"""`make check`: everything that can be known without running the product; every check runs, then the verdict."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bootstrap.commands import say
from bootstrap.places import CHECKOUT, PYTHON
from bootstrap.templates import templates

PACKAGES = ("bootstrap", "zaitaku", "regions", "institutions", "indicators", "intake", "plans", "tests", "benchmarks")
# Values that production requires; nothing is reached and nothing is kept.
PRODUCTION = {
    "ZAITAKU_ENV": "production",
    "ZAITAKU_HOSTS": "zaitaku.example.jp",
    "ZAITAKU_SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgresql://check@127.0.0.1:1/check",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
COMPOSE = dict.fromkeys(("ZAITAKU_HOSTS", "ZAITAKU_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"), "check")


@dataclass(frozen=True)
class Check:
    """A name for the verdict, the command, and what it needs in the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def _checks() -> Iterator[Check]:
    program = PYTHON.parent
    manage = [str(PYTHON), "manage.py"]
    yield Check("ruff", [f"{program}/ruff", "check", "."])
    yield Check("ruff format", [f"{program}/ruff", "format", "--check", "--quiet", "."])
    yield Check("layers", [f"{program}/lint-imports", "--no-logo"])
    yield Check("djade", [f"{program}/djade", "--check", "--target-version", "5.2", *templates()])
    yield Check("djlint", [f"{program}/djlint", "--lint", "--quiet", *templates()])
    yield Check("system checks", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION)
    # Whether models and migrations agree needs no database, but Django warns that it could not look at one.
    yield Check(
        "migrations", [*manage, "makemigrations", "--check", "--dry-run"], {**PRODUCTION, "PYTHONWARNINGS": "ignore"}
    )
    yield Check("mypy", [f"{program}/mypy", *PACKAGES])
    if not _has_compose():
        say("· docker compose: not on this machine, so docker-compose.yml is not checked")
    else:
        yield Check("docker compose", ["docker", "compose", "config", "--quiet"], COMPOSE)


def _has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0  # noqa: S607


def _passes(check: Check) -> bool:
    started = time.monotonic()
    say(f"· {check.name} …")
    status = subprocess.run(  # noqa: S603
        check.command, cwd=CHECKOUT, env={**os.environ, **check.environment}, stdin=subprocess.DEVNULL, check=False
    ).returncode
    say(f"  {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s")
    return status == 0


def main() -> int:
    """0 if every check passed."""
    failed = [check.name for check in _checks() if not _passes(check)]
    say(f"make check: FAILED: {', '.join(failed)}" if failed else "make check: all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
