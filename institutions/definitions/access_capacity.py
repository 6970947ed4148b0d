"""What one institution counts for in アクセス: `access_capacity.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from institutions.definitions import FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From how many reported patients on an institution counts for how much."""

    patients: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityChoice:
    """A way to weigh institutions: a number by 受理記号; `is_assumption` where this project made the numbers up.

    `reported`: bands, the lowest first, for institutions with a confirmed 活動報告; empty where reports do not count.
    """

    key: str
    label: str
    note: str
    is_assumption: bool
    weights: Mapping[str, float]
    reported: tuple[Band, ...] = ()

    def counts_report(self, patients: int | None) -> bool:
        """Whether an institution that reported so many patients counts for its report."""
        return bool(self.reported) and patients is not None

    def weigh(self, symbol: str, *, patients: int | None) -> float:
        """What an institution of this grade counts for; `patients` as reported, None without a confirmed report."""
        if patients is None or not self.reported:
            return self.weights[symbol]
        return next(band.weight for band in reversed(self.reported) if patients >= band.patients)

    @property
    def bands(self) -> tuple[tuple[str, float], ...]:
        """The bands in words with their weights."""
        ends = [band.patients for band in self.reported[1:]]
        words = [_say(band.patients, end) for band, end in zip(self.reported, [*ends, None], strict=True)]
        return tuple((word, band.weight) for word, band in zip(words, self.reported, strict=True))


def _say(start: int, end: int | None) -> str:
    if end is None:
        return f"{start}人以上"
    return f"{start}人" if end == start + 1 else f"{start}〜{end - 1}人"


@cache
def capacity_choices() -> Mapping[str, CapacityChoice]:
    """The choices by key, in the order of the file; the first is the default."""
    with (FOLDER / "access_capacity.toml").open("rb") as file:
        rows = tomllib.load(file)["choices"]
    read = [
        CapacityChoice(**(row | {"reported": tuple(Band(**one) for one in row.get("reported", ()))})) for row in rows
    ]
    return {choice.key: choice for choice in read}
