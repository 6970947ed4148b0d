"""What the page frame needs on every page. Everything is worked out only when the template asks for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from zaitaku.accounts.prefecture_choice import PARAMETER, chosen_prefecture
from zaitaku.lib.addresses import LONGEST_ADDRESS
from zaitaku.lib.prefectures import BLOCKS, Prefecture
from zaitaku.navigation import NavigationItem, make_navigation
from zaitaku.sources.queries import get_newest_as_of

# What names a place inside a prefecture: left out when the visitor changes to another one.
_INSIDE_A_PREFECTURE = ("area", "municipality")


class Frame:
    """The header and footer of one page, as `templates/base.html` reads it."""

    blocks = BLOCKS
    parameter = PARAMETER

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def prefecture(self) -> Prefecture | None:
        """The prefecture the visitor looks at."""
        return chosen_prefecture(self._request)

    @cached_property
    def data_as_of(self) -> dt.date | None:
        """As-of date of the newest publication that is loaded."""
        return get_newest_as_of()

    @cached_property
    def navigation(self) -> tuple[NavigationItem, ...]:
        """The sections and their pages; those that are not installed, or not for this role, are left out."""
        named = PARAMETER in self._request.GET and self.prefecture is not None
        return make_navigation(
            self._request.path,
            role=getattr(getattr(self._request, "user", None), "role", ""),
            prefecture_query=f"?{PARAMETER}={self.prefecture.code}" if named and self.prefecture else "",
        )

    @cached_property
    def section(self) -> NavigationItem | None:
        """The section one is in."""
        return next((section for section in self.navigation if section.current), None)

    @cached_property
    def path_with_prefecture(self) -> str:
        """This page's address with the chosen prefecture in it, so that it opens the same for someone else."""
        return self._path(without=())

    @cached_property
    def path_for_other_prefecture(self) -> str:
        """The address to come back to with another prefecture: without what lies inside the present one."""
        return self._path(without=_INSIDE_A_PREFECTURE)

    @cached_property
    def share_url(self) -> str:
        """The full address for 共有リンク and for the printed page."""
        return self._request.build_absolute_uri(self.path_with_prefecture)

    def _path(self, *, without: Iterable[str]) -> str:
        query = self._request.GET.copy()
        if len(self._request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
            query.clear()
        for name in without:
            query.pop(name, None)
        if self.prefecture is not None:
            query[PARAMETER] = self.prefecture.code
        path = self._request.path if len(self._request.path) <= LONGEST_ADDRESS else "/"
        return f"{path}?{query.urlencode()}" if query else path


def frame(request: HttpRequest) -> dict[str, Any]:
    """Values for `templates/base.html`."""
    return {"frame": Frame(request)}
