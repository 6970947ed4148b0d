"""Which prefecture a page is about: what the address says, else the visitor's last choice, else the own scope."""

from __future__ import annotations

from django.http import HttpRequest

from zaitaku.lib.prefectures import Prefecture, prefecture

PARAMETER = "prefecture"
_SESSION_KEY = "prefecture"


def chosen_prefecture(request: HttpRequest) -> Prefecture | None:
    """The prefecture in `?prefecture=`, else the remembered one, else the signed-in user's first, else None."""
    named = prefecture(request.GET.get(PARAMETER))
    if named is not None:
        return named
    if remembered := prefecture(request.session.get(_SESSION_KEY)):
        return remembered
    return own_prefecture(request)


def own_prefecture(request: HttpRequest) -> Prefecture | None:
    """The prefecture of the signed-in user's first scope (a municipality counts for its prefecture)."""
    if not request.user.is_authenticated:
        return None
    code = request.user.scopes.order_by("code").values_list("code", flat=True).first()
    return prefecture(code[:2]) if code else None


def remember_prefecture(request: HttpRequest, code: str) -> Prefecture | None:
    """Keep the visitor's choice for the session; an unknown or empty code forgets it."""
    chosen = prefecture(code)
    if chosen is None:
        request.session.pop(_SESSION_KEY, None)
    else:
        request.session[_SESSION_KEY] = chosen.code
    return chosen
