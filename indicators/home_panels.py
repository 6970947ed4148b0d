"""Panels that other apps add to the home page, above all a plan's tasks: they know this app, which knows none of them.

An app hands over a function when it starts (`AppConfig.ready`): `add_home_panel(plan_tasks)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from zaitaku.lib.prefectures import Prefecture


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelItem:
    """One line: what to do, where, and by when (as the reader sees it; empty for no date)."""

    text: str
    url: str
    due: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePanel:
    """A panel with a heading; without items `empty` says why there is nothing."""

    title: str
    items: tuple[PanelItem, ...] = ()
    empty: str = ""


PanelMaker = Callable[[HttpRequest, Prefecture], HomePanel | None]
_makers: list[PanelMaker] = []


def add_home_panel(maker: PanelMaker) -> None:
    """Show what `maker` gives on the home page of a prefecture; nothing where it gives None."""
    if maker not in _makers:
        _makers.append(maker)


def make_home_panels(request: HttpRequest, prefecture: Prefecture) -> tuple[HomePanel, ...]:
    """The panels for this visitor, in the order the apps were installed."""
    made = (maker(request, prefecture) for maker in _makers)
    return tuple(panel for panel in made if panel is not None)
