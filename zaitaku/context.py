"""What the page frame needs on every page. Everything is worked out only when the template asks for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from zaitaku.accounts.permissions import ADMINISTRATOR, PREFECTURE
from zaitaku.accounts.prefecture_choice import PARAMETER, chosen_prefecture
from zaitaku.lib.addresses import LONGEST_ADDRESS
from zaitaku.lib.prefectures import BLOCKS, Prefecture
from zaitaku.sources.queries import get_newest_as_of

# (text, URL name, whether the page is about the chosen prefecture)
_NAVIGATION = (
    ("ホーム", "indicators:home", True),
    ("指標カタログ", "indicators:indicator-list", True),
    ("データ入手", "indicators:download", False),
    ("データの出典", "sources:source-list", False),
    ("資料の取込", "intake:upload-list", False),
    ("計算の状況", "jobs:job-list", False),
    ("手引き", "pages:help-list", False),
)
# Entries only some roles can use; the pages themselves decide who may do what there.
_FOR_ROLES = {"intake:upload-list": {PREFECTURE, ADMINISTRATOR}}


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the navigation; `current` is its `aria-current`: `page`, `true` (a page below it) or empty."""

    text: str
    url: str
    current: str


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
    def navigation(self) -> list[NavigationItem]:
        """The main navigation; entries whose pages are not installed, or not for this role, are left out."""
        return [item for entry in _NAVIGATION if self._is_offered(entry[1]) and (item := self._item(*entry))]

    @cached_property
    def path_with_prefecture(self) -> str:
        """This page's address with the chosen prefecture in it, so that it opens the same for someone else."""
        query = self._request.GET.copy()
        if len(self._request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
            query.clear()
        if self.prefecture is not None:
            query[PARAMETER] = self.prefecture.code
        path = self._request.path if len(self._request.path) <= LONGEST_ADDRESS else "/"
        return f"{path}?{query.urlencode()}" if query else path

    @cached_property
    def share_url(self) -> str:
        """The full address for 共有リンク and for the printed page."""
        return self._request.build_absolute_uri(self.path_with_prefecture)

    def _is_offered(self, name: str) -> bool:
        if name not in _FOR_ROLES:
            return True
        user = getattr(self._request, "user", None)
        return getattr(user, "role", "") in _FOR_ROLES[name]

    def _item(self, text: str, name: str, follows_prefecture: bool) -> NavigationItem | None:
        try:
            url = reverse(name)
        except NoReverseMatch:
            return None
        current = self._current(url)
        if follows_prefecture and PARAMETER in self._request.GET and self.prefecture is not None:
            url = f"{url}?{PARAMETER}={self.prefecture.code}"
        return NavigationItem(text, url, current)

    def _current(self, url: str) -> str:
        if self._request.path == url:
            return "page"
        return "true" if url != "/" and self._request.path.startswith(url) else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Values for `templates/base.html`."""
    return {"frame": Frame(request)}
