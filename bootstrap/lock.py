"""`make lock`: write the requirements files from pyproject.toml, with hashes and without the address of any index."""

from __future__ import annotations

from bootstrap.commands import Step, run
from bootstrap.places import CHECKOUT, PYTHON
from bootstrap.problems import told_in_one_sentence

LOCKS = {"requirements.txt": [], "requirements-dev.txt": ["--group", "dev"]}
OPTIONS = [
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
]


def main() -> None:
    """Compile both files; versions already chosen stay unless pyproject.toml asks for another."""
    for name, extra in LOCKS.items():
        with Step(f"resolving {name}"):
            run(
                [
                    PYTHON,
                    "-m",
                    "uv",
                    "pip",
                    "compile",
                    "pyproject.toml",
                    *extra,
                    *OPTIONS,
                    "--quiet",
                    "--output-file",
                    name,
                ],
                what=f"Resolving {name}",
                folder=CHECKOUT,
            )


if __name__ == "__main__":
    with told_in_one_sentence():
        main()
