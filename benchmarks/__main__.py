"""`make bench [name …]`: run every benchmark on servers of its own and print the ratios with their targets.

A benchmark is a module `bench_*.py` with a `main()`. It prints a line per ratio, `what: … = 1.23 (target ≤ 2.0)`; both
sides of a ratio are measured in one run, so that the figures can be compared between machines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.full_data import KEPT
from bootstrap.places import CHECKOUT
from bootstrap.problems import told_in_one_sentence
from zaitaku.embedded import scratch_servers

FOLDER = Path(__file__).parent
LINE = re.compile(r"^(?P<what>[^:]+):.*?(?P<measured>[\d.,]+) ?\w* \(target (?P<sign>[≤≥]) (?P<target>[\d.,]+)[^)]*\)")


@dataclass(frozen=True)
class Ratio:
    """One measured figure beside what it should be."""

    what: str
    measured: float
    sign: str
    target: float

    @property
    def is_met(self) -> bool:
        """Whether the figure is on the right side of its target."""
        return self.measured <= self.target if self.sign == "≤" else self.measured >= self.target


def read_ratios(output: str) -> list[Ratio]:
    """The measured lines among everything a benchmark said."""
    matches = [match for line in output.splitlines() if (match := LINE.match(line))]
    return [
        Ratio(match["what"], _number(match["measured"]), match["sign"], _number(match["target"])) for match in matches
    ]


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _run(name: str, environment: dict[str, str]) -> tuple[str, int]:
    print(f"· {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}"],
        cwd=CHECKOUT,
        env={**os.environ, KEPT: "zaitaku_bench_kept", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print("".join(f"  {line}\n" for line in done.stdout.splitlines()), end="", flush=True)
    return done.stdout, done.returncode


def main(wanted: list[str]) -> int:
    """0 if every benchmark ran to its end; a target that is not met is reported, not a failure."""
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    names = [name for name in names if not wanted or any(part in name for part in wanted)]
    ratios: list[Ratio] = []
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="zaitaku-bench-") as folder:
        state = Path(folder, "state")
        with scratch_servers(state) as services:
            for name in names:
                output, status = _run(name, {**services.environment(), "ZAITAKU_STATE": str(state)})
                ratios += read_ratios(output)
                broken += [name] if status else []
    _print_table(ratios)
    for name in broken:
        print(f"{name} did not run to its end")
    return 1 if broken else 0


def _print_table(ratios: list[Ratio]) -> None:
    width = max((len(ratio.what) for ratio in ratios), default=4)
    print(f"\n{'what':<{width}}  measured   target   verdict")
    for ratio in ratios:
        verdict = "met" if ratio.is_met else "NOT MET"
        print(f"{ratio.what:<{width}}  {ratio.measured:>8g}  {ratio.sign} {ratio.target:<6g} {verdict}")


if __name__ == "__main__":
    with told_in_one_sentence():
        raise SystemExit(main(sys.argv[1:]))
