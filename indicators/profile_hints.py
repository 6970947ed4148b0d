"""Hints that other apps add below まず見るところ of a profile: they know this app, which knows none of them.

An app hands over two functions when it starts (`AppConfig.ready`): what it has to say about the gaps of a place, and
its state, since profiles are kept until what they show changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from indicators.profiles import ProfileQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileHint:
    """One line: where to read on, of whom, and why it is shown here."""

    text: str
    url: str
    owner: str
    reason: str
    is_demo: bool = False


# The place, and the names of the indicators in which it is certainly worse, by code.
HintMaker = Callable[[ProfileQuery, Mapping[str, str]], tuple[ProfileHint, ...]]
StateReader = Callable[[], str]
_sources: list[tuple[HintMaker, StateReader]] = []


def add_profile_hints(maker: HintMaker, *, state: StateReader) -> None:
    """Show what `maker` gives on profiles, made anew whenever `state` changes."""
    if (maker, state) not in _sources:
        _sources.append((maker, state))


def make_profile_hints(query: ProfileQuery, gaps: Mapping[str, str]) -> tuple[ProfileHint, ...]:
    """The hints for a place, in the order the apps were installed."""
    return tuple(hint for maker, _ in _sources for hint in maker(query, gaps))


def hints_state() -> str:
    """Changes whenever any hint may."""
    return "|".join(state() for _, state in _sources)
