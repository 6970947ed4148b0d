"""変更履歴: what the definition of an indicator said before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.cards import make_card
from indicators.definitions import get_definition
from indicators.definitions.registry import UnknownIndicator
from indicators.queries.definition_history import get_definition_history
from indicators.queries.own_indicators import get_own_indicator
from indicators.views.detail import unknown_indicator
from zaitaku.accounts.permissions import may_see_drafts
from zaitaku.accounts.queries import get_actor


@require_safe
def definition_history(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of one indicator; drafts and retired ones for those who work for their prefecture."""
    actor = get_actor(request.user)
    entry = get_own_indicator(code, actor=actor)
    try:
        definition = entry.definition if entry else get_definition(code)
    except UnknownIndicator as error:
        return unknown_indicator(request, error)
    with_names = bool(definition.owner) and may_see_drafts(actor, definition.owner)
    history = get_definition_history(definition, with_names=with_names)
    context = {"history": history, "card": make_card(definition), "entry": entry}
    return render(request, "indicators/history.html", context)
