"""Figures that may be absent for a reason: the arrays every formula takes and gives.

A figure is a number together with `Gap` flags. No flag but `PROVISIONAL` means that there is a number; any other flag
says why there is none, and then the number is NaN. Joining figures joins their flags, so that a suppressed or missing
part can never pass for zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.uint16]


class Status(IntEnum):
    """The values of `indicators.models.Status`, repeated because formulas know nothing of the database."""

    OBSERVED = 1
    PROVISIONAL = 2
    SUPPRESSED = 3
    MISSING = 4
    NOT_APPLICABLE = 5


class Reason(IntEnum):
    """The values of `indicators.models.IndicatorValue.Reason`, likewise."""

    NONE = 0
    NOT_IMPORTED = 1
    NO_SOURCE = 2
    NUMERATOR_SUPPRESSED = 3
    NO_DENOMINATOR = 4
    ZERO_DENOMINATOR = 5
    NOT_COVERED = 6
    NOT_PUBLISHED_AT_LEVEL = 7
    CONTRADICTORY = 8
    PUBLISHED_AS_MISSING = 9
    PUBLISHED_AS_NOT_APPLICABLE = 10
    SMALL_NUMBER = 11
    COULD_BE_WORKED_OUT = 12


class Gap(IntFlag):
    """Why a figure has no number; `PROVISIONAL` alone does not take it away. `ABSENT` is not yet explained.

    `SUPPRESSED`: hidden by its publisher; `SMALL` and `COMPLEMENTARY`: hidden here by disclosure control.
    """

    NONE = 0
    PROVISIONAL = 1
    SUPPRESSED = 2
    NOT_IMPORTED = 4
    NO_SOURCE = 8
    NOT_PUBLISHED = 16
    NOT_COVERED = 32
    CONTRADICTORY = 64
    MISSING = 128
    NO_DENOMINATOR = 256
    ZERO_DENOMINATOR = 512
    NOT_APPLICABLE = 1024
    ABSENT = 2048
    SMALL = 4096
    COMPLEMENTARY = 8192


HIDDEN = np.uint16(Gap.SUPPRESSED | Gap.SMALL | Gap.COMPLEMENTARY)
"""The flags of figures that exist and are not shown."""
# Worked out once: asking is most of what adding up small areas does.
_TAKES_NUMBER_AWAY = np.uint16(~Gap.PROVISIONAL & 0xFFFF)

# What is told when a figure lacks a number for several reasons: the first that holds. A hidden part comes first, since
# the other reasons could be mended and would then still not give a number.
_TOLD: tuple[tuple[Gap, Status, Reason], ...] = (
    (Gap.SUPPRESSED, Status.SUPPRESSED, Reason.NUMERATOR_SUPPRESSED),
    (Gap.SMALL, Status.SUPPRESSED, Reason.SMALL_NUMBER),
    (Gap.COMPLEMENTARY, Status.SUPPRESSED, Reason.COULD_BE_WORKED_OUT),
    (Gap.NOT_IMPORTED, Status.MISSING, Reason.NOT_IMPORTED),
    (Gap.NOT_PUBLISHED, Status.MISSING, Reason.NOT_PUBLISHED_AT_LEVEL),
    (Gap.NOT_COVERED, Status.MISSING, Reason.NOT_COVERED),
    (Gap.NO_SOURCE, Status.MISSING, Reason.NO_SOURCE),
    (Gap.ABSENT, Status.MISSING, Reason.NO_SOURCE),
    (Gap.CONTRADICTORY, Status.MISSING, Reason.CONTRADICTORY),
    (Gap.MISSING, Status.MISSING, Reason.PUBLISHED_AS_MISSING),
    (Gap.NO_DENOMINATOR, Status.MISSING, Reason.NO_DENOMINATOR),
    (Gap.ZERO_DENOMINATOR, Status.NOT_APPLICABLE, Reason.ZERO_DENOMINATOR),
    (Gap.NOT_APPLICABLE, Status.NOT_APPLICABLE, Reason.PUBLISHED_AS_NOT_APPLICABLE),
    (Gap.PROVISIONAL, Status.PROVISIONAL, Reason.NONE),
)
_GAP_OF_STATUS = {
    Status.OBSERVED: Gap.NONE,
    Status.PROVISIONAL: Gap.PROVISIONAL,
    Status.SUPPRESSED: Gap.SUPPRESSED,
    Status.MISSING: Gap.MISSING,
    Status.NOT_APPLICABLE: Gap.NOT_APPLICABLE,
}


def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8], Flags]:
    """Status and reason of every combination of flags, and the flag of every status: looked up, not worked out."""
    combinations = np.arange(2 * int(max(Gap)))
    status = np.full(combinations.shape, Status.OBSERVED, np.uint8)
    reason = np.zeros(combinations.shape, np.uint8)
    for gap, told_status, told_reason in reversed(_TOLD):
        has = (combinations & gap) != 0
        status[has], reason[has] = told_status, told_reason
    flags = np.zeros(len(_GAP_OF_STATUS) + 1, np.uint16)
    for known, gap in _GAP_OF_STATUS.items():
        flags[known] = gap
    return status, reason, flags


_STATUS_OF_FLAGS, _REASON_OF_FLAGS, _FLAGS_OF_STATUS = _tables()


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Numbers and the flags beside them, of one shape. The number is NaN wherever a flag says that there is none."""

    value: Floats
    flags: Flags

    @classmethod
    def absent(cls, shape: int | tuple[int, ...]) -> Self:
        """Figures nothing is known about yet."""
        return cls(np.full(shape, np.nan), np.full(shape, Gap.ABSENT, np.uint16))

    @classmethod
    def known(cls, value: ArrayLike) -> Self:
        """Plain numbers; NaN counts as absent."""
        numbers = np.asarray(value, np.float64)
        return cls(numbers, np.where(np.isnan(numbers), Gap.ABSENT, Gap.NONE).astype(np.uint16))

    @classmethod
    def published(cls, value: ArrayLike, status: ArrayLike, *, whole: bool = False) -> Self:
        """Figures as a source publishes them. A negative count contradicts itself and is not taken; nor is a part of a
        person or body, where the figures are `whole`."""
        flags = _FLAGS_OF_STATUS[np.asarray(status, np.int64)]
        numbers = np.asarray(value, np.float64)
        wrong = numbers < 0
        if whole:
            wrong |= (numbers != np.floor(numbers)) & ~np.isnan(numbers)
        flags = np.where(wrong, flags | np.uint16(Gap.CONTRADICTORY), flags)
        return cls(np.where(has_number(flags), numbers, np.nan), flags)

    @property
    def has_number(self) -> NDArray[np.bool_]:
        """Where there is a number."""
        return has_number(self.flags)

    @property
    def is_absent(self) -> NDArray[np.bool_]:
        """Where nothing is known yet."""
        return np.asarray((self.flags & np.uint16(Gap.ABSENT)) != 0)

    @property
    def status(self) -> NDArray[np.uint8]:
        """The `Status` of each figure."""
        return _STATUS_OF_FLAGS[self.flags]

    @property
    def reason(self) -> NDArray[np.uint8]:
        """The `Reason` of each figure that has no number, else 0."""
        return _REASON_OF_FLAGS[self.flags]

    def take(self, index: NDArray[np.intp]) -> Figures:
        """The figures at `index` along the last axis."""
        return Figures(self.value[..., index], self.flags[..., index])

    def where_absent(self, other: Figures) -> Figures:
        """These figures, completed by `other` where nothing is known yet."""
        absent = self.is_absent
        return Figures(np.where(absent, other.value, self.value), np.where(absent, other.flags, self.flags))


def has_number(flags: Flags) -> NDArray[np.bool_]:
    """Where flags leave a number."""
    return np.asarray((flags & _TAKES_NUMBER_AWAY) == 0)


def mask(figures: Figures, hidden: Flags) -> Figures:
    """Figures without those that `hidden` flags."""
    return Figures(np.where(hidden != 0, np.nan, figures.value), figures.flags | hidden)
