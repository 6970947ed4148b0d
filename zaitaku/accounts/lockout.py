"""When too many failures stop further attempts, and until when. Pure: times in, a time out."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many failures within so long stop further attempts until the first of them is that long ago."""

    failures: int
    within: dt.timedelta

    def stops_until(self, failures: Iterable[dt.datetime], *, now: dt.datetime) -> dt.datetime | None:
        """The end of the stop that these failures, in any order, cause; None if they cause none."""
        latest = sorted((at for at in failures if at > now - self.within), reverse=True)
        return latest[self.failures - 1] + self.within if len(latest) >= self.failures else None


# One name from one network; one name from anywhere, so that many machines gain nothing; one network with any names (an
# office has one address, so this one is wide); the second step, where the password is known already; and its day, since
# six digits are few.
NAME_AND_NETWORK = Limit(failures=5, within=dt.timedelta(minutes=15))
NAME = Limit(failures=20, within=dt.timedelta(hours=1))
NETWORK = Limit(failures=50, within=dt.timedelta(minutes=15))
FACTOR = Limit(failures=5, within=dt.timedelta(minutes=15))
FACTOR_OF_A_DAY = Limit(failures=25, within=dt.timedelta(days=1))
LONGEST = max(limit.within for limit in (NAME_AND_NETWORK, NAME, NETWORK))


@dataclass(frozen=True, slots=True)
class Lock:
    """A stop: what is stopped in words, and until when."""

    what: str
    until: dt.datetime

    def minutes(self, now: dt.datetime) -> int:
        """Minutes to wait, at least one."""
        return max(1, math.ceil((self.until - now).total_seconds() / 60))
