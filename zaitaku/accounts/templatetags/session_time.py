"""How long the sign-in lasts, for the frame of every page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from zaitaku.accounts.sessions import BEGAN, time_left

register = template.Library()


@register.simple_tag(takes_context=True)
def session_seconds(context: dict[str, Any]) -> int:
    """Seconds until the sign-in of the page's reader ends without an action; 0 where nobody is signed in for a time."""
    session = getattr(context.get("request"), "session", {})
    return max(0, time_left(session, now=timezone.now()).seconds) if BEGAN in session else 0
