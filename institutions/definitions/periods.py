"""Plan periods: home care in the plans of the prefectures is revised every three years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FIRST, LENGTH = 2024, 3


@dataclass(frozen=True, slots=True)
class PlanPeriod:
    """Three fiscal years, named by the first."""

    start: int

    @property
    def end(self) -> int:
        """The last fiscal year."""
        return self.start + LENGTH - 1

    @property
    def label(self) -> str:
        """`令和9〜11年度（2027〜2029年度）`."""
        return f"令和{self.start - 2018}〜{self.end - 2018}年度（{self.start}〜{self.end}年度）"


def plan_periods(*, today: dt.date) -> tuple[PlanPeriod, ...]:
    """The periods a prefecture may work on: from the first known to the one after next."""
    running = current_period(today=today).start
    return tuple(PlanPeriod(start) for start in range(FIRST, running + 2 * LENGTH + 1, LENGTH))


def current_period(*, today: dt.date) -> PlanPeriod:
    """The period that runs on a day; fiscal years begin in April."""
    fiscal_year = today.year - (today.month < 4)
    return PlanPeriod(FIRST + max(0, (fiscal_year - FIRST) // LENGTH) * LENGTH)


def working_period(*, today: dt.date) -> PlanPeriod:
    """The period being planned: the next one during the last year and a half of the running one, else the running."""
    running = current_period(today=today)
    return PlanPeriod(running.start + LENGTH) if today >= dt.date(running.end, 4, 1) else running
