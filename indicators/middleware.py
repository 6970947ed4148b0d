"""Every page looks indicators up for the person who asks for it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from indicators.definitions.own import definition_scope
from zaitaku.accounts.permissions import may_see_drafts
from zaitaku.accounts.queries import get_actor


def own_indicators_for_viewer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A `definition_scope` around each request. Who asks is looked up only where it matters."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        def may_see(prefecture_code: str) -> bool:
            return may_see_drafts(get_actor(request.user), prefecture_code)

        with definition_scope(may_see):
            return get_response(request)

    return respond
