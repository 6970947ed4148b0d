"""What plans answer with: frozen values and the refusals an official reads."""

from __future__ import annotations

from dataclasses import dataclass


class PlanRefusal(Exception):
    """Something that cannot be done now; the message says why and what to do, in Japanese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A chapter was saved as this version."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Somebody saved the chapter after `base`: their text, by whom, and one's own, which is kept as a draft."""

    base: int
    base_text: str
    theirs: str
    theirs_version: int
    theirs_by: str
    mine: str
