"""`make format`: code by ruff, templates by djade."""

from __future__ import annotations

import subprocess

from bootstrap.places import CHECKOUT, PYTHON
from bootstrap.templates import templates


def main() -> int:
    """0 unless something is wrong that no formatting mends."""
    program = PYTHON.parent
    subprocess.run([program / "djade", "--target-version", "5.2", *templates()], cwd=CHECKOUT, check=False)  # noqa: S603
    subprocess.run([program / "ruff", "format", "."], cwd=CHECKOUT, check=False)  # noqa: S603
    return subprocess.run([program / "ruff", "check", "--fix", "."], cwd=CHECKOUT, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main())
