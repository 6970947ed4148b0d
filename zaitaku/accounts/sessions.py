"""How long a sign-in lasts: an hour without an action, half a day in any case."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

BEGAN = "signed_in_at"
SEEN = "seen_at"
# A write for every request would cost more than many a page.
SEEN_EVERY = 60


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds until a sign-in ends: without an action, and whatever is done. Not positive: it has ended."""

    idle: int
    longest: int

    @property
    def seconds(self) -> int:
        """Until the nearer of the two ends."""
        return min(self.idle, self.longest)

    @property
    def can_go_on(self) -> bool:
        """Whether an action now would make it last longer."""
        return self.longest > self.idle


def begin(session: MutableMapping[str, Any], *, now: dt.datetime) -> None:
    """Note that a sign-in begins."""
    session[BEGAN] = session[SEEN] = int(now.timestamp())


def time_left(session: MutableMapping[str, Any], *, now: dt.datetime) -> TimeLeft:
    """What is left; nothing where the session does not say when it began."""
    at = int(now.timestamp())
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    return TimeLeft(
        idle=seen + settings.SESSION_IDLE_SECONDS - at,
        longest=began + settings.SESSION_LONGEST_SECONDS - at,
    )


def note_action(session: MutableMapping[str, Any], *, now: dt.datetime) -> None:
    """Somebody is there; written once a minute."""
    at = int(now.timestamp())
    if at - session.get(SEEN, 0) >= SEEN_EVERY:
        session[SEEN] = at
